import type { WorkflowJob } from '../../state/model';
import { hashedNumber } from '../../state/Ids';
import { evidence, type JobReporter } from '../JobReporter';
import type { JobReport } from '../ReportSender';
import { drifting } from '../write/chance';
import { writeCobertura } from '../write/cobertura';
import { writeJunit } from '../write/junit';
import { writeLocust } from '../write/loadTest';
import { writeSarif } from '../write/sarif';
import { writeTrivySarif } from '../write/trivySarif';

const ENTITY = 'component:default/ngx-voice-agent';

const MODULES = [
  { path: 'src/main.py', lines: 64 },
  { path: 'src/agent/dialogue.py', lines: 212 },
  { path: 'src/agent/scoring.py', lines: 131 },
  { path: 'src/telephony/session.py', lines: 177 },
  { path: 'src/telephony/audio.py', lines: 149 },
];

/** Of what share of the lines each suite runs. */
const COVERAGE: Record<'unit' | 'integration', [number, number]> = {
  unit: [0.81, 0.87],
  integration: [0.61, 0.68],
};

/** Tests and scans in CI, of which the scans come again every day; the image and a load test of staging in CD. */
export const voiceReports: JobReporter = job => {
  const file = job.attempt.run.workflow.path.split('/').at(-1);
  switch (`${file} ${job.definitionId}`) {
    case 'ci.yml unit':
      return [tests(job, 'unit', 210), coverage(job, 'unit')];
    case 'ci.yml integration':
      return [tests(job, 'integration', 42), coverage(job, 'integration')];
    case 'ci.yml security':
      return [tests(job, 'security', 17)];
    case 'ci.yml dependencies':
    case 'daily-checks.yml daily-dependencies':
      return [audit(job)];
    case 'ci.yml known-vulnerabilities':
    case 'daily-checks.yml daily-vulnerabilities':
      return [
        scan(
          job,
          'known-vulnerabilities',
          writeTrivySarif({ vulnerabilities: [], time: job.startedAt }),
        ),
      ];
    case 'ci.yml code-security':
    case 'daily-checks.yml daily-code':
      return [codeScan(job)];
    case 'daily-checks.yml daily-performance':
      return [loadTest(job, 'baseline', 10, 120)];
    case 'cd.yml build-ngx-voice-agent-image':
      return [imageScan(job)];
    case 'cd.yml load':
      return [loadTest(job, 'load', 100, 300, 'staging')];
    default:
      return [];
  }
};

function coverage(job: WorkflowJob, suite: keyof typeof COVERAGE): JobReport {
  const { run } = job.attempt;
  return evidence(
    job,
    { entityRef: ENTITY, type: 'coverage', format: 'cobertura', suite },
    writeCobertura({
      modules: MODULES,
      rate: drifting(suite, run.runNumber, ...COVERAGE[suite]),
      time: job.startedAt,
      seed: run.headSha,
    }),
  );
}

function tests(job: WorkflowJob, suite: string, count: number): JobReport {
  return evidence(
    job,
    { entityRef: ENTITY, type: 'test', format: 'junit', suite },
    writeJunit({
      suite,
      className: `tests.${suite}.test_agent`,
      cases: Array.from(
        { length: count },
        (_, index) => `test_${suite}_${index + 1}`,
      ),
      failed:
        job.conclusion === 'failure'
          ? [
              {
                name: `test_${suite}_17`,
                message: 'AssertionError: assert None is not None',
                trace: `def test_${suite}_17(agent):\n>       assert agent.hang_up() is not None\nE       assert None is not None`,
              },
            ]
          : [],
      time: job.startedAt,
    }),
  );
}

function scan(job: WorkflowJob, suite: string, body: string): JobReport {
  return evidence(
    job,
    { entityRef: ENTITY, type: 'security', format: 'sarif', suite },
    body,
  );
}

function audit(job: WorkflowJob): JobReport {
  return evidence(
    job,
    {
      entityRef: ENTITY,
      type: 'security',
      format: 'pip-audit',
      suite: 'dependencies',
    },
    JSON.stringify({
      dependencies: [
        { name: 'fastapi', version: '0.115.6', vulns: [] },
        { name: 'uvicorn', version: '0.34.0', vulns: [] },
      ],
      fixes: [],
    }),
  );
}

function codeScan(job: WorkflowJob): JobReport {
  return scan(
    job,
    'code-security',
    writeSarif({
      tool: 'Bandit',
      version: '1.7.10',
      findings: [
        {
          ruleId: 'B311',
          title: 'Standard pseudo-random generators are not for security',
          securitySeverity: '2.0',
          path: 'src/agent/dialogue.py',
          line: 88,
        },
      ],
      time: job.startedAt,
    }),
  );
}

function imageScan(job: WorkflowJob): JobReport {
  const count = hashedNumber(job.attempt.run.headSha, 1, 4);
  return scan(
    job,
    'images',
    writeTrivySarif({
      image: 'ngx-voice-agent',
      vulnerabilities: Array.from({ length: count }, (_, index) => ({
        id: `CVE-2025-2${5100 + index * 3}`,
        title: 'Crash by a crafted archive',
        severity: 'LOW',
        package: ['tar', 'perl-base', 'login', 'coreutils'][index],
        installed: '1.35-1',
      })),
      time: job.startedAt,
    }),
  );
}

function loadTest(
  job: WorkflowJob,
  suite: string,
  users: number,
  seconds: number,
  environment?: string,
): JobReport {
  const { run } = job.attempt;
  const requests = users * hashedNumber(run.headSha, 170, 240);
  return evidence(
    job,
    {
      entityRef: ENTITY,
      type: 'performance',
      format: 'locust-csv',
      suite,
      ...(environment && { environment }),
    },
    writeLocust({
      requests,
      failures: Math.floor((requests * hashedNumber(run.headSha, 1, 7)) / 1000),
      seconds,
      average: drifting(`voice-${suite}`, run.runNumber, 700, 1_500),
    }),
  );
}
