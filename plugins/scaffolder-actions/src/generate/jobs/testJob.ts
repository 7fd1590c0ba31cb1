import { posix } from 'node:path';
import {
  mergeGates,
  ServiceSpec,
  ServiceTestSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { Job, Step } from '../model';
import { PipelinePlan, Unit } from '../plan';
import { firstJob, isWanted, needing } from './conditions';
import { REPORTS, suiteReport, surroundings, testSteps } from './runTests';
import {
  checkout,
  commentStep,
  isReporting,
  Reports,
  reportSteps,
} from './steps';

/** The job that tests what a release changes of a service; undefined where nothing says how. */
export function testJob(plan: PipelinePlan, unit: Unit): Job | undefined {
  const job = testing(plan, unit, false);
  return (
    job && { ...needing(firstJob(plan)), if: isWanted(plan, unit.key), ...job }
  );
}

/** The same for pull requests, which are told how it went. */
export function pullRequestTestJob(
  plan: PipelinePlan,
  unit: Unit,
): Job | undefined {
  return testing(plan, unit, true);
}

function testing(
  plan: PipelinePlan,
  unit: Unit,
  ofPullRequest: boolean,
): Job | undefined {
  const tested = unit.services.find(({ test }) => test);
  if (!tested?.test) {
    return undefined;
  }
  const { source, requirements, suites, directory: _, ...test } = tested.test;
  const { settings } = plan;
  const reports = reportsOf(unit, tested.test).map(one => ({
    ...one,
    ofPullRequest,
  }));
  return {
    'runs-on': settings.runner,
    'timeout-minutes': test.timeoutMinutes ?? 15,
    permissions: {
      contents: 'read',
      ...(reports.some(one => isReporting(settings, one)) && {
        'id-token': 'write' as const,
      }),
      ...(ofPullRequest && { 'pull-requests': 'write' as const }),
    },
    ...surroundings(test),
    steps: [
      checkout(),
      ...testSteps({
        environment: test,
        directory: unit.directory,
        isPackage: requirements === undefined,
        coverageOf: source ?? '.',
        minimum: coverageMinimum(plan, tested),
        requirements,
        suites,
      }),
      ...reports.flatMap(one => reportSteps(settings, one)),
      ...(ofPullRequest ? summarySteps(unit, reports) : []),
    ],
  };
}

/** Both reports, for each of the services that this is the test of; coverage is that of the first suite. */
function reportsOf(
  { services, directory }: Unit,
  { language, suites }: ServiceTestSpec,
): Reports[] {
  const { tests, coverage } = REPORTS[language];
  const entities = services.flatMap(({ entityRef }) => entityRef ?? []);
  const inside = (file: string) => posix.join(directory, file);
  if (!suites) {
    return [
      {
        entities,
        suite: 'unit',
        files: { test: inside(tests), coverage: inside(coverage) },
      },
    ];
  }
  return Object.keys(suites).map((suite, index) => ({
    entities,
    suite,
    title: `Report ${suite} to the portal`,
    files: {
      test: inside(suiteReport(suite)),
      ...(index === 0 && { coverage: inside(coverage) }),
    },
  }));
}

function summarySteps(unit: Unit, reports: readonly Reports[]): Step[] {
  const { coverage } = reports[0].files;
  return [
    {
      name: 'Sum up',
      if: '!cancelled()',
      env: {
        TITLE: unit.key,
        TEST_REPORTS: reports
          .map(({ suite, files }) => `${suite}=${files.test}`)
          .join(' '),
        ...(coverage?.endsWith('.xml') && { COVERAGE_REPORT: coverage }),
        COMMENT_FILE: 'test-summary.md',
      },
      run: '.github/deploy/summarise-tests.sh',
    },
    commentStep(`tests-${unit.key}`, 'test-summary.md'),
  ];
}

/** What the gates of a service ask of the coverage of all lines. */
export function coverageMinimum(
  { spec }: PipelinePlan,
  service: ServiceSpec,
): number | undefined {
  return mergeGates([spec.gates, service.gates]).find(
    ({ evidence, metric, minimum }) =>
      evidence?.type === 'coverage' &&
      metric?.name === 'lines' &&
      (evidence.suite ?? 'unit') === 'unit' &&
      minimum !== undefined,
  )?.minimum;
}
