import type { WorkflowJob } from '../../state/model';
import { hashedNumber } from '../../state/Ids';
import { evidence, type JobReporter } from '../JobReporter';
import type { JobReport } from '../ReportSender';
import { drifting } from '../write/chance';
import { writeCobertura } from '../write/cobertura';
import { writeJunit } from '../write/junit';
import { writeMeasurements } from '../write/performance';
import { writeSarif } from '../write/sarif';

const ENTITY = 'component:default/ngx-voice-agent';

const MODULES = [
  { path: 'src/main.py', lines: 64 },
  { path: 'src/agent/dialogue.py', lines: 212 },
  { path: 'src/agent/scoring.py', lines: 131 },
  { path: 'src/telephony/session.py', lines: 177 },
  { path: 'src/telephony/audio.py', lines: 149 },
];

/** Two coverages and a scan in CI, a load test on staging in CD. */
export const voiceReports: JobReporter = job => {
  const file = job.attempt.run.workflow.path.split('/').at(-1);
  switch (`${file} ${job.definitionId}`) {
    case 'ci.yml test':
      return tests(job);
    case 'ci.yml security-scan':
    case 'daily-checks.yml security':
      return [scan(job)];
    case 'cd.yml load-test':
      return [loadTest(job)];
    default:
      return [];
  }
};

function tests(job: WorkflowJob): JobReport[] {
  const { run } = job.attempt;
  const ranges = {
    all: [0.805, 0.86],
    unit: [0.81, 0.87],
    integration: [0.61, 0.68],
  } as const;
  return Object.entries(ranges).flatMap(([suite, [low, high]]) => [
    evidence(
      job,
      { entityRef: ENTITY, type: 'coverage', format: 'cobertura', suite },
      writeCobertura({
        modules: MODULES,
        rate: drifting(suite, run.runNumber, low, high),
        time: job.startedAt,
        seed: run.headSha,
      }),
    ),
    ...(suite === 'all' ? [] : [unitOrIntegration(job, suite)]),
  ]);
}

function unitOrIntegration(job: WorkflowJob, suite: string): JobReport {
  return evidence(
    job,
    { entityRef: ENTITY, type: 'test', format: 'junit', suite },
    writeJunit({
      suite,
      className: `tests.${suite}.test_agent`,
      cases: Array.from(
        { length: suite === 'unit' ? 210 : 42 },
        (_, index) => `test_${suite}_${index + 1}`,
      ),
      failed:
        job.conclusion === 'failure' && suite === 'unit'
          ? [
              {
                name: 'test_unit_17',
                message: 'AssertionError: assert None is not None',
                trace:
                  'def test_unit_17(agent):\n>       assert agent.hang_up() is not None\nE       assert None is not None',
              },
            ]
          : [],
      time: job.startedAt,
    }),
  );
}

function scan(job: WorkflowJob): JobReport {
  return evidence(
    job,
    { entityRef: ENTITY, type: 'security', format: 'sarif', suite: 'code' },
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

function loadTest(job: WorkflowJob): JobReport {
  const { run } = job.attempt;
  const average = drifting('voice', run.runNumber, 700, 1_500);
  const requests = hashedNumber(run.headSha, 17_000, 24_000);
  const errorRate = hashedNumber(run.headSha, 1, 7) / 1000;
  return evidence(
    job,
    {
      entityRef: ENTITY,
      type: 'performance',
      format: 'measurements',
      suite: 'load',
      environment: 'staging',
    },
    writeMeasurements(job.startedAt, [
      { metric: 'users', value: 100, unit: 'count' },
      { metric: 'duration', value: 300, unit: 's' },
      { metric: 'requests', value: requests, unit: 'count' },
      { metric: 'throughput', value: requests / 300, unit: '1/s' },
      { metric: 'error.rate', value: errorRate, unit: 'ratio' },
      { metric: 'latency.avg', value: average, unit: 'ms' },
      { metric: 'latency.p95', value: average * 2.2, unit: 'ms' },
      { metric: 'latency.p99', value: average * 3.6, unit: 'ms' },
    ]),
  );
}
