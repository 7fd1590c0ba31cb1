import { LoggerService, UrlReaderService } from '@backstage/backend-plugin-api';
import {
  checkRepository,
  formatSpecFindings,
  parsePipelineSpec,
  PipelineSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { GithubClients } from '../github/GithubClients';
import { FileAtCommit, lastCommitOf } from '../github/lastCommitOf';
import { ServiceStore } from '../store/ServiceStore';
import { SpecStore, StoredSpec } from '../store/SpecStore';
import { readBounded } from './readBounded';

/** The largest deploy.yaml that is read. */
const MAX_SPEC_BYTES = 1024 * 1024;

/** Keeps each service's deploy.yaml as it stands in its repository. */
export class SpecRefresher {
  readonly #reader: UrlReaderService;
  readonly #github: GithubClients;
  readonly #services: ServiceStore;
  readonly #specs: SpecStore;
  readonly #logger: LoggerService;
  readonly #beforeChange: (repository: string) => Promise<void>;

  constructor(options: {
    reader: UrlReaderService;
    github: GithubClients;
    services: ServiceStore;
    specs: SpecStore;
    logger: LoggerService;
    /** Called before another spec takes the place of one; if it fails, that is tried again later. */
    beforeChange?: (repository: string) => Promise<void>;
  }) {
    this.#reader = options.reader;
    this.#github = options.github;
    this.#services = options.services;
    this.#specs = options.specs;
    this.#logger = options.logger;
    this.#beforeChange = options.beforeChange ?? (async () => {});
  }

  /** Reads the specs of a repository's services again. True if any of them has changed. */
  async refreshRepository(repository: string): Promise<boolean> {
    const services = await this.#services.listByRepository(repository);
    const urls = new Set(
      services
        .filter(service => !service.removed)
        .flatMap(service => service.specUrl ?? []),
    );
    let changed = false;
    for (const url of urls) {
      changed = (await this.#refresh(url, repository)) || changed;
    }
    return changed;
  }

  async #refresh(url: string, repository: string): Promise<boolean> {
    const known = await this.#specs.get(url, repository);
    try {
      const file = await this.#locate(url);
      if (file && known && !known.problem && file.commit === known.commit) {
        return false;
      }
      return await this.#read(url, repository, known, file);
    } catch (error) {
      return this.#noteFailure(url, repository, known, error);
    }
  }

  async #locate(url: string): Promise<FileAtCommit | undefined> {
    const client = await this.#github.forUrl(url);
    return client && lastCommitOf(client, url);
  }

  async #read(
    url: string,
    repository: string,
    known: StoredSpec | undefined,
    file: FileAtCommit | undefined,
  ): Promise<boolean> {
    const response = await this.#reader.readUrl(file?.url ?? url, {
      etag: known?.problem ? undefined : known?.etag,
    });
    const text = await readBounded(response, MAX_SPEC_BYTES);
    const result = parsePipelineSpec(text);
    const mismatch = result.ok && checkRepository(result.spec, repository);
    if (!result.ok || mismatch) {
      const findings = result.ok
        ? [mismatch].flatMap(one => one || [])
        : result.findings;
      return this.#noteProblem(url, repository, known, {
        message: formatSpecFindings(findings, fileName(url)),
        line: findings[0]?.line,
      });
    }
    const foreign = await this.#entityElsewhere(result.spec, repository);
    if (foreign) {
      return this.#noteProblem(url, repository, known, { message: foreign });
    }
    if (known?.spec) {
      await this.#beforeChange(repository);
    }
    await this.#specs.saveGood(
      {
        url,
        repository,
        spec: result.spec,
        commit: file?.commit,
        etag: file ? undefined : response.etag,
      },
      new Date(),
    );
    return true;
  }

  /** A spec may only speak for entities of its own repository. */
  async #entityElsewhere(
    spec: PipelineSpec,
    repository: string,
  ): Promise<string | undefined> {
    const refs = spec.services.flatMap(service => service.entityRef ?? []);
    const others = await this.#services.listByEntityRefs(refs);
    const foreign = others.find(service => service.repository !== repository);
    return (
      foreign &&
      `deploy.yaml names ${foreign.entityRef}, which is an entity of the repository ${foreign.repository}. Name entities of ${repository} only, or correct the annotation github.com/project-slug of the entity.`
    );
  }

  async #noteFailure(
    url: string,
    repository: string,
    known: StoredSpec | undefined,
    error: unknown,
  ): Promise<boolean> {
    const name = error instanceof Error ? error.name : '';
    if (name === 'NotModifiedError') {
      return false;
    }
    if (name === 'NotFoundError') {
      return known?.spec
        ? this.#noteProblem(url, repository, known, {
            message:
              'deploy.yaml is no longer there. Put it back, or point the annotation deploy.vvp.io/spec to where it is now.',
          })
        : false;
    }
    if (name === 'InputError' && error instanceof Error) {
      return this.#noteProblem(url, repository, known, {
        message: error.message,
      });
    }
    // The source is out of reach: the file may be as good as ever.
    this.#logger.warn('deploy.yaml could not be read and will be tried again', {
      url,
      cause: error instanceof Error ? error.message : String(error),
    });
    return false;
  }

  async #noteProblem(
    url: string,
    repository: string,
    known: StoredSpec | undefined,
    problem: { message: string; line?: number },
  ): Promise<boolean> {
    if (known?.problem?.message === problem.message) {
      return false;
    }
    const now = new Date();
    await this.#specs.saveProblem(
      {
        url,
        repository,
        ...problem,
        since: known?.problem?.since ?? now.toISOString(),
      },
      now,
    );
    this.#logger.warn('deploy.yaml is not valid; the last good one stays', {
      url,
      problem: problem.message,
    });
    return true;
  }
}

function fileName(url: string): string {
  return new URL(url).pathname.split('/').pop() || 'deploy.yaml';
}
