import type { WorkflowJob } from '../../state/model';
import { hashedNumber } from '../../state/Ids';
import { DAY } from '../../state/time';
import type { JobReport } from '../ReportSender';
import { drifting } from '../write/chance';
import { writeCobertura, type CoveredModule } from '../write/cobertura';
import { writeJunit } from '../write/junit';
import { evidence, type JobReporter } from '../JobReporter';

const MODULES: Record<string, CoveredModule[]> = {
  verifier: modules('services/verifier/app', {
    'main.py': 48,
    'api/verify.py': 164,
    'api/health.py': 22,
    'core/config.py': 61,
    'passport/parser.py': 188,
    'passport/claims.py': 97,
    'dossier/resolver.py': 231,
    'dossier/cache.py': 88,
    'keri/oobi.py': 119,
    'keri/receipts.py': 142,
    'chain/delegation.py': 176,
    'chain/issuance.py': 203,
  }),
  issuer: modules('services/issuer/app', {
    'main.py': 52,
    'api/credentials.py': 241,
    'api/dossiers.py': 188,
    'api/admin.py': 166,
    'db/models.py': 134,
    'db/migrations.py': 77,
    'keri/habitat.py': 209,
    'keri/witnesses.py': 93,
    'ui/pages.py': 155,
  }),
};

const INTEGRATION_CASES = [
  'test_issue_and_verify_call',
  'test_revoked_credential_is_refused',
  'test_delegated_identifier',
  'test_rotated_key',
  'test_expired_passport',
  'test_dossier_with_brand',
  'test_unknown_witness',
  'test_oobi_of_every_witness',
  'test_parallel_verification',
  'test_vetter_constraints',
  'test_callee_verification',
  'test_issuer_restart',
];

/** Tests and coverage of the services, nightly integration, and what the pipeline posts after a deployment. */
export const vvpReports: JobReporter = job => {
  switch (job.definitionId) {
    case 'test-verifier':
      return unit(job, 'verifier', 1842, [0.795, 0.845]);
    case 'test-issuer':
      return unit(job, 'issuer', 731, [0.605, 0.66]);
    case 'test-sip-redirect':
      return [unitTests(job, 'sip-redirect', 118)];
    case 'test-sip-verify':
      return [unitTests(job, 'sip-verify', 74)];
    case 'post-deployment-tests':
      // The payload says no time, so that old ones would all seem to be of today.
      return isRecent(job) ? [deploymentTests(job)] : [];
    case 'integration-local':
      return integration(job, 'local');
    case 'integration-azure':
      return integration(job, 'azure');
    default:
      return [];
  }
};

function unit(
  job: WorkflowJob,
  service: 'verifier' | 'issuer',
  cases: number,
  [low, high]: [number, number],
): JobReport[] {
  const { run } = job.attempt;
  return [
    unitTests(job, service, cases),
    evidence(
      job,
      {
        entityRef: `component:default/vvp-${service}`,
        type: 'coverage',
        format: 'cobertura',
      },
      writeCobertura({
        modules: MODULES[service],
        rate: drifting(service, run.runNumber, low, high),
        time: job.completedAt ?? job.startedAt,
        seed: run.headSha,
      }),
    ),
  ];
}

function unitTests(
  job: WorkflowJob,
  service: string,
  total: number,
): JobReport {
  const { run } = job.attempt;
  const count = Math.min(400, total) + (run.runNumber % 40);
  const cases = Array.from(
    { length: count },
    (_, index) => `test_${service.replaceAll('-', '_')}_${index + 1}`,
  );
  const broken =
    job.conclusion === 'failure'
      ? [cases[hashedNumber(run.headSha, 0, cases.length - 1)]]
      : [];
  return evidence(
    job,
    {
      entityRef: `component:default/vvp-${service}`,
      type: 'test',
      format: 'junit',
      suite: 'unit',
    },
    writeJunit({
      suite: 'pytest',
      className: `tests.test_${service.replaceAll('-', '_')}`,
      cases,
      failed: broken.map(name => ({
        name,
        message: 'AssertionError: assert 502 == 200',
        trace: `def ${name}(client):\n>       assert client.get("/verify").status_code == 200\nE       assert 502 == 200`,
      })),
      time: job.startedAt,
    }),
  );
}

function integration(job: WorkflowJob, mode: 'local' | 'azure'): JobReport[] {
  const broken =
    job.conclusion === 'failure' ? INTEGRATION_CASES[8] : undefined;
  const body = writeJunit({
    suite: 'pytest',
    className: 'tests.integration.test_flow',
    cases: INTEGRATION_CASES,
    failed: broken
      ? [
          {
            name: broken,
            message: 'TimeoutError: no answer within 30 s',
            trace: `def ${broken}(verifier):\n>       verifier.verify(passport, timeout=30)\nE       TimeoutError: no answer within 30 s`,
          },
        ]
      : [],
    skipped: mode === 'local' ? ['test_issuer_restart'] : [],
    time: job.startedAt,
  });
  return ['verifier', 'issuer'].map(service =>
    evidence(
      job,
      {
        entityRef: `component:default/vvp-${service}`,
        type: 'test',
        format: 'junit',
        suite: 'integration',
        mode,
        ...(mode === 'azure' && { environment: 'production' }),
      },
      body,
    ),
  );
}

/** The payload that VVP's own pipeline posts; the portal's address is all that changed in it. */
function deploymentTests(job: WorkflowJob): JobReport {
  const total = 36;
  const failed = job.conclusion === 'failure' ? 2 : 0;
  return {
    path: '/admin/deployment-tests',
    query: {},
    contentType: 'application/json',
    as: 'api-key',
    body: JSON.stringify({
      git_sha: job.attempt.run.headSha,
      passed: failed === 0,
      total_tests: total,
      passed_tests: total - failed,
      failed_tests: failed,
      duration_seconds: hashedNumber(job.attempt.run.headSha, 70, 160),
      issuer_url: 'https://vvp-issuer.example.test',
      verifier_url: 'https://vvp-verifier.example.test',
      errors:
        failed === 0
          ? []
          : [
              'FAILED tests/integration/test_flow.py::test_parallel_verification',
              'FAILED tests/integration/test_flow.py::test_rotated_key',
            ],
    }),
  };
}

function isRecent(job: WorkflowJob): boolean {
  return Date.now() - (job.completedAt ?? job.startedAt) < 7 * DAY;
}

function modules(
  folder: string,
  lines: Record<string, number>,
): CoveredModule[] {
  return Object.entries(lines).map(([path, count]) => ({
    path: `${folder}/${path}`,
    lines: count,
  }));
}
