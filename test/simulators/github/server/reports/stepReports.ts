import { isObject, type JsonObject } from '../json';
import { hashedNumber } from '../state/Ids';
import type { WorkflowJob } from '../state/model';
import { evidence } from './JobReporter';
import type { JobReport } from './ReportSender';
import { writeCobertura } from './write/cobertura';
import { writeJunit } from './write/junit';

const SCRIPT = /\/report-evidence\.sh$/;

/** What a generated job reports by its own steps, where no story tells: its tests, and that they cover nearly all. */
export function stepReports(
  job: WorkflowJob,
  steps: readonly JsonObject[],
): JobReport[] {
  return steps
    .filter(({ run, env }) => SCRIPT.test(String(run)) && isObject(env))
    .flatMap(({ env }) => reportsOf(job, env as JsonObject));
}

function reportsOf(job: WorkflowJob, env: JsonObject): JobReport[] {
  const suite = env.SUITE === undefined ? {} : { suite: String(env.SUITE) };
  return String(env.ENTITIES ?? '')
    .split(' ')
    .filter(Boolean)
    .flatMap(entityRef => [
      ...(env.TEST_REPORT === undefined
        ? []
        : [
            evidence(
              job,
              { entityRef, type: 'test', format: 'junit', ...suite },
              tests(job),
            ),
          ]),
      ...(env.COVERAGE_REPORT === undefined
        ? []
        : [
            evidence(
              job,
              { entityRef, type: 'coverage', format: 'cobertura' },
              coverage(job),
            ),
          ]),
    ]);
}

function tests(job: WorkflowJob): string {
  const cases = ['test_health', 'test_version', 'test_unknown_path'];
  const broken = job.conclusion === 'failure' ? cases.slice(0, 1) : [];
  return writeJunit({
    suite: 'tests',
    className: 'tests.test_service',
    cases,
    failed: broken.map(name => ({
      name,
      message: 'AssertionError: 500 == 200',
      trace: `${name}: 500 == 200`,
    })),
    time: job.startedAt,
  });
}

function coverage(job: WorkflowJob): string {
  const { headSha } = job.attempt.run;
  return writeCobertura({
    modules: [
      { path: 'app/main', lines: 64 },
      { path: 'app/checks', lines: 17 },
    ],
    rate: hashedNumber(headSha, 93, 97) / 100,
    time: job.completedAt ?? job.startedAt,
    seed: headSha,
  });
}
