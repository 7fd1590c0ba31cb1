import { NotAllowedError, NotFoundError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createEvidenceApi } from '../../__testUtils__/createEvidenceApi';
import {
  sampleDetail,
  sampleEvidence,
  sampleSummaries,
} from '../../__testUtils__/evidenceSamples';
import {
  createDeployApi,
  renderWithDeployApi,
  TestSignals,
} from '../../__testUtils__/renderWithDeployApi';
import { sampleCommit, sampleEntity } from '../../__testUtils__/samples';
import { EvidenceTab } from './EvidenceTab';

jest.mock('recharts', () =>
  jest.requireActual('../../__testUtils__/sizedCharts').sizedRecharts(),
);

const coverage = sampleDetail(
  sampleEvidence({ suite: 'unit', summary: sampleSummaries.coverage() }),
);

const section = (name: string) => screen.findByRole('region', { name });

describe('states of the EvidenceTab', () => {
  it('holds the place of what is being loaded', async () => {
    const deployApi = createDeployApi({
      listEvidence: () => new Promise(() => undefined),
    });

    renderWithDeployApi(<EvidenceTab />, { deployApi });

    expect(
      await screen.findByRole('status', { name: 'Loading the evidence' }),
    ).toBeInTheDocument();
  });

  it('says how to send reports where there is none, and can look back further', async () => {
    const deployApi = createEvidenceApi([]);

    renderWithDeployApi(<EvidenceTab />, { deployApi });

    expect(
      await screen.findByText('No report has come in during the last 30 days'),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('group', { name: 'jobs of the workflow' }),
    ).toHaveTextContent(/ENTITY: component:default\/vvp-verifier/);
    await userEvent.click(
      screen.getByRole('button', { name: 'Look back 90 days' }),
    );
    expect(
      await screen.findByText('No report has come in during the last 90 days'),
    ).toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: 'Look back 90 days' }),
    ).not.toBeInTheDocument();
  });

  it('names the permission and the owner to whom it is denied', async () => {
    const deployApi = createDeployApi({
      listEvidence: async () => {
        throw new NotAllowedError('No');
      },
    });

    renderWithDeployApi(<EvidenceTab />, { deployApi });

    expect(
      await screen.findByText('You may not see the evidence of this service'),
    ).toBeInTheDocument();
    expect(screen.getByText('deploy.read')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: /vvp-team/ })).toBeInTheDocument();
  });

  it('names the permission first where the service may be there, and cannot be seen', async () => {
    const deployApi = createDeployApi({
      listEvidence: async () => {
        throw new NotFoundError('Unknown service');
      },
    });

    renderWithDeployApi(<EvidenceTab />, {
      deployApi,
      // Answers about permissions are remembered from test to test.
      entity: sampleEntity('hidden'),
      authorize: () => AuthorizeResult.DENY,
    });

    expect(
      await screen.findByText(
        'You may not see the reports of this service, if there are any',
      ),
    ).toBeInTheDocument();
    expect(screen.getByText('deploy.read')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: /vvp-team/ })).toBeInTheDocument();
    expect(screen.getByText('If it is not set up yet')).toBeInTheDocument();
  });

  it('says how reports come in where the service is not known', async () => {
    const deployApi = createDeployApi({
      listEvidence: async () => {
        throw new NotFoundError('Unknown service');
      },
    });

    renderWithDeployApi(<EvidenceTab />, { deployApi });

    expect(
      await screen.findByText('No report is known yet'),
    ).toBeInTheDocument();
    expect(screen.queryByText('deploy.read')).not.toBeInTheDocument();
  });

  it('says why nothing could be loaded, and tries again', async () => {
    const listEvidence = jest
      .fn()
      .mockRejectedValueOnce(new Error('The backend does not answer'))
      .mockResolvedValue({ items: [] });

    renderWithDeployApi(<EvidenceTab />, {
      deployApi: createDeployApi({ listEvidence }),
    });

    expect(await screen.findByRole('alert')).toHaveTextContent(
      /The evidence could not be loaded.*The backend does not answer/,
    );
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText(/^No report/)).toBeInTheDocument();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('keeps the other sections where one cannot be loaded', async () => {
    const deployApi = createEvidenceApi([coverage], undefined, {
      getTrends: async (_entityRef, { type }) => {
        if (type === 'coverage') {
          throw new Error('Too much');
        }
        return { type, from: '', to: '', series: [], thresholds: [] };
      },
    });

    renderWithDeployApi(<EvidenceTab />, { deployApi });

    expect(
      await within(await section('Coverage')).findByRole('alert'),
    ).toHaveTextContent(/Coverage could not be loaded.*Too much/);
    expect(
      await within(await section('Tests')).findByText(
        'No report in the last 30 days.',
      ),
    ).toBeInTheDocument();
  });

  it('keeps what was known when a renewal fails', async () => {
    const signals = new TestSignals();
    const deployApi = createEvidenceApi([coverage]);
    renderWithDeployApi(<EvidenceTab />, { deployApi, signals });
    const shown = within(await section('Coverage'));
    expect(await shown.findByText('81.2 %')).toBeInTheDocument();

    deployApi.listEvidence.mockRejectedValue(new Error('Gone away'));
    act(() => signals.send('deploy:component:default/vvp-verifier', {}));

    await waitFor(() =>
      expect(screen.getAllByRole('alert')[0]).toHaveTextContent(
        /Gone away.*You see what was known/,
      ),
    );
    expect(shown.getByText('81.2 %')).toBeInTheDocument();
  });

  it('shows a new report as soon as the backend says that something has changed', async () => {
    const signals = new TestSignals();
    const deployApi = createEvidenceApi([coverage]);
    renderWithDeployApi(<EvidenceTab />, { deployApi, signals });
    const shown = within(await section('Coverage'));
    expect(await shown.findByText('81.2 %')).toBeInTheDocument();

    const newer = sampleDetail(
      sampleEvidence({
        suite: 'unit',
        minutesAgo: 1,
        summary: sampleSummaries.coverage({
          lines: { covered: 9, total: 10 },
        }),
      }),
    );
    deployApi.listEvidence.mockImplementation(
      async (_entityRef, filter = {}) => ({
        items:
          filter.type && filter.type !== 'coverage' ? [] : [newer, coverage],
      }),
    );
    deployApi.getEvidence.mockResolvedValue(newer);
    act(() => signals.send('deploy:component:default/vvp-verifier', {}));

    expect(await shown.findByText('90 %')).toBeInTheDocument();
    expect(shown.getByText('+8.8 %')).toBeInTheDocument();
  });
});

describe('filters of the EvidenceTab', () => {
  const suites = ['unit', 'integration'].map(suite =>
    sampleDetail(
      sampleEvidence({
        suite,
        environment: suite === 'unit' ? undefined : 'staging',
        summary: sampleSummaries.test(),
      }),
    ),
  );
  const other = sampleDetail(
    sampleEvidence({
      suite: 'post-deployment',
      environment: 'production',
      summary: sampleSummaries.test(),
    }),
  );

  async function suitesShown() {
    const table = await screen.findByRole('table', {
      name: 'Latest result of every suite',
    });
    return within(table)
      .getAllByRole('row')
      .slice(1)
      .map(row => within(row).getAllByRole('cell')[1].firstChild?.textContent);
  }

  it('narrows to an environment, with what was measured before any deployment', async () => {
    const deployApi = createEvidenceApi([...suites, other]);
    renderWithDeployApi(<EvidenceTab />, { deployApi });
    expect(await suitesShown()).toHaveLength(3);

    await userEvent.selectOptions(
      screen.getByLabelText('Environment'),
      'staging',
    );

    await waitFor(async () =>
      expect(await suitesShown()).toEqual(['integration in staging', 'unit']),
    );
    expect(screen.getByLabelText('address')).toHaveTextContent(
      '?environment=staging',
    );
  });

  it('narrows to a suite, and says which sections have nothing of it', async () => {
    const deployApi = createEvidenceApi([...suites, other]);
    renderWithDeployApi(<EvidenceTab />, { deployApi });

    await userEvent.selectOptions(
      await screen.findByLabelText('Suite'),
      'unit',
    );

    await waitFor(async () => expect(await suitesShown()).toEqual(['unit']));
    expect(
      await within(await section('Security')).findByText(
        'No report in the last 30 days of the suite unit.',
      ),
    ).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Show all' }));
    await waitFor(async () => expect(await suitesShown()).toHaveLength(3));
  });

  it.each([
    ['', 30],
    ['?period=7', 7],
    ['?period=90', 90],
    ['?period=100000', 30],
  ])('asks for the period of the address %s', async (path, days) => {
    const deployApi = createEvidenceApi(suites);

    renderWithDeployApi(<EvidenceTab />, { deployApi, path: `/${path}` });

    await suitesShown();
    const [, { from }] = deployApi.getTrends.mock.calls[0];
    const age = (Date.now() - Date.parse(from ?? '')) / 86_400_000;
    expect(Math.round(age)).toBe(days);
  });

  it('asks for no report about a pull request', async () => {
    const deployApi = createEvidenceApi(suites);

    renderWithDeployApi(<EvidenceTab />, { deployApi });

    await suitesShown();
    for (const [, filter] of deployApi.listEvidence.mock.calls) {
      expect(filter).toMatchObject({ pullRequests: 'none' });
    }
  });

  it('reads on where the last hundred reports may not hold every suite, and says where it stops', async () => {
    const deployApi = createDeployApi({
      listEvidence: jest.fn(async (_entityRef, { type, cursor } = {}) => ({
        items: type === 'test' || !type ? suites.slice(0, 1) : [],
        nextCursor: type === 'test' ? `${cursor ?? ''}x` : undefined,
      })),
      getEvidence: async () => suites[0],
    });

    renderWithDeployApi(<EvidenceTab />, { deployApi });

    expect(
      await screen.findByText(/suites that have not run for a while/),
    ).toBeInTheDocument();
    const cursors = deployApi.listEvidence.mock.calls
      .filter(([, filter]) => filter?.type === 'test')
      .map(([, filter]) => filter?.cursor);
    expect(cursors).toEqual([undefined, 'x', 'xx']);
  });
});

describe('one report in the EvidenceTab', () => {
  const old = sampleDetail(
    sampleEvidence({
      id: 'old',
      suite: 'unit',
      minutesAgo: 60_000,
      commit: sampleCommit('5e5e5e5'),
      summary: sampleSummaries.coverage({ lines: { covered: 1, total: 2 } }),
    }),
  );

  it('is shown instead of the latest, until it is let go', async () => {
    const deployApi = createEvidenceApi([coverage], undefined, {
      getEvidence: async id => (id === 'old' ? old : coverage),
    });
    renderWithDeployApi(<EvidenceTab />, {
      deployApi,
      path: '/?report=old#coverage',
    });
    const shown = within(await section('Coverage'));

    expect(
      await shown.findByText('You see one report: unit'),
    ).toBeInTheDocument();
    expect(await shown.findByText('50 %')).toBeInTheDocument();
    await userEvent.click(
      shown.getByRole('button', { name: 'Show the latest' }),
    );

    expect(await shown.findByText('81.2 %')).toBeInTheDocument();
    expect(screen.getByLabelText('address')).not.toHaveTextContent('report');
  });

  it('is said to be gone where it was deleted', async () => {
    const deployApi = createEvidenceApi([coverage]);

    renderWithDeployApi(<EvidenceTab />, { deployApi, path: '/?report=gone' });

    expect(
      await screen.findByText(
        'The report that you asked for is no longer there',
      ),
    ).toBeInTheDocument();
    expect(await screen.findByText('81.2 %')).toBeInTheDocument();
  });
});
