import { useApi } from '@backstage/core-plugin-api';
import { Promotion } from '@vvp/backstage-plugin-deploy-common';
import { deployApiRef } from '../api';
import { useGithubToken } from './useGithubToken';

/**
 * Rejects promotions, at GitHub as well where a run waits there for a reviewer. It stands in the portal
 * without that, too.
 *
 * @internal
 */
export function useRejection(): (
  promotion: Pick<Promotion, 'id' | 'seam' | 'run'>,
  comment: string,
) => Promise<Promotion> {
  const deployApi = useApi(deployApiRef);
  const github = useGithubToken();
  return async ({ id, seam, run }, comment) => {
    const githubToken =
      seam === 'review' && run && github.configured
        ? await github.get().catch(() => undefined)
        : undefined;
    return githubToken
      ? deployApi.rejectPromotion(id, { comment }, { githubToken })
      : deployApi.rejectPromotion(id, { comment });
  };
}
