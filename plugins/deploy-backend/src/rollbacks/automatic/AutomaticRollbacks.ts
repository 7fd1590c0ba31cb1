import { AuditorService, LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { JsonObject } from '@backstage/types';
import { GateSummary } from '@vvp/backstage-plugin-deploy-common';
import { redact } from '../../operations/engine/redact';
import { readIdempotency } from '../../operations/requests/idempotency';
import { OperationRequests } from '../../operations/requests/OperationRequests';
import {
  KnownEnvironment,
  TargetEnvironments,
} from '../../targets/TargetEnvironments';
import { WatchLook, watchVerdict } from '../../verification/watchVerdict';
import { RevisionReader } from '../RevisionReader';
import { auditAutomaticRollback } from './auditAutomaticRollback';
import { chooseRevision } from './chooseRevision';
import { lookAtDeployment } from './lookAtDeployment';
import { watchPolicy } from './watchPolicy';
import { Watch, WatchStore } from './WatchStore';

/** A deployment that finished longer ago is not fresh, whatever its window: the portal was down. */
const FRESH_MS = 60 * 60 * 1000;

/** A platform's words may be many. */
const MAX_REASON = 1_000;

/** Why a deployment has to go, and what serves in its stead, if it never came so far. */
interface Complaint {
  why: string;
  looks: readonly WatchLook[];
  serving?: string;
}

/** Watches fresh deployments where deploy.yaml asks for it, and takes those back that turn out bad. */
export class AutomaticRollbacks {
  readonly #watches: WatchStore;
  readonly #environments: TargetEnvironments;
  readonly #revisions: Pick<RevisionReader, 'revisions'>;
  readonly #requests: Pick<OperationRequests, 'rollBack'>;
  readonly #gatesOf: (
    known: KnownEnvironment,
  ) => Promise<GateSummary | undefined>;
  readonly #auditor: AuditorService;
  readonly #logger: LoggerService;
  readonly #onChange: (serviceIds: readonly string[]) => void;
  readonly #now: () => Date;

  constructor(options: {
    watches: WatchStore;
    environments: TargetEnvironments;
    revisions: Pick<RevisionReader, 'revisions'>;
    requests: Pick<OperationRequests, 'rollBack'>;
    /** Of what runs in the environment. */
    gatesOf: (known: KnownEnvironment) => Promise<GateSummary | undefined>;
    auditor: AuditorService;
    logger: LoggerService;
    /** What is seen of a deployment changed. */
    onChange: (serviceIds: readonly string[]) => void;
    now?: () => Date;
  }) {
    this.#watches = options.watches;
    this.#environments = options.environments;
    this.#revisions = options.revisions;
    this.#requests = options.requests;
    this.#gatesOf = options.gatesOf;
    this.#auditor = options.auditor;
    this.#logger = options.logger;
    this.#onChange = options.onChange;
    this.#now = options.now ?? (() => new Date());
  }

  /** Begins watches, and looks at those that are due. One replica does it at a time. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#begin();
    for (const watch of await this.#watches.due(this.#now())) {
      if (signal.aborted) {
        return;
      }
      try {
        await this.#look(watch);
      } catch (error) {
        this.#logger.warn('A fresh deployment could not be looked at', {
          deployment: watch.deploymentId,
          cause: stringifyError(error),
        });
      }
    }
  }

  prune(before: Date): Promise<void> {
    return this.#watches.prune(before);
  }

  async #begin(): Promise<void> {
    const now = this.#now();
    const fresh = await this.#watches.unwatched(
      new Date(now.getTime() - FRESH_MS),
    );
    for (const watch of fresh) {
      const known = await this.#environments.find({ id: watch.environmentId });
      if (
        known?.definition?.rollback?.automatic &&
        this.#environments.isDriven(known)
      ) {
        await this.#watches.begin(watch, now);
      }
    }
  }

  async #look(watch: Watch): Promise<void> {
    const { deploymentId, environmentId, release } = watch;
    const known = await this.#environments.find({ id: environmentId });
    if (
      known?.currentDeploymentId !== deploymentId ||
      !known.definition?.rollback?.automatic
    ) {
      await this.#watches.end(deploymentId, {
        state: 'replaced',
        note: 'Something else runs there now, or nobody asks for it any more.',
      });
      return;
    }
    const policy = watchPolicy(known.definition);
    const windowMs = policy.checks * policy.seconds * 1000;
    const age = this.#now().getTime() - Date.parse(watch.startedAt);
    if (age > windowMs + FRESH_MS) {
      await this.#end(known, watch, {
        state: 'unjudged',
        note: 'The portal was away for too long to judge it.',
      });
      return;
    }
    const gates = await this.#failableGates(known, watch);
    const seen = await lookAtDeployment(
      this.#environments.driven(known),
      release,
      watch.looks.at(-1)?.serving,
    );
    const looks = [...watch.looks, { ...seen, gates }].slice(-policy.checks);
    const result = watchVerdict(looks, policy);
    switch (result.verdict) {
      case 'watching':
        await this.#watches.look(
          deploymentId,
          looks,
          new Date(this.#now().getTime() + policy.seconds * 1000),
        );
        this.#onChange([known.serviceId]);
        break;
      case 'healthy':
        await this.#end(known, watch, {
          state: 'healthy',
          note: result.why,
          looks,
        });
        break;
      default:
        await this.#takeOut(known, watch, { ...result, looks });
    }
  }

  /** Only what was measured since: a report that is missing or old says nothing about this deployment. */
  async #failableGates(
    known: KnownEnvironment,
    { startedAt }: Watch,
  ): Promise<WatchLook['gates']> {
    const summary = await this.#gatesOf(known);
    return (summary?.results ?? [])
      .filter(
        ({ evidenceType, measuredAt, carriedForward }) =>
          evidenceType === 'performance' &&
          measuredAt !== undefined &&
          measuredAt >= startedAt &&
          !carriedForward,
      )
      .map(({ name, state, reason }) => ({ name, state, reason }));
  }

  /** Refused by a hold or a quarantine, it stays as it is: never twice in a row. */
  async #takeOut(
    known: KnownEnvironment,
    watch: Watch,
    complaint: Complaint,
  ): Promise<void> {
    const { deploymentId } = watch;
    const { looks, serving } = complaint;
    const why = redact(complaint.why).slice(0, MAX_REASON);
    const reason = `Automatic rollback. ${why}`;
    const about: JsonObject = {
      entityRef: known.entityRef,
      environment: known.name,
      deployment: deploymentId,
      reason,
    };
    try {
      const revision = await this.#revisionFor(known, serving);
      if (revision === undefined) {
        await this.#end(known, watch, {
          state: 'replaced',
          note: `${why} Nobody has told how that came there.`,
          looks,
        });
        return;
      }
      about.revision = revision;
      const operationId = await this.#rollBack(known, watch, {
        revision,
        reason,
        ...(serving !== undefined && { takenOut: watch.release }),
      });
      await auditAutomaticRollback(this.#auditor, about, {
        operation: operationId,
      });
      await this.#end(known, watch, {
        state: serving === undefined ? 'rolled-back' : 'kept-out',
        note: why,
        operationId,
        looks,
      });
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      if (failure.name === 'ServiceUnavailableError') {
        // The platform is away for a moment: the next look tries again.
        this.#logger.warn('An automatic rollback waits for its platform', {
          deployment: deploymentId,
          cause: failure.message,
        });
        return;
      }
      this.#logger.warn('A bad deployment could not be rolled back', {
        deployment: deploymentId,
        why,
        cause: failure.message,
      });
      await auditAutomaticRollback(this.#auditor, about, { failure });
      await this.#end(known, watch, {
        state: 'not-possible',
        note: `${why} It stays, because: ${redact(failure.message)}`,
        looks,
      });
    }
  }

  async #rollBack(
    known: KnownEnvironment,
    { deploymentId }: Watch,
    request: Parameters<OperationRequests['rollBack']>[1],
  ): Promise<string> {
    const { id } = await this.#requests.rollBack(
      known,
      request,
      {
        by: 'automatic',
        automatic: true,
        permission: { name: 'deploy.rollback', allowed: true },
      },
      // Asked for once, whatever becomes of this process.
      readIdempotency(deploymentId, 'automatic', {
        path: 'automatic-rollback',
        body: {},
      }),
    );
    return id;
  }

  /**
   * What comes back; where something else serves already, that, so that it is confirmed and the release kept
   * out. Undefined if that never was a deployment that worked: then it is not known to be what was before.
   */
  async #revisionFor(
    known: KnownEnvironment,
    serving: string | undefined,
  ): Promise<string | undefined> {
    const { items } = await this.#revisions.revisions(known, { fresh: true });
    if (serving !== undefined) {
      return items.find(
        ({ id, lastDeployedAt }) => id === serving && lastDeployedAt,
      )?.id;
    }
    const chosen = chooseRevision(items);
    if (!chosen) {
      throw new Error(
        'There is no revision that worked here before and may come back.',
      );
    }
    return chosen.id;
  }

  async #end(
    known: KnownEnvironment,
    { deploymentId }: Watch,
    end: Parameters<WatchStore['end']>[1],
  ): Promise<void> {
    await this.#watches.end(deploymentId, end);
    this.#onChange([known.serviceId]);
  }
}
