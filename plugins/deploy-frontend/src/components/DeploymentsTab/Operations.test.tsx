import { screen, within } from '@testing-library/react';
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
import { DeploymentsCard } from '../DeploymentsCard';
import { DeploymentsTab } from './DeploymentsTab';

const entityRef = 'component:default/vvp-verifier';
const quarantine = {
  by: 'user:default/dana',
  reason: 'Every third call failed',
  since: minutesAgo(10),
};
const rolledBack = sampleDeployment({
  id: 'bad',
  status: 'rolled_back',
  commit: 'badbad0',
  release: { id: 'r', commit: 'badbad0'.padEnd(40, '0'), quarantine },
  rolledBack: {
    operationId: 'o-1',
    by: 'user:default/dana',
    reason: 'Every third call failed',
    at: minutesAgo(10),
    badForSeconds: 840,
    automatic: false,
  },
});
const environment = sampleEnvironment({
  latestDeployment: rolledBack,
  lock: {
    id: 'l',
    entityRef,
    environment: 'production',
    owner: 'user:default/omar',
    reason: 'The database is being moved',
    since: minutesAgo(5),
  },
  hold: {
    by: 'user:default/dana',
    reason: 'Wait for the fix',
    since: minutesAgo(10),
    operationId: 'o-1',
  },
  runningOperation: { id: 'o-2', kind: 'rollback', status: 'running' },
});

function deployApiWith(part: Partial<typeof environment> = {}) {
  return createDeployApi({
    getService: async () =>
      sampleService({ environments: [{ ...environment, ...part }] }),
    listDeployments: async () => ({ items: [rolledBack] }),
  });
}

describe('operations on the tab "Deployments"', () => {
  it('says at the environment what stops it and what is under way', async () => {
    renderWithDeployApi(<DeploymentsTab />, { deployApi: deployApiWith() });

    const state = await screen.findByRole('list', {
      name: 'State of production',
    });

    expect(state).toHaveTextContent(/Rollback under way Watch it/);
    expect(state).toHaveTextContent(/Locked by omar/);
    expect(state).toHaveTextContent('“The database is being moved”');
    expect(state).toHaveTextContent(/On hold.*set by a rollback/);
  });

  it('says by whom, why and after how long a release was taken out', async () => {
    renderWithDeployApi(<DeploymentsTab />, { deployApi: deployApiWith() });

    const table = await screen.findByRole('table', {
      name: 'History of deployments',
    });

    expect(table).toHaveTextContent(
      /Rolled back by dana.*, bad for 14m: “Every third call failed”/,
    );
    expect(within(table).getByText('Quarantined')).toBeInTheDocument();
    expect(
      within(table).getByRole('link', { name: 'Rolled back' }),
    ).toHaveAttribute(
      'href',
      '/catalog/default/component/vvp-verifier/rollback?operation=o-1',
    );
  });

  it('says that it was done by policy', async () => {
    renderWithDeployApi(<DeploymentsTab />, {
      deployApi: deployApiWith({
        latestDeployment: sampleDeployment({
          status: 'rolled_back',
          rolledBack: {
            operationId: 'o-1',
            by: 'automatic',
            reason: 'It never became healthy',
            at: minutesAgo(10),
            automatic: true,
          },
        }),
      }),
    });

    expect(
      await screen.findByText(/It never became healthy/),
    ).toHaveTextContent(/Rolled back automatically/);
  });
});

describe('operations on the card', () => {
  it('says in a word each what stops an environment', async () => {
    renderWithDeployApi(<DeploymentsCard />, { deployApi: deployApiWith() });

    expect(await screen.findByText('Rollback running')).toBeInTheDocument();
    expect(screen.getByTitle(/By omar: The database/)).toHaveTextContent(
      'Locked',
    );
    expect(screen.getByTitle(/By dana: Wait/)).toHaveTextContent('On hold');
  });

  it('says that what runs is quarantined', async () => {
    renderWithDeployApi(<DeploymentsCard />, {
      deployApi: deployApiWith({
        currentDeployment: { ...rolledBack, status: 'succeeded' },
      }),
    });

    expect(await screen.findByText('Quarantined')).toBeInTheDocument();
  });
});
