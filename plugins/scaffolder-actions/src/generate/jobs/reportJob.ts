import { Job, Step } from '../model';
import { names, reportArtifacts } from '../names';
import { PipelineSettings } from '../planModel';
import { artifactPaths } from './artifactPaths';
import { checkout, ofThisRepository } from './steps';

/** Reports that a job leaves behind for the portal. */
export interface Reports {
  /** Whom they are about, as full references. */
  entities: readonly string[];
  suite: string;
  /** Where a job has several. */
  title?: string;
  /** Files by the type of evidence that they hold. */
  files: Readonly<
    Partial<Record<'test' | 'coverage' | 'security' | 'performance', string>>
  >;
  /** Where it was measured. */
  environment?: string;
  mode?: string;
}

/** How a job comes to its reports. */
export interface Reporting {
  /** Whether pull requests run the job, too, or alone. */
  ofPullRequest?: boolean | 'too';
  /** How long the reports stay at GitHub, for whoever runs the job again that hands them over. */
  days?: number;
}

/** Where the reports are put that are fetched: apart from the script that reads them. */
const FOLDER = 'reports';

/**
 * A job, and the one that hands its reports to the portal, if it has any and a portal is named. Whatever a job builds or
 * installs can do what the job can, so it gets no token for its reports: it leaves them to a job that runs none of that.
 */
export function withReportJob(
  settings: PipelineSettings,
  [key, job]: readonly [string, Job],
  all: readonly Reports[],
  { ofPullRequest = false, days = 7 }: Reporting = {},
): [string, Job][] {
  const reports = all.filter(({ entities }) => entities.length > 0);
  if (settings.portal === undefined || reports.length === 0) {
    return [[key, job]];
  }
  const { steps, ...rest } = job;
  const left = new Set(reports.flatMap(({ files }) => Object.values(files)));
  return [
    [
      key,
      {
        ...rest,
        outputs: { ...job.outputs, ...attemptOutputs(job) },
        steps: [...steps, keepStep(key, job, { files: [...left], days })],
      },
    ],
    [
      names.report(key),
      reportJob(settings, [key, job], reports, ofPullRequest),
    ],
  ];
}

function reportJob(
  settings: PipelineSettings,
  [key, job]: readonly [string, Job],
  reports: readonly Reports[],
  ofPullRequest: Reporting['ofPullRequest'],
): Job {
  const { with: plain, ...fetching } = checkout();
  const paths = artifactPaths(
    reports.flatMap(({ files }) => Object.values(files)),
  );
  return {
    needs: [key],
    if: conditionOf(key, job, ofPullRequest),
    'runs-on': settings.runner,
    'timeout-minutes': 3 + 2 * reports.length,
    permissions: { contents: 'read', 'id-token': 'write' },
    ...(job.strategy && { strategy: job.strategy }),
    steps: [
      {
        ...fetching,
        with: {
          ...plain,
          'sparse-checkout': '.github/deploy',
          'sparse-checkout-cone-mode': false,
        },
      },
      {
        name: 'Fetch the reports',
        // A report that cannot be had stops no release: gates wait for it.
        'continue-on-error': true,
        uses: 'actions/download-artifact',
        with: {
          // One that is missing is no failure of a pattern.
          pattern: `${artifactOf(key, job)}-${attemptOf(key, job)}`,
          path: FOLDER,
          'merge-multiple': true,
        },
      },
      ...reports.map(one => reportStep(settings, one, paths)),
    ],
  };
}

/** Whatever the tests said, unless they were never run; of a fork there is no token. */
function conditionOf(
  key: string,
  { strategy }: Job,
  ofPullRequest: Reporting['ofPullRequest'],
): string {
  const result = `needs.${key}.result`;
  return [
    '!cancelled()',
    // A leg that ran out of time makes all of its job "cancelled", though the others have reports.
    strategy
      ? `${result} != 'skipped'`
      : `(${result} == 'success' || ${result} == 'failure')`,
    ...(ofPullRequest === 'too'
      ? [`(github.event_name != 'pull_request' || ${ofThisRepository})`]
      : []),
    ...(ofPullRequest === true ? [ofThisRepository] : []),
  ].join(' && ');
}

function keepStep(
  key: string,
  job: Job,
  { files, days }: { files: readonly string[]; days: number },
): Step {
  return {
    name: 'Keep the reports for the portal',
    if: '!cancelled()',
    'continue-on-error': true,
    uses: 'actions/upload-artifact',
    with: {
      name: `${artifactOf(key, job)}-\${{ github.run_attempt }}`,
      path: files.join('\n'),
      'retention-days': days,
      'if-no-files-found': 'ignore',
      ...(files.some(file => /^\.|\/\.[^/]*$/.test(file)) && {
        'include-hidden-files': true,
      }),
    },
  };
}

/** Each leg of a matrix has its own, by its number: values of two columns could read alike. */
function artifactOf(key: string, { strategy }: Job): string {
  return strategy
    ? `${reportArtifacts(key)}-\${{ strategy.job-index }}`
    : reportArtifacts(key);
}

/** Whoever runs a part of a run again has the reports of the attempt that made them. */
function attemptOf(key: string, { strategy }: Job): string {
  return strategy
    ? `\${{ needs.${key}.outputs[format('attempt-{0}', strategy.job-index)] }}`
    : `\${{ needs.${key}.outputs.attempt }}`;
}

/** Each leg sets its own: GitHub keeps one value of an output, and passes over empty ones. */
function attemptOutputs({ strategy }: Job): Record<string, string> {
  return strategy
    ? Object.fromEntries(
        Array.from({ length: legsOf(strategy.matrix) }, (_, index) => [
          `attempt-${index}`,
          `\${{ strategy.job-index == ${index} && github.run_attempt || '' }}`,
        ]),
      )
    : { attempt: '${{ github.run_attempt }}' };
}

function legsOf(matrix: NonNullable<Job['strategy']>['matrix']): number {
  return Array.isArray(matrix.include)
    ? matrix.include.length
    : Object.values(matrix).reduce((legs, values) => legs * values.length, 1);
}

/** Posts reports to the portal by the job's own token. */
function reportStep(
  settings: PipelineSettings,
  reports: Reports,
  paths: ReadonlyMap<string, string>,
): Step {
  const { entities, suite, files, environment, mode } = reports;
  return {
    name: reports.title ?? 'Report to the portal',
    env: {
      PORTAL: settings.portal ?? '',
      AUDIENCE: settings.audience,
      // Of a pull request, the commit that is proposed and not its merge with the base
      COMMIT: '${{ github.event.pull_request.head.sha || github.sha }}',
      ENTITIES: entities.join(' '),
      SUITE: suite,
      REPORTS: FOLDER,
      ...Object.fromEntries(
        Object.entries(files).map(([type, file]) => [
          `${type.toUpperCase()}_REPORT`,
          paths.get(file) ?? file,
        ]),
      ),
      ...(environment && { ENVIRONMENT: environment }),
      ...(mode && { MODE: mode }),
    },
    run: '.github/deploy/report-evidence.sh',
  };
}
