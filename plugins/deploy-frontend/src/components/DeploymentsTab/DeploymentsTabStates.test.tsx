import { NotAllowedError, NotFoundError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  createDeployApi,
  renderWithDeployApi,
  TestSignals,
} from '../../__testUtils__/renderWithDeployApi';
import {
  minutesAgo,
  sampleCommit,
  sampleDeployment,
  sampleEntity,
  sampleEnvironment,
  sampleService,
} from '../../__testUtils__/samples';
import { DeploymentsTab } from './DeploymentsTab';

async function environmentCards() {
  const list = await screen.findByRole('list', {
    name: 'Environments, in order',
  });
  return within(list)
    .getAllByRole('listitem')
    .map(card => within(card));
}

describe('states of the DeploymentsTab', () => {
  afterEach(() => jest.restoreAllMocks());

  it('holds the place of what is being loaded', async () => {
    const deployApi = createDeployApi({
      getService: () => new Promise(() => undefined),
    });

    renderWithDeployApi(<DeploymentsTab />, { deployApi });

    expect(
      await screen.findByRole('status', { name: 'Loading the environments' }),
    ).toBeInTheDocument();
  });

  it('says what to add where nothing is known, with the names of the service', async () => {
    const deployApi = createDeployApi({
      getService: async () => sampleService({ environments: [] }),
    });

    renderWithDeployApi(<DeploymentsTab />, { deployApi });

    expect(
      await screen.findByRole('group', {
        name: 'annotations for catalog-info.yaml',
      }),
    ).toHaveTextContent(
      /github.com\/project-slug: example-org\/vvp\s+deploy.vvp.io\/jobs: production=deploy-vvp-verifier/,
    );
    expect(
      screen.getByRole('button', { name: /Copy annotations/ }),
    ).toBeInTheDocument();
    expect(screen.queryByText('History')).not.toBeInTheDocument();
  });

  it('names the permission first where the service may be there, and cannot be seen', async () => {
    const asked = jest.fn();
    const deployApi = createDeployApi({
      getService: async () => {
        throw new NotFoundError('Unknown service');
      },
    });

    renderWithDeployApi(<DeploymentsTab />, {
      deployApi,
      // Answers about permissions are remembered from test to test.
      entity: sampleEntity('hidden'),
      authorize: request => {
        asked(request);
        return AuthorizeResult.DENY;
      },
    });

    expect(
      await screen.findByText(
        'You may not see the deployments of this service, if there are any',
      ),
    ).toBeInTheDocument();
    expect(screen.getByText('deploy.read')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: /vvp-team/ })).toBeInTheDocument();
    expect(screen.getByText('If it is not set up yet')).toBeInTheDocument();
    expect(asked).toHaveBeenCalledWith(
      expect.objectContaining({
        resourceRef: 'component:default/hidden',
      }),
    );
  });

  it('says nothing of permissions to those who have them', async () => {
    const deployApi = createDeployApi({
      getService: async () => {
        throw new NotFoundError('Unknown service');
      },
    });

    renderWithDeployApi(<DeploymentsTab />, { deployApi });

    expect(
      await screen.findByText('No deployments known yet'),
    ).toBeInTheDocument();
    expect(screen.queryByText('deploy.read')).not.toBeInTheDocument();
  });

  it('asks for the repository first where the entity names none', async () => {
    const deployApi = createDeployApi({
      getService: async () => {
        throw new NotFoundError('Unknown service');
      },
    });

    renderWithDeployApi(<DeploymentsTab />, {
      deployApi,
      entity: sampleEntity('bare', {}),
    });

    expect(
      await screen.findByText(/which repository this service is deployed from/),
    ).toBeInTheDocument();
    expect(screen.queryByText('deploy.read')).not.toBeInTheDocument();
  });

  it('names the permission that is missing, and the owner to ask', async () => {
    const deployApi = createDeployApi({
      getService: async () => {
        throw new NotAllowedError('no');
      },
    });

    renderWithDeployApi(<DeploymentsTab />, { deployApi });

    expect(
      await screen.findByText(
        'You may not see the deployments of this service',
      ),
    ).toBeInTheDocument();
    expect(screen.getByText('deploy.read')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: /vvp-team/ })).toBeInTheDocument();
    expect(deployApi.listDeployments).not.toHaveBeenCalled();
  });

  it('says why loading failed and loads again on demand', async () => {
    const getService = jest
      .fn()
      .mockRejectedValueOnce(new Error('The database is away'))
      .mockResolvedValue(sampleService());
    const deployApi = createDeployApi({ getService });

    renderWithDeployApi(<DeploymentsTab />, { deployApi });

    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The database is away',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await environmentCards()).toHaveLength(1);
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('keeps what was known on the screen when a refresh fails', async () => {
    const getService = jest
      .fn()
      .mockResolvedValueOnce(sampleService())
      .mockRejectedValue(new Error('The database is away'));
    const signals = new TestSignals();

    renderWithDeployApi(<DeploymentsTab />, {
      deployApi: createDeployApi({ getService }),
      signals,
    });
    await environmentCards();
    act(() => signals.send('deploy:component:default/vvp-verifier', { a: 1 }));

    expect(await screen.findByRole('alert')).toHaveTextContent(
      /The database is away.*what was known/,
    );
    expect(await environmentCards()).toHaveLength(1);
  });

  it('loads service and history again when the backend signals a change', async () => {
    const deployApi = createDeployApi();
    const signals = new TestSignals();

    renderWithDeployApi(<DeploymentsTab />, { deployApi, signals });
    await screen.findByText('Nothing has been deployed yet.');
    deployApi.getService.mockResolvedValue(
      sampleService({
        environments: [
          sampleEnvironment({
            currentDeployment: sampleDeployment({ commit: 'bbbbbbb' }),
          }),
        ],
      }),
    );
    deployApi.listDeployments.mockResolvedValue({
      items: [sampleDeployment({ commit: 'bbbbbbb' })],
    });
    act(() =>
      signals.send('deploy:component:default/vvp-verifier', {
        entityRef: 'component:default/vvp-verifier',
      }),
    );

    await waitFor(() =>
      expect(
        screen.getAllByRole('link', { name: /Commit bbbbbbb/ }),
      ).toHaveLength(2),
    );
  });

  it('loads again when the page comes back to the front', async () => {
    const deployApi = createDeployApi();

    renderWithDeployApi(<DeploymentsTab />, { deployApi });
    await screen.findByText('Nothing has been deployed yet.');
    deployApi.getService.mockResolvedValue(
      sampleService({ environments: [sampleEnvironment({ name: 'later' })] }),
    );
    jest.spyOn(document, 'hidden', 'get').mockReturnValue(false);
    act(() => {
      document.dispatchEvent(new Event('visibilitychange'));
    });

    expect(
      await screen.findByRole('heading', { level: 3, name: /later/ }),
    ).toBeInTheDocument();
  });

  it.each([
    [
      'with the last good file',
      sampleCommit('abcdef1'),
      /abcdef1 stays in use/,
    ],
    ['without one', undefined, /no earlier file to fall back on/],
  ])('shows what is wrong in deploy.yaml, %s', async (_name, commit, text) => {
    const deployApi = createDeployApi({
      getService: async () =>
        sampleService({
          specProblem: {
            message: 'deploy.yaml:12:7 unknown key "enviroments"',
            url: 'https://github.example.test/example-org/vvp/blob/main/deploy.yaml',
            line: 12,
            since: minutesAgo(50),
            lastGoodCommit: commit,
          },
        }),
    });

    renderWithDeployApi(<DeploymentsTab />, { deployApi });

    expect(
      await screen.findByText(/unknown key "enviroments"/),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: /Open the file at line 12/ }),
    ).toHaveAttribute('href', expect.stringMatching(/deploy\.yaml#L12$/));
    expect(
      screen.getByText(
        (_text, element) =>
          element?.tagName === 'P' && text.test(element.textContent ?? ''),
      ),
    ).toBeInTheDocument();
    expect(await environmentCards()).toHaveLength(1);
  });
});
