import {
  configApiRef,
  githubAuthApiRef,
  useApiHolder,
} from '@backstage/core-plugin-api';
import { useCallback } from 'react';

/**
 * The user's own token of GitHub.
 *
 * @internal
 */
export interface GithubToken {
  /** Whether the portal has a sign-in to GitHub. */
  configured: boolean;
  /** Signs in to GitHub if the user is not yet. Throws if they do not want to, or the portal cannot. */
  get(): Promise<string>;
}

/**
 * What to do where the portal has no sign-in to GitHub.
 *
 * @internal
 */
export const noGithubSignIn =
  'This portal has no sign-in to GitHub. Review the run at GitHub, and have the administrators of the portal add auth.providers.github to app-config.';

/**
 * Asks for the user's own token of GitHub, by Backstage's sign-in to it.
 *
 * @internal
 */
export function useGithubToken(): GithubToken {
  const apis = useApiHolder();
  const github = apis.get(githubAuthApiRef);
  const providers = apis
    .get(configApiRef)
    ?.getOptionalConfig('auth.providers')
    ?.keys();
  const configured = Boolean(github && providers?.includes('github'));
  const get = useCallback(async () => {
    const token = configured && (await github?.getAccessToken('repo'));
    if (!token) {
      throw new Error(
        configured
          ? 'GitHub gave no token: sign in to GitHub and try again.'
          : noGithubSignIn,
      );
    }
    return token;
  }, [github, configured]);
  return { configured, get };
}
