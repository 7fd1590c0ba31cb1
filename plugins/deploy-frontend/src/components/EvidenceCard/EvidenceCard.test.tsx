import { NotAllowedError, NotFoundError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { act, screen, within } from '@testing-library/react';
import { createEvidenceApi } from '../../__testUtils__/createEvidenceApi';
import {
  sampleDetail,
  sampleEvidence,
  sampleGate,
  sampleGates,
  sampleSummaries,
} from '../../__testUtils__/evidenceSamples';
import {
  createDeployApi,
  renderWithDeployApi,
  TestSignals,
} from '../../__testUtils__/renderWithDeployApi';
import {
  sampleEntity,
  sampleEnvironment,
  sampleService,
} from '../../__testUtils__/samples';
import { EvidenceCard } from './EvidenceCard';

const coverage = (covered: number, minutesAgo: number) =>
  sampleDetail(
    sampleEvidence({
      minutesAgo,
      summary: sampleSummaries.coverage({ lines: { covered, total: 1000 } }),
    }),
  );
const tests = (suite: string, failed: number) =>
  sampleDetail(
    sampleEvidence({
      suite,
      summary: sampleSummaries.test({ passed: 120 - failed, failed }),
    }),
  );
const scan = (completed: boolean) =>
  sampleDetail(
    sampleEvidence({
      tool: 'Trivy 0.53.0',
      summary: sampleSummaries.security({
        completed,
        bySeverity: { critical: 2, high: 7, medium: 1, low: 0, info: 0 },
      }),
    }),
  );

const valueOf = async (term: string) => {
  const name = await screen.findByText(term);
  return name.nextElementSibling;
};

describe('EvidenceCard', () => {
  it('shows the latest coverage with its change', async () => {
    const deployApi = createEvidenceApi([
      coverage(789, 10),
      coverage(801, 1000),
    ]);

    renderWithDeployApi(<EvidenceCard />, { deployApi });

    const shown = await valueOf('Coverage');
    expect(shown).toHaveTextContent('78.9 % of lines, −1.2 %');
    expect(shown?.querySelector('svg')).toBeInTheDocument();
  });

  it('shows the last result of each suite, failures first, and how many more there are', async () => {
    const deployApi = createEvidenceApi([
      tests('a', 0),
      tests('b', 3),
      ...['c', 'd', 'e', 'f'].map(suite => tests(suite, 0)),
    ]);

    renderWithDeployApi(<EvidenceCard />, { deployApi });

    const shown = await valueOf('Tests');
    expect(shown).toHaveTextContent(
      /^b: 3 of 120 faileda: 120 of 120 passed.*and 1 suite more$/,
    );
  });

  it('counts what is open, and names a scan that did not complete', async () => {
    const deployApi = createEvidenceApi([scan(false)]);

    renderWithDeployApi(<EvidenceCard />, { deployApi });

    expect(await valueOf('Security')).toHaveTextContent(
      /^2 critical, 7 high open\s*Trivy 0\.53\.0 did not complete$/,
    );
  });

  it('says how the gates of each environment stand, in order, and leads to them', async () => {
    const deployApi = createEvidenceApi([], undefined, {
      getService: async () =>
        sampleService({
          environments: [
            sampleEnvironment({
              order: 1,
              gates: sampleGates([
                sampleGate({ state: 'fail' }),
                sampleGate({ name: 'b' }),
              ]),
            }),
            sampleEnvironment({
              name: 'staging',
              gates: sampleGates([sampleGate()]),
            }),
            sampleEnvironment({ name: 'preview', gates: sampleGates([]) }),
          ],
        }),
    });

    renderWithDeployApi(<EvidenceCard />, { deployApi });

    const shown = await valueOf('Gates');
    expect(shown).toHaveTextContent(
      /^The gate passes in staging\s*1 of 2 gates fails in production$/,
    );
    expect(
      within(shown as HTMLElement).getAllByRole('link')[0],
    ).toHaveAttribute(
      'href',
      '/catalog/default/component/vvp-verifier/deployments',
    );
  });

  it('leads to the tab', async () => {
    renderWithDeployApi(<EvidenceCard />, { deployApi: createEvidenceApi([]) });

    expect(
      await screen.findByRole('link', { name: 'All evidence' }),
    ).toHaveAttribute(
      'href',
      '/catalog/default/component/vvp-verifier/evidence',
    );
  });

  it('holds the place of what is being loaded', async () => {
    const deployApi = createDeployApi({
      listEvidence: () => new Promise(() => undefined),
    });

    renderWithDeployApi(<EvidenceCard />, { deployApi });

    expect(
      await screen.findByRole('status', { name: 'Loading the evidence' }),
    ).toBeInTheDocument();
  });

  it.each([
    ['nothing has come in', undefined, /^No report has come in yet/],
    ['the service is unknown', new NotFoundError('?'), /^No report has come/],
    ['it is not allowed', new NotAllowedError('No'), /^You may not see/],
    ['the backend fails', new Error('Broken'), /^The evidence could not be/],
  ])('says so where %s', async (_name, error, text) => {
    const deployApi = createEvidenceApi([], undefined, {
      listEvidence: async () => {
        if (error) {
          throw error;
        }
        return { items: [] };
      },
    });

    renderWithDeployApi(<EvidenceCard />, { deployApi });

    expect(await screen.findByText(text)).toBeInTheDocument();
  });

  it('names the permission where the service may be there, and cannot be seen', async () => {
    const deployApi = createEvidenceApi([], undefined, {
      listEvidence: async () => {
        throw new NotFoundError('unknown');
      },
    });

    renderWithDeployApi(<EvidenceCard />, {
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
  });

  it('follows changes, and keeps what was known when a renewal fails', async () => {
    const signals = new TestSignals();
    const deployApi = createEvidenceApi([coverage(789, 10)]);
    renderWithDeployApi(<EvidenceCard />, { deployApi, signals });
    expect(await valueOf('Coverage')).toHaveTextContent('78.9 %');

    deployApi.listEvidence.mockResolvedValue({ items: [coverage(900, 1)] });
    act(() => signals.send('deploy:component:default/vvp-verifier', {}));
    expect(await screen.findByText('90 %')).toBeInTheDocument();
    deployApi.listEvidence.mockRejectedValue(new Error('Gone away'));
    act(() => signals.send('deploy:component:default/vvp-verifier', {}));

    expect(await screen.findByRole('alert')).toHaveTextContent(/Gone away/);
    expect(screen.getByText('90 %')).toBeInTheDocument();
  });
});
