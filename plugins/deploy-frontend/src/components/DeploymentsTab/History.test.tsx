import {
  DeploymentFilter,
  deploymentStatuses,
} from '@vvp/backstage-plugin-deploy-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { statusTexts } from '../../logic/status';
import {
  createDeployApi,
  renderWithDeployApi,
} from '../../__testUtils__/renderWithDeployApi';
import {
  sampleDeployment,
  sampleEnvironment,
  sampleService,
} from '../../__testUtils__/samples';
import { DeploymentsTab } from './DeploymentsTab';

const entityRef = 'component:default/vvp-verifier';

const getService = async () =>
  sampleService({
    environments: [
      sampleEnvironment({ name: 'staging' }),
      sampleEnvironment({ name: 'production', order: 1 }),
    ],
  });

async function historyRows() {
  const table = await screen.findByRole('table', {
    name: 'History of deployments',
  });
  return within(table).getAllByRole('button', { name: /^Details of/ });
}

describe('history of the DeploymentsTab', () => {
  it.each(deploymentStatuses.map(status => [status, statusTexts[status]]))(
    'shows %s as a word with a sign',
    async (status, { label, meaning }) => {
      const deployApi = createDeployApi({
        getService,
        listDeployments: async () => ({
          items: [sampleDeployment({ status })],
        }),
      });

      renderWithDeployApi(<DeploymentsTab />, { deployApi });

      const table = await screen.findByRole('table');
      const shown = within(table).getByText(label);
      expect(shown).toHaveAttribute('title', meaning);
      expect(shown.querySelector('svg')).toBeInTheDocument();
    },
  );

  it('calls what was replaced neutral, only what broke an error', () => {
    expect(
      deploymentStatuses.filter(status => statusTexts[status].tone === 'error'),
    ).toEqual(['failed', 'errored']);
    expect(statusTexts.superseded).toMatchObject({
      label: 'Replaced',
      tone: 'neutral',
    });
  });

  it('takes its filter from the address', async () => {
    const deployApi = createDeployApi({ getService });

    renderWithDeployApi(<DeploymentsTab />, {
      deployApi,
      path: '/?environment=production&status=failed&status=errored&status=nonsense',
    });

    expect(
      await screen.findByText('No deployment matches these filters.'),
    ).toBeInTheDocument();
    expect(deployApi.listDeployments).toHaveBeenCalledWith(entityRef, {
      environment: 'production',
      status: ['failed', 'errored'],
      cursor: undefined,
    });
    expect(screen.getByLabelText('Environment')).toHaveValue('production');
  });

  it('puts the chosen filter into the address and asks for it', async () => {
    const listDeployments = jest.fn(
      async (_entityRef: string, filter: DeploymentFilter = {}) => ({
        items: [
          sampleDeployment({
            id: `${filter.environment}-${filter.status?.join()}`,
            environment: filter.environment,
          }),
        ],
      }),
    );
    const deployApi = createDeployApi({ getService, listDeployments });

    renderWithDeployApi(<DeploymentsTab />, { deployApi });
    await userEvent.selectOptions(
      await screen.findByLabelText('Environment'),
      'staging',
    );
    await userEvent.click(screen.getByRole('button', { name: /Status/ }));
    await userEvent.click(
      await screen.findByRole('option', { name: 'Failed' }),
    );
    await userEvent.keyboard('{Escape}');

    await waitFor(() =>
      expect(screen.getByLabelText('address')).toHaveTextContent(
        '?environment=staging&status=failed',
      ),
    );
    await waitFor(() =>
      expect(listDeployments).toHaveBeenLastCalledWith(entityRef, {
        environment: 'staging',
        status: ['failed'],
        cursor: undefined,
      }),
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Show all' }),
    );
    await waitFor(() =>
      expect(screen.getByLabelText('address')).toBeEmptyDOMElement(),
    );
  });

  it('narrows the history to the environment whose history is asked for', async () => {
    const deployApi = createDeployApi({ getService });

    renderWithDeployApi(<DeploymentsTab />, { deployApi });
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'Show the history of production',
      }),
    );

    expect(screen.getByLabelText('Environment')).toHaveValue('production');
    expect(screen.getByLabelText('address')).toHaveTextContent(
      '?environment=production',
    );
  });

  it('loads page after page until there is no more', async () => {
    const listDeployments = jest.fn(
      async (_entityRef: string, filter: DeploymentFilter = {}) =>
        filter.cursor === 'c1'
          ? { items: [sampleDeployment({ id: 'b', commit: 'bbbbbbb' })] }
          : {
              items: [sampleDeployment({ id: 'a', commit: 'aaaaaaa' })],
              nextCursor: 'c1',
            },
    );

    renderWithDeployApi(<DeploymentsTab />, {
      deployApi: createDeployApi({ getService, listDeployments }),
    });
    expect(await historyRows()).toHaveLength(1);
    await userEvent.click(screen.getByRole('button', { name: 'Load more' }));

    await waitFor(async () => expect(await historyRows()).toHaveLength(2));
    expect(
      screen.queryByRole('button', { name: 'Load more' }),
    ).not.toBeInTheDocument();
  });

  it('keeps what is loaded when the next page fails, and tries again', async () => {
    const listDeployments = jest
      .fn()
      .mockResolvedValueOnce({
        items: [sampleDeployment({ id: 'a' })],
        nextCursor: 'c1',
      })
      .mockRejectedValueOnce(new Error('Connection lost'))
      .mockResolvedValueOnce({ items: [sampleDeployment({ id: 'b' })] });

    renderWithDeployApi(<DeploymentsTab />, {
      deployApi: createDeployApi({ getService, listDeployments }),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Load more' }),
    );
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Connection lost',
    );
    expect(await historyRows()).toHaveLength(1);
    await userEvent.click(screen.getByRole('button', { name: 'Load more' }));

    await waitFor(async () => expect(await historyRows()).toHaveLength(2));
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('opens a row to everything that is known', async () => {
    const deployment = sampleDeployment({
      run: {
        runId: '77',
        attempt: 2,
        workflowName: 'Deploy',
        event: 'workflow_run',
        url: 'https://github.example.test/example-org/vvp/actions/runs/77',
      },
      chain: [
        { runId: '55', attempt: 1, workflowName: 'CI', event: 'push' },
        { runId: '44', attempt: 1, workflowName: 'Nightly', event: 'schedule' },
      ],
    });

    renderWithDeployApi(<DeploymentsTab />, {
      deployApi: createDeployApi({
        getService,
        listDeployments: async () => ({ items: [deployment] }),
      }),
    });
    const [toggle] = await historyRows();
    expect(toggle).toHaveAttribute('aria-expanded', 'false');
    await userEvent.click(toggle);

    expect(toggle).toHaveAttribute('aria-expanded', 'true');
    const fact = (term: string) =>
      screen.getByText(term, { selector: 'dt' }).parentElement;
    expect(fact('Job')).toHaveTextContent('deploy-verifier');
    expect(fact('Run')).toHaveTextContent(
      /Deploy run 77.*attempt 2 \(workflow_run\)/,
    );
    expect(fact('Chain')).toHaveTextContent(
      /started by CI run 55 \(push\).*started by Nightly run 44/,
    );
    expect(fact('Source')).toHaveTextContent(deployment.source);
    expect(fact('Commit')).toHaveTextContent(deployment.release.commit);
    expect(fact('Branch or tag')).toHaveTextContent('main');
  });
});
