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

/** Reports that a job hands to the portal. */
export interface Reports {
  /** Whom they are about, as full references. */
  entities: readonly string[];
  suite: string;
  /** Files by the type of evidence that they hold. */
  files: Readonly<Partial<Record<'test' | 'coverage', string>>>;
  /** Where it was measured. */
  environment?: string;
  mode?: string;
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
          name: 'Report to the portal',
          if: '!cancelled()',
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
