import { InputError } from '@backstage/errors';
import {
  DefaultGithubCredentialsProvider,
  ScmIntegrationRegistry,
} from '@backstage/integration';
import { Octokit } from '@octokit/rest';

/** A client for one repository, by the integrations of app-config or a token of one's own. */
export async function octokitFor(
  integrations: ScmIntegrationRegistry,
  options: {
    host: string;
    path: string;
    token: string | undefined;
    signal: AbortSignal | undefined;
  },
): Promise<Octokit> {
  const integration = integrations.github.byHost(options.host);
  if (!integration) {
    throw new InputError(
      `repoUrl: no integration in integrations.github of app-config has the host ${options.host}.`,
    );
  }
  const credentials =
    DefaultGithubCredentialsProvider.fromIntegrations(integrations);
  const { token } = options.token
    ? { token: options.token }
    : await credentials.getCredentials({
        url: `https://${options.host}/${options.path}`,
      });
  return new Octokit({
    auth: token,
    baseUrl: integration.config.apiBaseUrl,
    request: { signal: options.signal },
    // What goes wrong is thrown, and told once.
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
}
