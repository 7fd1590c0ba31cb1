import { posix } from 'node:path';
import { RepositoryTestsSpec } from '@vvp/backstage-plugin-deploy-common';
import { quote, secret } from '../expressions';
import { Job, Step } from '../model';
import { PipelinePlan } from '../planModel';
import { networkSteps } from './compose';
import { REPORTS, surroundings, testSteps } from './runTests';
import { needsHistory, scanPermissions, scanReports, scanSteps } from './scans';
import { Reports, withReportJob } from './reportJob';
import { azureLogin, checkout } from './steps';
import { deployedTo, NamedTests } from './testPlaces';
import { verification } from './verify';

type TestsSpec = RepositoryTestsSpec[string];

/**
 * A job of tests, wherever it runs, and the one that hands over its reports.
 *
 * @param place - what it waits for, and when it runs
 * @param isOfPullRequests - whether pull requests run it, too
 */
export function testsJobs(
  plan: PipelinePlan,
  { key, tests }: NamedTests,
  place: Pick<Job, 'needs' | 'if'>,
  isOfPullRequests: boolean,
): [string, Job][] {
  const { settings } = plan;
  const { directory = '.', scan, matrix } = tests;
  const reports = reportsOf(plan, key, tests);
  const job: Job = {
    ...place,
    'runs-on': settings.runner,
    'timeout-minutes': tests.timeoutMinutes ?? 30,
    permissions: {
      contents: 'read',
      ...(scan && scanPermissions(plan, scan)),
      ...(tests.login !== undefined && { 'id-token': 'write' as const }),
    },
    ...(matrix && { strategy: { 'fail-fast': false, matrix } }),
    ...surroundings(tests),
    steps: [
      scan && needsHistory(scan) ? wholeHistory() : checkout(),
      ...(tests.login === 'azure' ? [azureLogin()] : []),
      ...networkSteps(plan, tests.in),
      ...composeUp(tests),
      ...waitSteps(plan, tests),
      ...testSteps({ environment: tests, directory, isPackage: false }),
      ...(scan ? scanSteps(plan, scan) : []),
      ...composeDown(tests),
      ...resultSteps(plan, tests),
      ...keepSteps(key, tests, reports),
    ],
  };
  return withReportJob(settings, [key, job], reports, {
    ofPullRequest: isOfPullRequests && 'too',
    days: tests.artifactDays,
  });
}

/** All commits: without the token nobody can fetch them later. */
function wholeHistory(): Step {
  const step = checkout();
  return { ...step, with: { ...step.with, 'fetch-depth': 0 } };
}

function keepSteps(
  key: string,
  tests: TestsSpec,
  reports: readonly Reports[],
): Step[] {
  const { directory = '.', language, matrix = {}, artifacts = [] } = tests;
  const own = tests.commands ? undefined : REPORTS[language].tests;
  const kept = [
    ...(own ? [`${directory}/${own}`] : []),
    ...artifacts.map(file => posix.join(directory, file)),
    ...(tests.reports || tests.scan
      ? reports.flatMap(({ files }) => Object.values(files))
      : []),
    ...(tests.compose ? ['compose.log'] : []),
  ];
  return kept.length === 0
    ? []
    : [
        {
          name: 'Keep what the tests said',
          if: '!cancelled()',
          uses: 'actions/upload-artifact',
          with: {
            name: [key, ...Object.keys(matrix).map(legOf)].join('-'),
            path: [...new Set(kept)].join('\n'),
            'retention-days': tests.artifactDays ?? 7,
            'if-no-files-found': 'ignore',
          },
        },
      ];
}

function legOf(name: string): string {
  return `\${{ matrix.${name} }}`;
}

/** What the tests and their commands leave behind. */
function filesOf(tests: TestsSpec): Reports['files'] {
  const { directory = '.', language, reports = {} } = tests;
  const { tests: own } = REPORTS[language];
  return {
    ...(own && !tests.commands && { test: `${directory}/${own}` }),
    ...Object.fromEntries(
      Object.entries(reports).map(([type, file]) => [
        type,
        posix.join(directory, file),
      ]),
    ),
  };
}

/** Each service that was tested has the reports, with where it was measured. */
function reportsOf(
  plan: PipelinePlan,
  key: string,
  tests: TestsSpec,
): Reports[] {
  const entities = testedEntities(plan, tests);
  const suite = [
    tests.suite ?? key,
    ...Object.keys(tests.matrix ?? {}).map(legOf),
  ].join('-');
  const about = {
    ...(tests.in && { environment: tests.in }),
    ...(tests.mode && { mode: tests.mode }),
  };
  if (tests.scan) {
    return scanReports(plan, tests.scan).map(
      ({ file, suffix, entities: own }, _, all) => ({
        entities: own ?? entities,
        suite: suffix && !own ? `${suite}-${suffix}` : suite,
        files: { security: file },
        ...(all.length > 1 && suffix && { title: `Report on ${suffix}` }),
        ...about,
      }),
    );
  }
  const files = filesOf(tests);
  return Object.keys(files).length === 0
    ? []
    : [{ entities, suite, files, ...about }];
}

function testedEntities(
  { spec }: PipelinePlan,
  tests: TestsSpec,
): Reports['entities'] {
  const tested = spec.services.filter(({ key, environments }) => {
    const named = tests.services ?? tests.after;
    if (named) {
      return named.includes(key);
    }
    return (
      tests.in === undefined ||
      environments.some(({ name, target }) => name === tests.in && target)
    );
  });
  return tested.flatMap(({ entityRef }) => entityRef ?? []);
}

function composeUp({ compose }: TestsSpec): Step[] {
  return compose
    ? [
        {
          name: 'Start the services',
          run: `docker compose ${composeFiles(compose)} up --detach --build`,
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
          run: `docker compose ${composeFiles(
            compose,
          )} logs --no-color --timestamps > compose.log`,
        },
        {
          name: 'Stop the services',
          if: 'always()',
          run: `docker compose ${composeFiles(compose)} down --volumes`,
        },
      ]
    : [];
}

function composeFiles(compose: readonly string[]): string {
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
  return [...new Set(addresses)].map(url => ({
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
  const { results } = tests;
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
            REPORT: filesOf(tests).test ?? '',
          },
          run: '.github/deploy/post-results.sh',
        },
      ]
    : [];
}
