import { NotAllowedError, NotFoundError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { act, screen, within } from '@testing-library/react';
import {
  createDeployApi,
  renderWithDeployApi,
  TestSignals,
} from '../../__testUtils__/renderWithDeployApi';
import {
  sampleDeployment,
  sampleEntity,
  sampleEnvironment,
  sampleService,
} from '../../__testUtils__/samples';
import { DeploymentsCard } from './DeploymentsCard';

describe('DeploymentsCard', () => {
  it('shows a line for each environment, in order', async () => {
    const deployApi = createDeployApi({
      getService: async () =>
        sampleService({
          environments: [
            sampleEnvironment({
              order: 1,
              latestDeployment: sampleDeployment({ status: 'waiting' }),
            }),
            sampleEnvironment({
              name: 'staging',
              tier: 'staging',
              order: 0,
              currentDeployment: undefined,
            }),
          ],
        }),
    });

    renderWithDeployApi(<DeploymentsCard />, { deployApi });

    const lines = within(await screen.findByRole('list')).getAllByRole(
      'listitem',
    );
    expect(lines[0]).toHaveTextContent(/^staging\s*never deployed$/);
    expect(lines[1]).toHaveTextContent(
      /production.*Succeeded.*a1b2c3d.*Waiting/,
    );
    expect(
      screen.getByRole('link', { name: 'All deployments' }),
    ).toHaveAttribute(
      'href',
      '/catalog/default/component/vvp-verifier/deployments',
    );
  });

  it.each([
    [
      'nothing is known',
      async () => sampleService({ environments: [] }),
      /No deployments known yet/,
    ],
    [
      'the backend does not know the service',
      async () => {
        throw new NotFoundError('unknown');
      },
      /No deployments known yet/,
    ],
    [
      'the user may not see it',
      async () => {
        throw new NotAllowedError('no');
      },
      /You may not see the deployments/,
    ],
    [
      'the backend is away',
      async () => {
        throw new Error('The database is away');
      },
      /The database is away/,
    ],
  ])('says so where %s', async (_name, getService, text) => {
    renderWithDeployApi(<DeploymentsCard />, {
      deployApi: createDeployApi({ getService }),
    });

    expect(await screen.findByText(text)).toBeInTheDocument();
  });

  it('names the permission where the service may be there, and cannot be seen', async () => {
    const deployApi = createDeployApi({
      getService: async () => {
        throw new NotFoundError('unknown');
      },
    });

    renderWithDeployApi(<DeploymentsCard />, {
      deployApi,
      // Answers about permissions are remembered from test to test.
      entity: sampleEntity('hidden'),
      authorize: () => AuthorizeResult.DENY,
    });

    expect(
      await screen.findByText(
        'You may not see the deployments of this service, if there are any',
      ),
    ).toBeInTheDocument();
    expect(screen.getByText('deploy.read')).toBeInTheDocument();
  });

  it('follows the signals of its service and no other', async () => {
    const deployApi = createDeployApi();
    const signals = new TestSignals();

    renderWithDeployApi(<DeploymentsCard />, { deployApi, signals });
    await screen.findByRole('list');
    const before = deployApi.getService.mock.calls.length;
    deployApi.getService.mockResolvedValue(
      sampleService({ environments: [sampleEnvironment({ name: 'later' })] }),
    );
    act(() => signals.send('deploy:component:default/other', { a: 1 }));
    expect(deployApi.getService).toHaveBeenCalledTimes(before);
    act(() => signals.send('deploy:component:default/vvp-verifier', { a: 1 }));

    expect(await screen.findByText('later')).toBeInTheDocument();
  });
});
