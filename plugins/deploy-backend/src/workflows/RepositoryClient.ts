import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { GithubClient, GithubClients } from '../github/GithubClients';
import { repositoryPage } from '../github/repositoryPage';
import { ServiceStore } from '../store/ServiceStore';
import { Question, workflowFailure } from './workflowFailure';

/** What knows GitHub's hosts and the repositories on them. */
export interface GithubAccess {
  github: Pick<GithubClients, 'forUrl'>;
  services: Pick<ServiceStore, 'listPages'>;
}

/** An answer that is asked for again and again. */
export interface Tagged<T> {
  value: T;
  etag?: string;
}

/** Asks GitHub about one repository; its failures are TargetErrors. */
export class RepositoryClient {
  readonly #access: GithubAccess;
  readonly #repository: string;
  readonly #signal: AbortSignal;

  constructor(access: GithubAccess, repository: string, signal: AbortSignal) {
    this.#access = access;
    this.#repository = repository;
    this.#signal = signal;
  }

  /** Asks again for what is known; the same comes back if nothing has changed. */
  async askUnless<T>(
    question: Question,
    known: Tagged<T> | undefined,
    ask: (
      client: GithubClient,
      at: { owner: string; repo: string },
      headers: Record<string, string>,
    ) => Promise<{ data: unknown; headers: { etag?: string } }>,
    read: (data: unknown) => T,
  ): Promise<Tagged<T>> {
    let etag: string | undefined;
    try {
      const data = await this.ask(question, async (client, at) => {
        const response = await ask(
          client,
          at,
          known?.etag ? { 'if-none-match': known.etag } : {},
        );
        etag = response.headers.etag;
        return response;
      });
      return { value: read(data), ...(etag && { etag }) };
    } catch (error) {
      // Octokit calls it an error; it costs nothing of GitHub's limit.
      if (known && statusOf(error) === 304) {
        return known;
      }
      throw error;
    }
  }

  async ask(
    question: Question,
    ask: (
      client: GithubClient,
      at: { owner: string; repo: string },
    ) => Promise<{ data: unknown }>,
  ): Promise<unknown> {
    this.#signal.throwIfAborted();
    const [owner, repo] = this.#repository.split('/');
    try {
      const client = await this.#client();
      const { data } = await unlessAborted(
        ask(client, { owner, repo }),
        this.#signal,
      );
      return data;
    } catch (error) {
      if (this.#signal.aborted) {
        throw error;
      }
      throw workflowFailure(error, question, new Date());
    }
  }

  async #client(): Promise<GithubClient> {
    const page = await repositoryPage(this.#access.services, this.#repository);
    const client =
      page && (await this.#access.github.forUrl(page, { wait: false }));
    if (!client) {
      throw new TargetError(
        'credentials',
        page
          ? `No GitHub integration has the host of ${this.#repository}.`
          : `No service of the catalog is in ${
              this.#repository
            }, so that its host is not known.`,
        {
          remedy:
            'Add the host with an app or a token to integrations.github of app-config, or bring the entity back into the catalog.',
        },
      );
    }
    return client;
  }
}

/** The status that GitHub answered with. */
export function statusOf(error: unknown): unknown {
  return (error as { status?: unknown } | undefined)?.status;
}

/** An answer that nobody waits for any more is not waited for; the request itself may still have its effect. */
async function unlessAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (stop) {
      signal.removeEventListener('abort', stop);
    }
  }
}
