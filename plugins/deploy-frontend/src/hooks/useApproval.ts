import { useApi } from '@backstage/core-plugin-api';
import {
  GITHUB_TOKEN_HEADER,
  Promotion,
} from '@vvp/backstage-plugin-deploy-common';
import { deployApiRef } from '../api';
import { failureKind, failureMessage, toError } from '../logic/failure';
import { useGithubToken } from './useGithubToken';

type Seen = Pick<Promotion, 'id' | 'seen' | 'needsGithubToken'>;

/**
 * Approves promotions, with the user's own token of GitHub where the approval lets a run in there.
 *
 * @internal
 */
export function useApproval(): (
  promotion: Seen,
  comment?: string,
) => Promise<Promotion> {
  const deployApi = useApi(deployApiRef);
  const github = useGithubToken();
  return async ({ id, seen, needsGithubToken }, comment) => {
    const approval = { seen, ...(comment && { comment }) };
    const withToken = async () =>
      deployApi.approvePromotion(id, approval, {
        githubToken: await github.get(),
      });
    if (needsGithubToken) {
      return withToken();
    }
    try {
      return await deployApi.approvePromotion(id, approval);
    } catch (thrown) {
      // Others approved since the promotion was read: now this approval is the one that lets it in.
      if (isTokenMissing(toError(thrown))) {
        return withToken();
      }
      throw thrown;
    }
  };
}

function isTokenMissing(error: Error): boolean {
  return (
    failureKind(error) === 'bad-input' &&
    failureMessage(error).startsWith(`${GITHUB_TOKEN_HEADER}:`)
  );
}
