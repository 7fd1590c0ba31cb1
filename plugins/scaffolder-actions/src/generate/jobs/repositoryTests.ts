import { RepositoryTestsSpec } from '@vvp/backstage-plugin-deploy-common';
import { quote, secret } from '../expressions';
import { Job, Step } from '../model';
import { Group, PipelinePlan, Placement } from '../plan';
import { firstJob } from './conditions';
import { REPORTS, surroundings, testSteps } from './runTests';
import {
  azureLogin,
  checkout,
  isReporting,
  Reports,
  reportSteps,
} from './steps';
import { verification } from './verify';

type TestsSpec = RepositoryTestsSpec[string];

/** A job of tests, with its key. */
export interface NamedTests {
  key: string;
  tests: TestsSpec;
}

/** Those that run after deployments, in their workflow. */
export function testsAfterDeployment({ spec }: PipelinePlan): NamedTests[] {
  return Object.entries(spec.tests ?? {})
    .filter(([, { after }]) => after)
    .map(([key, tests]) => ({ key, tests }));
}

/** Tests of services that were just deployed: only if one of them was, and none failed. */
export function afterDeploymentJob(plan: PipelinePlan, named: NamedTests): Job {
  const { tests } = named;
  const groups = groupsBefore(plan, tests);
  const deployed = groups
    .map(({ job }) => `needs.${job}.result == 'success'`)
    .join(' || ');
  return {
    needs: [...firstJob(plan), ...groups.map(({ job }) => job)],
    if: `(${deployed}) && !failure() && !cancelled()`,
    ...testsJob(plan, named),
  };
}

/** The deployments that tests come after. */
function groupsBefore(
  plan: PipelinePlan,
  tests: Pick<TestsSpec, 'after' | 'in'>,
): Group[] {
  return plan.groups.filter(
    ({ environment, placements }) =>
      (tests.in === undefined || environment === tests.in) &&
      placements.some(({ service }) => tests.after?.includes(service.key)),
  );
}

/** What tests that come after deployments are about. */
function deployedTo(
  plan: PipelinePlan,
  tests: Pick<TestsSpec, 'after' | 'in'>,
): Placement[] {
  return groupsBefore(plan, tests).flatMap(({ placements }) => placements);
}

/** A job of a workflow of its own. */
export function scheduledJob(
  plan: PipelinePlan,
  { key, tests }: NamedTests,
  isChosen: string | undefined,
): Job {
  return {
    ...(tests.needs && { needs: [tests.needs] }),
    ...(isChosen && { if: isChosen }),
    ...testsJob(plan, { key, tests }),
  };
}

function testsJob(
  plan: PipelinePlan,
  { key, tests }: NamedTests,
): Omit<Job, 'needs' | 'if'> {
  const { settings } = plan;
  const reports = reportsOf(plan, key, tests);
  const needsToken =
    tests.login !== undefined || isReporting(settings, reports);
  const folder = tests.directory;
  return {
    'runs-on': settings.runner,
    'timeout-minutes': tests.timeoutMinutes ?? 30,
    permissions: {
      contents: 'read',
      ...(needsToken && { 'id-token': 'write' as const }),
    },
    ...surroundings(tests),
    steps: [
      checkout(),
      ...(tests.login === 'azure' ? [azureLogin()] : []),
      ...composeUp(tests),
      ...waitSteps(plan, tests),
      ...testSteps({
        environment: tests,
        directory: folder,
        isPackage: false,
      }),
      ...composeDown(tests),
      ...resultSteps(plan, tests),
      ...reportSteps(settings, reports),
      {
        name: 'Keep what the tests said',
        if: '!cancelled()',
        uses: 'actions/upload-artifact',
        with: {
          name: key,
          path: [
            `${folder}/${REPORTS[tests.language].tests}`,
            ...(tests.compose ? ['compose.log'] : []),
          ].join('\n'),
          'retention-days': tests.artifactDays ?? 7,
          'if-no-files-found': 'ignore',
        },
      },
    ],
  };
}

/** Each service that was tested has the report, with where it was measured. */
function reportsOf(
  { spec }: PipelinePlan,
  key: string,
  tests: TestsSpec,
): Reports {
  const tested = spec.services.filter(({ key: service, environments }) =>
    tests.after
      ? tests.after.includes(service)
      : tests.in !== undefined &&
        environments.some(({ name, target }) => name === tests.in && target),
  );
  return {
    entities: tested.flatMap(({ entityRef }) => entityRef ?? []),
    suite: tests.suite ?? key,
    files: { test: `${tests.directory}/${REPORTS[tests.language].tests}` },
    ...(tests.in && { environment: tests.in }),
    ...(tests.mode && { mode: tests.mode }),
  };
}

function composeUp({ compose }: TestsSpec): Step[] {
  return compose
    ? [
        {
          name: 'Start the services',
          run: `docker compose ${files(compose)} up --detach --build`,
        },
      ]
    : [];
}

function composeDown({ compose }: TestsSpec): Step[] {
  return compose
    ? [
        {
          name: 'Keep what the services said',
          if: 'failure()',
          run: `docker compose ${files(
            compose,
          )} logs --no-color --timestamps > compose.log`,
        },
        {
          name: 'Stop the services',
          if: 'always()',
          run: `docker compose ${files(compose)} down --volumes`,
        },
      ]
    : [];
}

function files(compose: readonly string[]): string {
  return compose.map(file => `--file ${quote(file)}`).join(' ');
}

/** What was just deployed has to answer first, unless other addresses are named. */
function waitSteps(
  plan: PipelinePlan,
  { waitFor, waitSeconds = 300, ...tests }: TestsSpec,
): Step[] {
  const addresses =
    waitFor ??
    deployedTo(plan, tests).flatMap(({ environment }) => {
      const { VERIFY_URL } = verification(environment, environment.url);
      return VERIFY_URL ?? [];
    });
  return addresses.map(url => ({
    name: `Wait for ${url}`,
    env: {
      VERIFY_URL: url,
      VERIFY_STATUSES: '200',
      VERIFY_ATTEMPTS: String(Math.max(1, Math.ceil(waitSeconds / 5))),
      VERIFY_SECONDS: '5',
    },
    run: '.github/deploy/verify-http.sh',
  }));
}

function resultSteps(plan: PipelinePlan, tests: TestsSpec): Step[] {
  const { results, language, directory } = tests;
  return results
    ? [
        {
          name: 'Post the results',
          if: '!cancelled()',
          env: {
            RESULTS_URL: results.url,
            RESULTS_KEY: secret(results.key),
            RESULTS_ADDRESSES: JSON.stringify(
              Object.fromEntries(
                deployedTo(plan, tests).flatMap(({ service, environment }) =>
                  environment.url
                    ? [
                        [
                          `${service.key.replace(/-/g, '_')}_url`,
                          environment.url,
                        ],
                      ]
                    : [],
                ),
              ),
            ),
            REPORT: `${directory}/${REPORTS[language].tests}`,
          },
          run: '.github/deploy/post-results.sh',
        },
      ]
    : [];
}
