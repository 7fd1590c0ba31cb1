import { LoggerService } from '@backstage/backend-plugin-api';
import {
  CommitRange,
  Condition,
  FreezeInForce,
  GateSummary,
  judgeReadiness,
  PromotionClass,
  PromotionPolicy,
  PromotionState,
  Readiness,
  ReadinessFacts,
  Release,
  seenBy,
  Standing,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { HoldStore } from '../restrictions/HoldStore';
import { LockStore } from '../restrictions/LockStore';
import { KnownEnvironment } from '../targets/TargetEnvironments';
import {
  CurrentCommit,
  loadCurrentCommit,
  loadEarlier,
  loadRelease,
} from './readinessQueries';
import { JudgingPolicy } from './policy/judgingPolicy';
import { ReleaseAuthors } from './policy/releaseAuthors';
import { StoredPromotion } from './rows';

/** In front of the name of somebody whom the catalog did not know. */
const LOGIN = 'github:';

/** What readiness asks besides the tables. */
export interface ReadinessSources {
  policyOf(
    environment: KnownEnvironment,
    promotionClass: PromotionClass,
    /** Ids of conditions that somebody let pass. */
    overridden: readonly string[],
  ): Promise<Omit<JudgingPolicy, 'terms'> & { terms?: string }>;
  poolsOf(policy: PromotionPolicy): Promise<ReadinessFacts['pools']>;
  gatesOf(
    serviceId: string,
    environment: string,
    commit: string,
  ): Promise<GateSummary | undefined>;
  freezesOf(
    environment: KnownEnvironment,
    at: Date,
  ): Promise<readonly FreezeInForce[]>;
  commitsBetween(
    environment: KnownEnvironment,
    range: { from: string; to: string },
  ): Promise<CommitRange>;
  authorsOf(
    environment: KnownEnvironment,
    range: { from?: string; to: string },
  ): Promise<Pick<ReleaseAuthors, 'users' | 'unmapped' | 'complete'>>;
  /** Everybody who has a login at GitHub; left out, nobody is known by one. */
  usersOfLogin?(login: string): Promise<readonly string[]>;
  /** Of the release's commit. */
  specOf(
    environment: KnownEnvironment,
    commit: string,
  ): Promise<ReadinessFacts['spec']>;
  /** What the name of a branch or tag says of a commit; left out, nobody is asked. */
  refOf?(
    environment: KnownEnvironment,
    release: { ref: string; commit: string },
  ): Promise<ReadinessFacts['release']['refIs']>;
  /** Whether what it runs is still there; absent where nobody is asked. */
  artifactOf?(
    environment: KnownEnvironment,
    release: { commit: string; earlier: readonly string[] },
  ): Promise<ReadinessFacts['artifactAt']>;
  seamOf(
    environment: KnownEnvironment,
    policy: PromotionPolicy,
  ): { seam: Readiness['seam']; remedy?: string };
}

/** A release and an environment, and what is asked of one on its way into the other. */
export interface Judged {
  release: Release & { ref?: string };
  policy: PromotionPolicy;
  state: Readiness['state'];
  conditions: Condition[];
  approvals: Readiness['approvals'];
  standing: Standing;
  gates?: GateSummary;
  facts: ReadinessFacts;
}

/** Gathers what readiness looks at, and has it judged. */
export class ReadinessDesk {
  readonly #knex: Knex;
  readonly #locks: LockStore;
  readonly #holds: HoldStore;
  readonly #sources: ReadinessSources;
  readonly #logger: LoggerService;

  constructor(options: {
    knex: Knex;
    locks: LockStore;
    holds: HoldStore;
    sources: ReadinessSources;
    logger: LoggerService;
  }) {
    this.#knex = options.knex;
    this.#locks = options.locks;
    this.#holds = options.holds;
    this.#sources = options.sources;
    this.#logger = options.logger;
  }

  /** Undefined if the service has no such release. */
  async judge(
    environment: KnownEnvironment,
    request: {
      releaseId: string;
      class: PromotionClass;
      /** The promotion that asks; without one, what would be if there were one. */
      promotion?: StoredPromotion;
      automatic?: boolean;
    },
    now: Date,
  ): Promise<Judged | undefined> {
    const { promotion } = request;
    const found = await loadRelease(this.#knex, {
      id: request.releaseId,
      serviceId: environment.serviceId,
    });
    if (!found) {
      return undefined;
    }
    const { serviceId: _, ...release } = found;
    const overridden = (promotion?.state.overridden ?? []).flatMap(
      ({ conditions }) => conditions,
    );
    const {
      policy,
      change,
      terms,
      earlier: before,
    } = await this.#sources.policyOf(environment, request.class, overridden);
    const current = await loadCurrentCommit(this.#knex, environment.id);
    const range =
      current.commit && current.commit !== release.commit
        ? await this.#range(environment, current.commit, release.commit)
        : undefined;
    const [
      gates,
      earlier,
      lock,
      hold,
      freezes,
      running,
      pools,
      authors,
      starters,
      spec,
      artifactAt,
      refIs,
    ] = await Promise.all([
      this.#sources.gatesOf(
        environment.serviceId,
        environment.name,
        release.commit,
      ),
      loadEarlier(this.#knex, {
        serviceId: environment.serviceId,
        names: before,
        releaseId: release.id,
      }),
      this.#locks.current(environment.id, now),
      this.#holds.current(environment.id),
      this.#sources.freezesOf(environment, now),
      this.#running(environment.id, promotion),
      this.#sources.poolsOf(policy),
      this.#sources.authorsOf(environment, {
        ...(current.commit && { from: current.commit }),
        to: release.commit,
      }),
      this.#usersAmong(promotion),
      this.#sources.specOf(environment, release.commit),
      this.#sources.artifactOf?.(environment, {
        commit: release.commit,
        earlier: before,
      }),
      policy.refs && release.ref !== undefined
        ? this.#sources.refOf?.(environment, {
            ref: release.ref,
            commit: release.commit,
          })
        : undefined,
    ]);
    const { remedy } = this.#sources.seamOf(environment, policy);
    const state: PromotionState | undefined = promotion?.state;
    const facts: ReadinessFacts = {
      now: now.toISOString(),
      environment: { name: environment.name, tier: environment.tier },
      release: {
        commit: release.commit,
        ...(release.version && { version: release.version }),
        ...(release.artifact && { artifact: release.artifact }),
        ...(release.ref && { ref: release.ref }),
        ...(refIs && { refIs }),
      },
      policy,
      ...(change && { policyChange: change }),
      ...(terms !== undefined && { terms }),
      ...(gates && { gates }),
      earlier,
      relation: relationOf(current, release.commit, range),
      ...(promotion?.artifact &&
        promotion.artifact !== release.artifact && {
          artifactChangedFrom: promotion.artifact,
        }),
      ...(artifactAt && { artifactAt }),
      ...(release.quarantine && { quarantine: release.quarantine }),
      ...(spec && { spec }),
      ...(lock && { lock }),
      ...(hold && { hold }),
      automatic: request.automatic ?? promotion?.requested_by === 'automatic',
      freezes: [...freezes],
      ...(running && { running }),
      ...(policy.seam !== 'dispatch' && {
        pipeline: {
          // Attached when a run asks at this very environment.
          waits: Boolean(promotion?.run_id),
          ...(remedy && { remedy }),
        },
      }),
      voices: state?.voices ?? [],
      pools,
      involved: {
        ...(promotion && { requester: promotion.requested_by }),
        authors: [
          ...authors.users,
          ...(promotion?.run_started_by ? [promotion.run_started_by] : []),
          ...starters,
        ],
        ...((!authors.complete || authors.unmapped.length > 0) && {
          incomplete: true,
        }),
      },
      overridden,
    };
    return {
      release,
      policy,
      ...judgeReadiness(facts),
      ...(gates && { gates }),
      facts,
    };
  }

  /** The lock in force, with nothing else asked. */
  lockOn({ id }: Pick<KnownEnvironment, 'id'>, now: Date) {
    return this.#locks.current(id, now);
  }

  /**
   * The same, to be shown: a hotfix that the policy no longer takes is judged as any release, with a condition
   * that says so.
   */
  async look(
    ...[environment, request, now]: Parameters<ReadinessDesk['judge']>
  ): Promise<Judged | undefined> {
    try {
      return await this.judge(environment, request, now);
    } catch (error) {
      if (request.class !== 'hotfix' || !isError(error, 'ConflictError')) {
        throw error;
      }
      const judged = await this.judge(
        environment,
        { ...request, class: 'regular' },
        now,
      );
      return (
        judged && {
          ...judged,
          state: 'blocked',
          conditions: [noHotfix(error.message), ...judged.conditions],
        }
      );
    }
  }

  /** What an approval given now is bound to. */
  static seen({ release, gates }: Pick<Judged, 'release' | 'gates'>): string {
    return seenBy({
      commit: release.commit,
      ...(release.artifact && { artifact: release.artifact }),
      ...(gates && { gates }),
    });
  }

  /** Judged, as the API gives it. */
  toReadiness(
    environment: KnownEnvironment,
    judged: Judged,
    promotionId?: string,
  ): Readiness {
    const { ref: _, ...release } = judged.release;
    const { seam, remedy } = this.#sources.seamOf(environment, judged.policy);
    return {
      entityRef: environment.entityRef,
      environment: environment.name,
      tier: environment.tier,
      release,
      state: judged.state,
      conditions: judged.conditions,
      approvals: judged.approvals,
      ...(judged.gates && { gates: judged.gates }),
      seam,
      ...(remedy && { seamRemedy: remedy }),
      ...(promotionId && { promotionId }),
      at: judged.facts.now,
    };
  }

  /** Who asked by a login that stood for nobody yet, or for several: each may be the one who did. */
  async #usersAmong(promotion: StoredPromotion | undefined): Promise<string[]> {
    const logins = [promotion?.requested_by, promotion?.run_started_by].flatMap(
      by => (by?.startsWith(LOGIN) ? by.slice(LOGIN.length) : []),
    );
    const users = await Promise.all(
      [...new Set(logins)].map(
        async login => (await this.#sources.usersOfLogin?.(login)) ?? [],
      ),
    );
    return users.flat();
  }

  /** GitHub may be away: then nobody knows which release is newer, and the condition says so. */
  async #range(
    environment: KnownEnvironment,
    from: string,
    to: string,
  ): Promise<CommitRange | undefined> {
    try {
      return await this.#sources.commitsBetween(environment, { from, to });
    } catch (error) {
      this.#logger.warn('Commits of a promotion could not be read', {
        environment: environment.name,
        service: environment.entityRef,
        cause: error instanceof Error ? error.message : String(error),
      });
      return undefined;
    }
  }

  /** An operation, or another promotion that is on its way. */
  async #running(
    environmentId: string,
    promotion: StoredPromotion | undefined,
  ): Promise<ReadinessFacts['running']> {
    const operation = await this.#knex('operations')
      .where({ environment_id: environmentId })
      .whereIn('status', ['queued', 'running'])
      .whereNot('id', promotion?.operation_id ?? '')
      .first('id', 'kind');
    if (operation) {
      return { id: operation.id, kind: operation.kind };
    }
    const other = await this.#knex('promotions')
      .where({ environment_id: environmentId, status: 'executing' })
      .whereNot('id', promotion?.id ?? '')
      .first('id');
    return other && { id: other.id, kind: 'promotion' };
  }
}

function isError(error: unknown, name: string): error is Error {
  return error instanceof Error && error.name === name;
}

function noHotfix(reason: string): Condition {
  return {
    id: 'spec:hotfix',
    kind: 'spec',
    title: 'Hotfix',
    state: 'unmet',
    reason,
    clearedBy: { how: 'Request a regular promotion.' },
    overridable: false,
  };
}

function relationOf(
  current: CurrentCommit,
  commit: string,
  range: CommitRange | undefined,
): ReadinessFacts['relation'] {
  if (current.commit === undefined) {
    return current.recorded ? 'recorded' : 'first';
  }
  if (current.commit === commit) {
    // What was taken down may go in once more.
    return current.down ? 'first' : 'same';
  }
  if (!range || range.state === 'unknown') {
    return 'unknown';
  }
  if (range.state === 'unrelated') {
    return 'unrelated';
  }
  return range.direction === 'backward' ? 'older' : 'newer';
}
