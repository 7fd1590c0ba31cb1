import { posix } from 'node:path';
import {
  mergeGates,
  ServiceSpec,
  ServiceTestSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { Job, Step } from '../model';
import { PipelinePlan, Unit, UnitTest } from '../planModel';
import { firstJob, isWanted, needing, unitsBehind } from './conditions';
import { REPORTS, suiteReport, surroundings, testSteps } from './runTests';
import { Reporting, Reports, withReportJob } from './reportJob';
import { checkout, commentStep } from './steps';

/** The jobs that test what a release changes of services; none where nothing says how. */
export function testJobs(plan: PipelinePlan, unit: Unit): [string, Job][] {
  const ofPullRequest = plan.stage.pullRequests ? 'too' : false;
  return unit.tests.flatMap(one =>
    testing(plan, one, ofPullRequest, {
      ...needing(firstJob(plan)),
      if: isWanted(plan, unitsBehind(plan, unit.key, one.job)),
    }),
  );
}

/** The same for pull requests, which are told how it went. */
export function pullRequestTestJobs(
  plan: PipelinePlan,
  { tests }: Unit,
): [string, Job][] {
  return tests.flatMap(one => testing(plan, one, true));
}

function testing(
  plan: PipelinePlan,
  unit: UnitTest,
  ofPullRequest: Reporting['ofPullRequest'],
  place: Pick<Job, 'needs' | 'if'> = {},
): [string, Job][] {
  const tested = unit.services.find(({ test }) => test);
  if (!tested?.test) {
    return [];
  }
  const { source, requirements, suites, directory: _, ...test } = tested.test;
  const { settings } = plan;
  const reports = reportsOf(unit, tested.test);
  const job: Job = {
    ...place,
    'runs-on': settings.runner,
    'timeout-minutes': test.timeoutMinutes ?? 15,
    permissions: {
      contents: 'read',
      ...(ofPullRequest === true && { 'pull-requests': 'write' as const }),
    },
    ...surroundings(test),
    steps: [
      checkout(),
      ...testSteps({
        environment: test,
        directory: unit.directory,
        isPackage: requirements === undefined,
        coverageOf: source ?? '.',
        minimum: coverageMinimum(plan, unit.services),
        requirements,
        suites,
      }),
      ...(ofPullRequest === true ? summarySteps(unit, reports) : []),
    ],
  };
  return withReportJob(settings, [unit.job, job], reports, { ofPullRequest });
}

/** Both reports, for each of the services that this is the test of; coverage is that of the first suite. */
function reportsOf(
  { services, directory }: UnitTest,
  { language, suites }: ServiceTestSpec,
): Reports[] {
  const { tests, coverage } = REPORTS[language];
  const entities = services.flatMap(({ entityRef }) => entityRef ?? []);
  const inside = (file: string) => posix.join(directory, file);
  const files = (test?: string, covered?: string): Reports['files'] => ({
    ...(test && { test: inside(test) }),
    ...(covered && { coverage: inside(covered) }),
  });
  if (!suites) {
    return [
      {
        entities,
        suite: 'unit',
        files: files(tests, coverage),
      },
    ];
  }
  return Object.keys(suites).map((suite, index) => ({
    entities,
    suite,
    title: `Report ${suite} to the portal`,
    files: files(suiteReport(suite), index === 0 ? coverage : undefined),
  }));
}

function summarySteps({ job }: UnitTest, reports: readonly Reports[]): Step[] {
  const { coverage } = reports[0].files;
  const tested = reports.flatMap(({ suite, files }) =>
    files.test ? [`${suite}=${files.test}`] : [],
  );
  if (tested.length === 0) {
    return [];
  }
  return [
    {
      name: 'Sum up',
      if: '!cancelled()',
      env: {
        TITLE: job.replace(/^test-/, ''),
        TEST_REPORTS: tested.join(' '),
        ...(coverage?.endsWith('.xml') && { COVERAGE_REPORT: coverage }),
        COMMENT_FILE: 'test-summary.md',
      },
      run: '.github/deploy/summarise-tests.sh',
    },
    commentStep(job.replace(/^test-/, 'tests-'), 'test-summary.md'),
  ];
}

/** The most that the gates of services that are tested as one ask of the coverage of all lines. */
export function coverageMinimum(
  { spec }: PipelinePlan,
  services: readonly ServiceSpec[],
): number | undefined {
  const asked = services
    .flatMap(({ gates }) => mergeGates([spec.gates, gates]))
    .filter(
      ({ evidence, metric }) =>
        evidence?.type === 'coverage' &&
        metric?.name === 'lines' &&
        (evidence.suite ?? 'unit') === 'unit',
    )
    .flatMap(({ minimum }) => minimum ?? []);
  return asked.length > 0 ? Math.max(...asked) : undefined;
}
