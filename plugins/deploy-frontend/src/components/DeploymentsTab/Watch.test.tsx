import { screen, within } from '@testing-library/react';
import { DeploymentWatch } from '@vvp/backstage-plugin-deploy-common';
import userEvent from '@testing-library/user-event';
import {
  createDeployApi,
  renderWithDeployApi,
} from '../../__testUtils__/renderWithDeployApi';
import {
  minutesAgo,
  sampleDeployment,
  sampleEnvironment,
  sampleService,
} from '../../__testUtils__/samples';
import { DeploymentsTab } from './DeploymentsTab';

const watch = (part: Partial<DeploymentWatch> = {}): DeploymentWatch => ({
  state: 'watching',
  startedAt: minutesAgo(1),
  until: '2026-01-05T12:40:00.000Z',
  looks: { done: 3, healthy: 3, planned: 12 },
  ...part,
});

function open(told: DeploymentWatch) {
  const deployment = sampleDeployment({ id: 'fresh', watch: told });
  renderWithDeployApi(<DeploymentsTab />, {
    deployApi: createDeployApi({
      getService: async () =>
        sampleService({
          environments: [sampleEnvironment({ currentDeployment: deployment })],
        }),
      listDeployments: async () => ({ items: [deployment] }),
    }),
  });
}

describe('a watch on the tab "Deployments"', () => {
  it('says until when a fresh deployment is watched, and what was seen', async () => {
    open(watch());

    const [line] = await screen.findAllByText('Watched');

    expect(line.parentElement).toHaveTextContent(
      /Watched until .*: 3 of 3 looks healthy, 9 to go/,
    );
    expect(within(line.parentElement!).getByRole('time')).toHaveAttribute(
      'datetime',
      '2026-01-05T12:40:00.000Z',
    );
  });

  it.each<[string, Partial<DeploymentWatch>]>([
    [
      'Could not be rolled back automatically: It crashed. It stays, because: held.',
      { state: 'not-possible', note: 'It crashed. It stays, because: held.' },
    ],
    [
      'Not judged: look at it yourself: The portal was away.',
      { state: 'unjudged', note: 'The portal was away.' },
    ],
    [
      'The automatic rollback did not succeed: It crashed. Steps and logs',
      {
        state: 'rolled-back',
        note: 'It crashed.',
        operationId: 'o-1',
        operationStatus: 'failed',
      },
    ],
    [
      'Never came to serve, and is being kept out: issuer--2 does. Steps and logs',
      {
        state: 'kept-out',
        note: 'issuer--2 does.',
        operationId: 'o-1',
        operationStatus: 'running',
      },
    ],
  ])('says: %s', async (text, part) => {
    open(watch({ until: undefined, ...part }));

    const [title] = await screen.findAllByText(text.split(/[:.]/)[0], {
      exact: false,
      selector: 'span',
    });

    expect(title.parentElement).toHaveTextContent(text);
  });

  it('leads to the rollback', async () => {
    open(
      watch({
        state: 'rolled-back',
        until: undefined,
        operationId: 'o-1',
        operationStatus: 'running',
      }),
    );

    expect(
      await screen.findByRole('link', { name: 'Steps and logs' }),
    ).toHaveAttribute(
      'href',
      '/catalog/default/component/vvp-verifier/rollback?operation=o-1',
    );
  });

  it('says only in the details that a deployment proved good', async () => {
    open(watch({ state: 'healthy', until: undefined }));
    const table = await screen.findByRole('table', {
      name: 'History of deployments',
    });
    expect(screen.queryByText('Watched, and proved good')).toBeNull();

    await userEvent.click(
      within(table).getByRole('button', { name: /^Details of/ }),
    );

    expect(
      await screen.findByText('Watched, and proved good'),
    ).toBeInTheDocument();
  });
});
