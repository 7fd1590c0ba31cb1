import type { WorkflowJob } from '../../state/model';
import { hashedNumber } from '../../state/Ids';
import { evidence, type JobReporter } from '../JobReporter';
import type { JobReport } from '../ReportSender';
import { drifting } from '../write/chance';
import { writeCobertura } from '../write/cobertura';
import { writeJunit } from '../write/junit';
import {
  writeMeasurements,
  writeTerraformValidate,
} from '../write/performance';
import { writeSarif } from '../write/sarif';
import { writeTrivy } from '../write/trivy';

const ENTITY = 'component:default/sandbox-broker-api';

const SUITES = { unit: 33, integration: 18 };

/** Checks of pull requests; the commit that is deployed by hand has the same jobs again. */
export const sandboxReports: JobReporter = job => {
  switch (job.definitionId) {
    case 'test-sandbox-broker-api':
      return [...tests(job), coverage(job)];
    case 'build-sandbox-broker-api':
      return image(job);
    case 'terraform':
      return terraform(job);
    default:
      return [];
  }
};

function tests(job: WorkflowJob): JobReport[] {
  return Object.entries(SUITES).map(([suite, count]) =>
    evidence(
      job,
      { entityRef: ENTITY, type: 'test', format: 'junit', suite },
      writeJunit({
        suite,
        className: `tests.${suite}.test_sandboxes`,
        cases: Array.from(
          { length: count },
          (_, index) => `test_${suite}_${index + 1}`,
        ),
        time: job.startedAt,
      }),
    ),
  );
}

function coverage(job: WorkflowJob): JobReport {
  const { run } = job.attempt;
  return evidence(
    job,
    { entityRef: ENTITY, type: 'coverage', format: 'cobertura' },
    writeCobertura({
      modules: [
        { path: 'app/main.py', lines: 71 },
        { path: 'app/allocation.py', lines: 188 },
        { path: 'app/storage.py', lines: 132 },
      ],
      rate: drifting('sandbox', run.runNumber, 0.84, 0.9),
      time: job.startedAt,
      seed: run.headSha,
    }),
  );
}

function image(job: WorkflowJob): JobReport[] {
  const { run } = job.attempt;
  return [
    evidence(
      job,
      {
        entityRef: ENTITY,
        type: 'performance',
        format: 'measurements',
        suite: 'image',
      },
      writeMeasurements(job.startedAt, [
        {
          metric: 'image.size',
          value: hashedNumber(run.headSha, 301, 362),
          unit: 'MB',
        },
      ]),
    ),
    evidence(
      job,
      { entityRef: ENTITY, type: 'security', format: 'trivy', suite: 'image' },
      writeTrivy({
        target: `registry.example.test/sandbox-broker:${run.headSha.slice(
          0,
          7,
        )}`,
        vulnerabilities: [],
        time: job.startedAt,
      }),
    ),
  ];
}

function terraform(job: WorkflowJob): JobReport[] {
  return [
    evidence(
      job,
      {
        entityRef: ENTITY,
        type: 'test',
        format: 'terraform-validate',
        suite: 'terraform',
      },
      writeTerraformValidate(true),
    ),
    evidence(
      job,
      {
        entityRef: ENTITY,
        type: 'security',
        format: 'sarif',
        suite: 'terraform',
      },
      writeSarif({
        tool: 'tfsec',
        version: '1.28.11',
        findings: [],
        time: job.startedAt,
      }),
    ),
  ];
}
