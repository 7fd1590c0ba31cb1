import { DeploymentStatus } from '@vvp/backstage-plugin-deploy-common';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  createDeployApi,
  renderWithDeployApi,
} from '../../__testUtils__/renderWithDeployApi';
import {
  minutesAgo,
  sampleCommit,
  sampleDeployment,
  sampleEnvironment,
  sampleService,
} from '../../__testUtils__/samples';
import { DeploymentsTab } from './DeploymentsTab';

const scriptUrl = ['javascript', 'alert(1)'].join(':');

async function environmentCards() {
  const list = await screen.findByRole('list', {
    name: 'Environments, in order',
  });
  return within(list)
    .getAllByRole('listitem')
    .map(card => within(card));
}

describe('DeploymentsTab', () => {
  it('shows the environments in order, whatever order they come in', async () => {
    const deployApi = createDeployApi({
      getService: async () =>
        sampleService({
          environments: [
            sampleEnvironment({ name: 'production', order: 2 }),
            sampleEnvironment({ name: 'development', order: 0 }),
            sampleEnvironment({ name: 'staging', order: 1 }),
          ],
        }),
    });

    renderWithDeployApi(<DeploymentsTab />, { deployApi });

    const cards = await environmentCards();
    expect(
      cards.map(card => card.getByRole('heading', { level: 3 }).textContent),
    ).toEqual([
      expect.stringMatching(/^development/),
      expect.stringMatching(/^staging/),
      expect.stringMatching(/^production/),
    ]);
    expect(deployApi.getService).toHaveBeenCalledWith(
      'component:default/vvp-verifier',
    );
  });

  it('names who rolled back as a person, and not by an entity ref', async () => {
    const deployApi = createDeployApi({
      getService: async () =>
        sampleService({
          environments: [
            sampleEnvironment({
              currentDeployment: sampleDeployment({
                actor: 'user:default/omar',
              }),
            }),
          ],
        }),
    });

    renderWithDeployApi(<DeploymentsTab />, { deployApi });

    const [card] = await environmentCards();
    expect(card.getByRole('link', { name: 'omar' })).toHaveAttribute(
      'href',
      '/catalog/default/user/omar',
    );
  });

  it('shows what runs: version, commit, who, when, how long and the run', async () => {
    const deployment = sampleDeployment({
      release: {
        id: 'r1',
        commit: sampleCommit('a1b2c3d'),
        version: 'v1.4.2',
      },
      actor: 'omar',
      minutesAgo: 180,
      durationSeconds: 252,
    });
    const deployApi = createDeployApi({
      getService: async () =>
        sampleService({
          environments: [
            sampleEnvironment({
              url: 'https://vvp-verifier.example.test',
              currentDeployment: deployment,
            }),
          ],
        }),
    });

    renderWithDeployApi(<DeploymentsTab />, { deployApi });

    const [card] = await environmentCards();
    expect(card.getByText('v1.4.2')).toBeInTheDocument();
    expect(card.getByRole('link', { name: /Commit a1b2c3d/ })).toHaveAttribute(
      'href',
      `https://github.example.test/example-org/vvp/commit/${sampleCommit(
        'a1b2c3d',
      )}`,
    );
    expect(card.getByText(/^by/)).toHaveTextContent(/^by omar$/);
    expect(card.getByText('3 hours ago')).toHaveAttribute('datetime');
    expect(card.getByText(/took 4m/)).toBeInTheDocument();
    expect(card.getByText('Succeeded')).toBeInTheDocument();
    expect(card.getByRole('link', { name: /^Run/ })).toHaveAttribute(
      'href',
      deployment.url,
    );
    expect(
      card.getByRole('link', { name: /Open the service in production/ }),
    ).toHaveAttribute('href', 'https://vvp-verifier.example.test');
  });

  it('never links to an address that a browser must not follow', async () => {
    const deployApi = createDeployApi({
      getService: async () =>
        sampleService({
          environments: [
            sampleEnvironment({
              url: scriptUrl,
              currentDeployment: sampleDeployment({
                url: scriptUrl,
                run: undefined,
              }),
            }),
          ],
        }),
    });

    renderWithDeployApi(<DeploymentsTab />, { deployApi });

    const [card] = await environmentCards();
    expect(card.getByText('a1b2c3d')).toBeInTheDocument();
    expect(card.queryByRole('link')).not.toBeInTheDocument();
  });

  it.each<[DeploymentStatus, RegExp]>([
    ['queued', /Next release queued 2 hours ago/],
    ['waiting', /Next release waits for approval, asked 2 hours ago/],
    ['in_progress', /Next release being deployed, started 2 hours ago/],
    ['failed', /Newer attempt failed 2 hours ago/],
    ['errored', /Newer attempt stopped on a pipeline error 2 hours ago/],
    ['cancelled', /Newer attempt was cancelled 2 hours ago/],
  ])('says of a newer attempt that is %s', async (status, text) => {
    const at = minutesAgo(120);
    const deployApi = createDeployApi({
      getService: async () =>
        sampleService({
          environments: [
            sampleEnvironment({
              latestDeployment: sampleDeployment({
                status,
                commit: 'ffffff0',
                createdAt: at,
                startedAt: status === 'in_progress' ? at : undefined,
                finishedAt: ['failed', 'errored', 'cancelled'].includes(status)
                  ? at
                  : undefined,
              }),
            }),
          ],
        }),
    });

    renderWithDeployApi(<DeploymentsTab />, { deployApi });

    const [card] = await environmentCards();
    expect(
      card.getByText((_text, element) =>
        Boolean(
          element?.tagName === 'DIV' &&
            element.children.length === 1 &&
            text.test(element.textContent ?? ''),
        ),
      ),
    ).toBeInTheDocument();
    expect(
      card.getByRole('link', { name: /Commit ffffff0/ }),
    ).toBeInTheDocument();
    expect(
      card.getByRole('link', { name: /Commit a1b2c3d/ }),
    ).toBeInTheDocument();
  });

  it('says where nothing can hold the pipeline, and what to add', async () => {
    const deployApi = createDeployApi({
      getService: async () =>
        sampleService({
          environments: [
            sampleEnvironment({ name: 'staging', enforced: true }),
            sampleEnvironment({ order: 1, enforced: false }),
          ],
        }),
    });

    renderWithDeployApi(<DeploymentsTab />, { deployApi });

    const [staging, production] = await environmentCards();
    expect(staging.queryByText('not enforced')).not.toBeInTheDocument();
    await userEvent.click(
      production.getByRole('button', { name: /production is not enforced/ }),
    );
    const explanation = within(
      await screen.findByRole('dialog', { name: 'Not enforced' }),
    );
    expect(
      explanation.getByText(/environment: production/),
    ).toBeInTheDocument();
    expect(
      explanation.getByText(/deployment protection rule/),
    ).toBeInTheDocument();
  });
});
