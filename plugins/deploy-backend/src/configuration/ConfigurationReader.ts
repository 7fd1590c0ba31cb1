import { LoggerService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import {
  ANNOTATION_SERVICE,
  ConfigurationComparison,
} from '@vvp/backstage-plugin-deploy-common';
import gitUrlParse from 'git-url-parse';
import { Knex } from 'knex';
import { changesBetween } from '../changes/changesBetween';
import { CommitChanges } from '../changes/CommitChanges';
import { CommitChange } from '../changes/types';
import { tellFailure } from '../commits/GithubCommits';
import { until } from '../commits/until';
import { GithubClients } from '../github/GithubClients';
import { repositoryPage } from '../github/repositoryPage';
import { loadCurrentCommit, loadRelease } from '../promotions/readinessQueries';
import { SharedAnswers } from '../rollbacks/SharedAnswers';
import { ServiceRow } from '../store/rows';
import { ServiceStore } from '../store/ServiceStore';
import { KnownEnvironment } from '../targets/TargetEnvironments';
import { RepositoryFile, SpecsAtCommits } from './SpecsAtCommits';
import {
  ComparisonFacts,
  namedFiles,
  SpecReading,
  toComparison,
} from './toComparison';

const LIMIT_MS = 10_000;

/** Tells what a release changes in the configuration of an environment, by what GitHub has of the two commits. */
export class ConfigurationReader {
  readonly #knex: Knex;
  readonly #github: Pick<GithubClients, 'forUrl'>;
  readonly #services: Pick<ServiceStore, 'listPages'>;
  readonly #changes: Pick<CommitChanges, 'fetchNow'>;
  readonly #logger: LoggerService;
  readonly #limitMs: number;
  readonly #specs = new SpecsAtCommits();
  readonly #shared = new SharedAnswers<ConfigurationComparison>();

  constructor(options: {
    knex: Knex;
    github: Pick<GithubClients, 'forUrl'>;
    services: Pick<ServiceStore, 'listPages'>;
    changes: Pick<CommitChanges, 'fetchNow'>;
    logger: LoggerService;
    /** How long it may take over all. Default: 10 seconds. */
    limitMs?: number;
  }) {
    this.#knex = options.knex;
    this.#github = options.github;
    this.#services = options.services;
    this.#changes = options.changes;
    this.#logger = options.logger;
    this.#limitMs = options.limitMs ?? LIMIT_MS;
  }

  /**
   * Against what runs in the environment now. It never fails because of GitHub: what is not known in time is
   * said in `state` and `message`. Undefined if the service has no such release.
   */
  async compare(
    known: KnownEnvironment,
    releaseId: string,
  ): Promise<ConfigurationComparison | undefined> {
    const release = await loadRelease(this.#knex, {
      id: releaseId,
      serviceId: known.serviceId,
    });
    if (!release) {
      return undefined;
    }
    const to = release.commit;
    const { commit: from, recorded } = await loadCurrentCommit(
      this.#knex,
      known.id,
    );
    if (from === to) {
      return { from, to, state: 'known', differences: [] };
    }
    if (from === undefined && recorded) {
      // There is nothing to ask GitHub for.
      return toComparison({
        place: { entityRef: known.entityRef, environment: known.name },
        recorded,
        after: { commit: to, reading: { state: 'missing' } },
      });
    }
    // Whoever else asks meanwhile would be told that GitHub is being asked already.
    const key = JSON.stringify([known.id, from, to]);
    const compared = await this.#shared.get(key, key, this.#limitMs, () =>
      this.#compareCommits(known, from, to),
    );
    if (compared.state !== 'known') {
      this.#shared.forget(key);
    }
    return compared;
  }

  async #compareCommits(
    known: KnownEnvironment,
    from: string | undefined,
    to: string,
  ): Promise<ConfigurationComparison> {
    const service = await this.#knex<ServiceRow>('services')
      .where({ id: known.serviceId })
      .first('spec_url', 'annotations');
    const serviceKey = JSON.parse(service?.annotations ?? '{}')[
      ANNOTATION_SERVICE
    ] as string | undefined;
    const signal = AbortSignal.timeout(this.#limitMs);
    const reading = await this.#readings(
      known.repository,
      service?.spec_url ?? undefined,
      signal,
    );
    const [before, after] = await Promise.all([
      from === undefined ? undefined : reading(from),
      reading(to),
    ]);
    const facts: ComparisonFacts = {
      place: {
        entityRef: known.entityRef,
        environment: known.name,
        ...(serviceKey !== undefined && { serviceKey }),
      },
      ...(from !== undefined &&
        before && { before: { commit: from, reading: before } }),
      after: { commit: to, reading: after },
    };
    return toComparison(
      from !== undefined && namedFiles(facts).length > 0
        ? {
            ...facts,
            changes: await this.#changesBetween(
              { repository: known.repository, from, to },
              signal,
            ),
          }
        : facts,
    );
  }

  /** What reads the deploy.yaml of a service at a commit. */
  async #readings(
    repository: string,
    specUrl: string | undefined,
    signal: AbortSignal,
  ): Promise<(commit: string) => Promise<SpecReading>> {
    const unread = (error: unknown): SpecReading => ({
      state: 'unread',
      message: this.#note(repository, error, signal),
    });
    let file: RepositoryFile | undefined;
    try {
      file = await until(signal, this.#open(repository, specUrl));
    } catch (error) {
      return async () => unread(error);
    }
    if (!file) {
      return async () => ({
        state: 'unread',
        message: `The deploy.yaml of this service is not in ${repository} at GitHub, so that it is not known what it said at a commit.`,
      });
    }
    const found = file;
    return async commit => {
      try {
        return await until(signal, this.#specs.read(found, commit, signal));
      } catch (error) {
        return unread(error);
      }
    };
  }

  /** Undefined if the file is elsewhere: commits of the repository say nothing of it. */
  async #open(
    repository: string,
    specUrl: string | undefined,
  ): Promise<RepositoryFile | undefined> {
    const page = await repositoryPage(this.#services, repository);
    const path = page && specUrl && pathIn(page, specUrl);
    if (!path) {
      return undefined;
    }
    const client = await this.#github.forUrl(page, { wait: false });
    if (!client) {
      throw new NotFoundError(
        `No GitHub integration has the host of ${repository}. Add one to integrations.github in app-config.`,
      );
    }
    return { client, repository, path };
  }

  async #changesBetween(
    range: { repository: string; from: string; to: string },
    signal: AbortSignal,
  ): Promise<CommitChange[]> {
    try {
      return await until(signal, changesBetween(this.#changes, range));
    } catch (error) {
      if (!signal.aborted) {
        throw error;
      }
      return [{ state: 'unknown' }];
    }
  }

  /** Logs a failure; the answer is for whoever looks at the release. */
  #note(repository: string, error: unknown, signal: AbortSignal): string {
    this.#logger.debug('GitHub does not tell a deploy.yaml at a commit', {
      repository,
      cause: error instanceof Error ? error.message : String(error),
    });
    if (signal.aborted) {
      return `GitHub did not answer within ${
        this.#limitMs / 1_000
      } seconds. Try again.`;
    }
    return error instanceof NotFoundError
      ? error.message
      : tellFailure(error, new Date());
  }
}

/** The path of a file in the repository that has a page; undefined if it is elsewhere. */
function pathIn(page: string, url: string): string | undefined {
  try {
    const { owner, name, filepath } = gitUrlParse(url);
    const home = new URL(page);
    const isThere =
      new URL(url).host === home.host &&
      `/${owner}/${name}`.toLocaleLowerCase('en-US') === home.pathname;
    return isThere && filepath ? filepath : undefined;
  } catch {
    return undefined;
  }
}
