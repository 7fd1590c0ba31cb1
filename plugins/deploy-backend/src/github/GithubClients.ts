import { LoggerService } from '@backstage/backend-plugin-api';
import {
  DefaultGithubCredentialsProvider,
  GithubCredentialsProvider,
  ScmIntegrationRegistry,
} from '@backstage/integration';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';

/** GitHub as seen with the credentials of one integration. */
export type GithubClient = Octokit;

/** How often a request that GitHub put off is tried again. */
const RATE_LIMIT_RETRIES = 2;

/** How long an answer may take for who does not wait. */
const IMPATIENT_MS = 30_000;

/** Makes clients for GitHub and GitHub Enterprise from app-config's `integrations.github`. */
export class GithubClients {
  readonly #integrations: ScmIntegrationRegistry;
  readonly #credentials: GithubCredentialsProvider;
  readonly #log: Octokit['log'];

  constructor(options: {
    integrations: ScmIntegrationRegistry;
    logger: LoggerService;
  }) {
    const { integrations, logger } = options;
    this.#integrations = integrations;
    this.#credentials =
      DefaultGithubCredentialsProvider.fromIntegrations(integrations);
    // Octokit calls an unchanged list an error; whoever asked says what is wrong.
    const debug = (message: string) => logger.debug(message);
    this.#log = { debug, info: debug, warn: debug, error: debug };
  }

  /**
   * The client for a page on GitHub, or undefined if no GitHub integration has its host.
   *
   * It waits for as long as GitHub's rate limit asks, and tries what failed again. With `wait: false` it
   * does neither, for those who keep what is left to do and come back.
   */
  async forUrl(
    url: string,
    options: { wait?: boolean } = {},
  ): Promise<GithubClient | undefined> {
    const integration = this.#integrations.github.byUrl(url);
    if (!integration) {
      return undefined;
    }
    const { token } = await this.#credentials.getCredentials({ url });
    const waits = options.wait ?? true;
    const PoliteOctokit = Octokit.plugin(retry, throttling);
    return new PoliteOctokit({
      auth: token,
      baseUrl: integration.config.apiBaseUrl,
      log: this.#log,
      throttle: {
        onRateLimit: (_after, _options, _octokit, retries) =>
          waits && retries < RATE_LIMIT_RETRIES,
        onSecondaryRateLimit: (_after, _options, _octokit, retries) =>
          waits && retries < RATE_LIMIT_RETRIES,
      },
      ...(!waits && {
        retry: { enabled: false },
        request: { fetch: fetchSoon },
      }),
    });
  }
}

function fetchSoon(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, { ...init, signal: AbortSignal.timeout(IMPATIENT_MS) });
}
