import { Deployment, EvidenceType } from '@vvp/backstage-plugin-deploy-common';

/**
 * The URL if a browser may follow it, else nothing: addresses come from outside.
 *
 * @internal
 */
export function safeUrl(url: string | undefined): string | undefined {
  if (!url || !URL.canParse(url)) {
    return undefined;
  }
  const { protocol } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? url : undefined;
}

/**
 * Page of the run or job that made the deployment.
 *
 * @internal
 */
export function runUrl(deployment: Deployment): string | undefined {
  return safeUrl(deployment.url) ?? safeUrl(deployment.run?.url);
}

/**
 * Page of the deployed commit or of another one of the same repository, told from the address of the run: both
 * live under the repository's.
 *
 * @internal
 */
export function commitUrl(
  deployment: Pick<Deployment, 'release' | 'run' | 'url'>,
  commit: string = deployment.release.commit,
): string | undefined {
  for (const url of [deployment.run?.url, deployment.url]) {
    const safe = safeUrl(url);
    const end = safe?.indexOf('/actions/runs/') ?? -1;
    if (safe && end > 0) {
      return `${safe.slice(0, end)}/commit/${commit}`;
    }
  }
  return undefined;
}

/**
 * How commits are shown where space is short.
 *
 * @internal
 */
export function shortCommit(commit: string): string {
  return commit.slice(0, 7);
}

/**
 * Where a report is shown, on the tab of a service.
 *
 * @internal
 */
export function evidenceUrl(
  entityUrl: string,
  reportId: string,
  type: EvidenceType | undefined,
): string {
  const section = type ? `#${type}` : '';
  return `${entityUrl}/evidence?report=${encodeURIComponent(
    reportId,
  )}${section}`;
}

/**
 * Where the rollbacks of a service are, or one of its operations.
 *
 * @internal
 */
export function rollbackUrl(entityUrl: string, operationId?: string): string {
  const search = operationId
    ? `?operation=${encodeURIComponent(operationId)}`
    : '';
  return `${entityUrl}/rollback${search}`;
}

/**
 * A promotion on the tab of its service.
 *
 * @internal
 */
export function promotionUrl(entityUrl: string, promotionId: string): string {
  return `${entityUrl}/deployments?promotion=${encodeURIComponent(
    promotionId,
  )}`;
}

/**
 * Page of all promotions, and of one of them.
 *
 * @internal
 */
export function promotionsPath(promotionId?: string): string {
  return promotionId === undefined
    ? '/deploy/promotions'
    : `/deploy/promotions/${encodeURIComponent(promotionId)}`;
}

/**
 * Page of all freezes.
 *
 * @internal
 */
export const freezesPath = '/deploy/freezes';
