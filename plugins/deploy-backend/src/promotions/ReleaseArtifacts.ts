import { ArtifactAt } from '@vvp/backstage-plugin-deploy-common';
import { RevisionReader } from '../rollbacks/RevisionReader';
import { inTime } from '../targets/inTime';
import {
  KnownEnvironment,
  TargetEnvironments,
} from '../targets/TargetEnvironments';

/** How long an answer is given without asking again: whoever cleans a registry does not do so every minute. */
const FRESH_MS = 5 * 60_000;

/** How long whoever asks waits; what is not told by then is told the next time. */
const WAIT_MS = 5_000;

/** How long a platform may take. */
const ASK_MS = 30_000;

const MAX_ANSWERS = 1_000;

/** Platforms whose revisions name images that a registry can be asked for. */
const withRegistry: readonly string[] = [
  'azure-container-app',
  'ecs',
  'kubernetes',
];

interface Answer {
  at: number;
  told: Promise<ArtifactAt | undefined>;
}

/**
 * Tells whether what a release runs is still there: of the environments that a release goes through, the last
 * one whose platform has a revision of it is asked, and that asks the registry. Never throws.
 */
export class ReleaseArtifacts {
  readonly #environments: Pick<
    TargetEnvironments,
    'find' | 'isDriven' | 'driven'
  >;
  readonly #revisions: Pick<RevisionReader, 'revisions'>;
  readonly #waitMs: number;
  readonly #now: () => number;
  readonly #answers = new Map<string, Answer>();

  constructor(options: {
    environments: Pick<TargetEnvironments, 'find' | 'isDriven' | 'driven'>;
    revisions: Pick<RevisionReader, 'revisions'>;
    /** Default: 5 seconds. */
    waitMs?: number;
    /** Default: the time that it is. */
    now?: () => number;
  }) {
    this.#environments = options.environments;
    this.#revisions = options.revisions;
    this.#waitMs = options.waitMs ?? WAIT_MS;
    this.#now = options.now ?? (() => Date.now());
  }

  /**
   * @param environment - The one that the release is to go into.
   * @param earlier - Names of those before, in order from the first stop.
   * @returns Undefined if no platform has a revision of it.
   */
  async of(
    environment: KnownEnvironment,
    earlier: readonly string[],
    commit: string,
  ): Promise<ArtifactAt | undefined> {
    const { told } = this.#answer(environment, earlier, commit);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<ArtifactAt>(resolve => {
      timer = setTimeout(
        () => resolve({ environment: environment.name, state: 'pending' }),
        this.#waitMs,
      );
    });
    try {
      return await Promise.race([told, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #answer(
    environment: KnownEnvironment,
    earlier: readonly string[],
    commit: string,
  ): Answer {
    const key = JSON.stringify([environment.id, earlier, commit]);
    const known = this.#answers.get(key);
    if (known && this.#now() - known.at < FRESH_MS) {
      return known;
    }
    const answer: Answer = {
      at: this.#now(),
      told: this.#ask(environment, earlier, commit),
    };
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= MAX_ANSWERS) {
        break;
      }
      this.#answers.delete(oldest);
    }
    return answer;
  }

  async #ask(
    environment: KnownEnvironment,
    earlier: readonly string[],
    commit: string,
  ): Promise<ArtifactAt | undefined> {
    const { entityRef } = environment;
    for (const name of [environment.name, ...[...earlier].reverse()]) {
      try {
        const known =
          name === environment.name
            ? environment
            : await this.#environments.find({ entityRef, name });
        const told = known && (await this.#askAt(known, commit));
        if (told) {
          return told;
        }
      } catch (error) {
        return {
          environment: name,
          state: 'unknown',
          message: error instanceof Error ? error.message : String(error),
        };
      }
    }
    return undefined;
  }

  async #askAt(
    known: KnownEnvironment,
    commit: string,
  ): Promise<ArtifactAt | undefined> {
    const type = known.definition?.target?.type;
    if (
      type === undefined ||
      !withRegistry.includes(type) ||
      !this.#environments.isDriven(known)
    ) {
      return undefined;
    }
    const { items } = await this.#revisions.revisions(known);
    const revision = items.find(one => one.commit === commit);
    if (!revision) {
      return undefined;
    }
    const { target, environment } = this.#environments.driven(known);
    const { artifact } = await inTime(
      ASK_MS,
      signal => target.planRollback(environment, revision.id, signal),
      target.describe(environment).resource,
    );
    return { environment: known.name, ...artifact };
  }
}
