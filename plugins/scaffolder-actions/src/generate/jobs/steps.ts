import { Step } from '../model';
import { PipelineSettings } from '../plan';
import { secret } from '../expressions';

/** The code of the commit, without the token that fetched it. */
export function checkout(): Step {
  return {
    name: 'Check out',
    uses: 'actions/checkout',
    with: { 'persist-credentials': false },
  };
}

/** Logs in to Azure by the token of the job; the three names are no secrets, but are kept as such by habit. */
export function azureLogin(): Step {
  return {
    name: 'Log in to Azure',
    uses: 'azure/login',
    with: {
      'client-id': secret('AZURE_CLIENT_ID'),
      'tenant-id': secret('AZURE_TENANT_ID'),
      'subscription-id': secret('AZURE_SUBSCRIPTION_ID'),
    },
  };
}

/** Logs in to AWS by the token of the job, as a role and for an hour at most. */
export function awsLogin(role: string, region: string): Step {
  return {
    name: 'Log in to AWS',
    uses: 'aws-actions/configure-aws-credentials',
    with: { 'role-to-assume': role, 'aws-region': region },
  };
}

/** Not of a fork, whose jobs get no tokens that could write or report. */
export const ofThisRepository =
  'github.event.pull_request.head.repo.full_name == github.repository';

/** Puts a text beneath a pull request, in the place of what stood there before. */
export function commentStep(key: string, file: string): Step {
  return {
    name: 'Comment on the pull request',
    if: `!cancelled() && ${ofThisRepository}`,
    env: {
      GITHUB_TOKEN: '${{ github.token }}',
      PULL_REQUEST: '${{ github.event.pull_request.number }}',
      COMMENT: key,
      COMMENT_FILE: file,
    },
    run: '.github/deploy/comment-pull-request.sh',
  };
}

/** Reports that a job hands to the portal. */
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
  /** Only runs of pull requests have them. */
  ofPullRequest?: boolean;
}

/** Whether a job has something for the portal, which takes a token. */
export function isReporting(
  { portal }: PipelineSettings,
  { entities }: Reports,
): boolean {
  return portal !== undefined && entities.length > 0;
}

/** Posts reports to the portal by the job's own token; nothing where no portal is named. */
export function reportSteps(
  settings: PipelineSettings,
  reports: Reports,
): Step[] {
  const { entities, suite, files, environment, mode } = reports;
  return !isReporting(settings, reports)
    ? []
    : [
        {
          name: reports.title ?? 'Report to the portal',
          if: reports.ofPullRequest
            ? `!cancelled() && ${ofThisRepository}`
            : '!cancelled()',
          env: {
            PORTAL: settings.portal ?? '',
            AUDIENCE: settings.audience,
            // Of a pull request, the commit that is proposed and not its merge with the base
            COMMIT: '${{ github.event.pull_request.head.sha || github.sha }}',
            ENTITIES: entities.join(' '),
            SUITE: suite,
            ...Object.fromEntries(
              Object.entries(files).map(([type, file]) => [
                `${type.toUpperCase()}_REPORT`,
                file,
              ]),
            ),
            ...(environment && { ENVIRONMENT: environment }),
            ...(mode && { MODE: mode }),
          },
          run: '.github/deploy/report-evidence.sh',
        },
      ];
}
