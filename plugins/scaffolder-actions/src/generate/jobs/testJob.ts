import { mergeGates, ServiceSpec } from '@vvp/backstage-plugin-deploy-common';
import { Job } from '../model';
import { PipelinePlan, Unit } from '../plan';
import { isChanged } from './changes';
import { REPORTS, surroundings, testSteps } from './runTests';
import { checkout, isReporting, Reports, reportSteps } from './steps';

/** The job that tests what changed of a service; undefined where nothing says how. */
export function testJob(plan: PipelinePlan, unit: Unit): Job | undefined {
  const tested = unit.services.find(({ test }) => test);
  if (!tested?.test) {
    return undefined;
  }
  const { test } = tested;
  const { settings } = plan;
  const reports = reportsOf(unit, test.language);
  return {
    needs: ['changes'],
    if: isChanged(unit.key),
    'runs-on': settings.runner,
    'timeout-minutes': test.timeoutMinutes ?? 15,
    permissions: {
      contents: 'read',
      ...(isReporting(settings, reports) && { 'id-token': 'write' as const }),
    },
    ...surroundings(test),
    steps: [
      checkout(),
      ...testSteps({
        environment: test,
        directory: unit.directory,
        isPackage: true,
        coverageOf: test.source ?? '.',
        minimum: coverageMinimum(plan, tested),
      }),
      ...reportSteps(settings, reports),
    ],
  };
}

/** Both reports, for each of the services that this is the test of. */
function reportsOf(
  { services, directory }: Unit,
  language: keyof typeof REPORTS,
): Reports {
  const { tests, coverage } = REPORTS[language];
  return {
    entities: services.flatMap(({ entityRef }) => entityRef ?? []),
    suite: 'unit',
    files: {
      test: `${directory}/${tests}`,
      coverage: `${directory}/${coverage}`,
    },
  };
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
