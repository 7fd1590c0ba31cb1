import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { GateSummary } from '@vvp/backstage-plugin-deploy-common';
import { redact } from '../../operations/engine/redact';
import { readIdempotency } from '../../operations/requests/idempotency';
import { OperationRequests } from '../../operations/requests/OperationRequests';
import {
  KnownEnvironment,
  TargetEnvironments,
} from '../../targets/TargetEnvironments';
import {
  blueGreenWatch,
  defaultWatch,
  WatchLook,
  watchVerdict,
} from '../../verification/watchVerdict';
import { RevisionReader } from '../RevisionReader';
import { chooseRevision } from './chooseRevision';
import { inTime } from '../../targets/inTime';
import { Watch, WatchStore } from './WatchStore';

/** A deployment that finished longer ago is not fresh, whatever its window: the portal was down. */
const FRESH_MS = 60 * 60 * 1000;

/** A platform's words may be many. */
const MAX_REASON = 1_000;

/** How long a look may take. */
const LOOK_MS = 10_000;

/** Watches fresh deployments where deploy.yaml asks for it, and takes those back that turn out bad. */
export class AutomaticRollbacks {
  readonly #watches: WatchStore;
  readonly #environments: TargetEnvironments;
  readonly #revisions: Pick<RevisionReader, 'revisions'>;
  readonly #requests: Pick<OperationRequests, 'rollBack'>;
  readonly #gatesOf: (
    known: KnownEnvironment,
  ) => Promise<GateSummary | undefined>;
  readonly #logger: LoggerService;
  readonly #now: () => Date;

  constructor(options: {
    watches: WatchStore;
    environments: TargetEnvironments;
    revisions: Pick<RevisionReader, 'revisions'>;
    requests: Pick<OperationRequests, 'rollBack'>;
    /** Of what runs in the environment. */
    gatesOf: (known: KnownEnvironment) => Promise<GateSummary | undefined>;
    logger: LoggerService;
    now?: () => Date;
  }) {
    this.#watches = options.watches;
    this.#environments = options.environments;
    this.#revisions = options.revisions;
    this.#requests = options.requests;
    this.#gatesOf = options.gatesOf;
    this.#logger = options.logger;
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
    const { deploymentId, environmentId } = watch;
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
    const policy = policyOf(known);
    const windowMs = policy.checks * policy.seconds * 1000;
    if (
      this.#now().getTime() - Date.parse(watch.startedAt) >
      windowMs + FRESH_MS
    ) {
      await this.#watches.end(deploymentId, {
        state: 'not-possible',
        note: 'The portal was away for too long to judge it.',
      });
      return;
    }
    const looks = [...watch.looks, await this.#see(known, watch)].slice(
      -policy.checks,
    );
    const result = watchVerdict(looks, policy);
    if (result.verdict === 'watching') {
      await this.#watches.look(
        deploymentId,
        looks,
        new Date(this.#now().getTime() + policy.seconds * 1000),
      );
      return;
    }
    if (result.verdict === 'healthy') {
      await this.#watches.end(deploymentId, {
        state: 'healthy',
        note: result.why,
      });
      return;
    }
    await this.#rollBack(known, deploymentId, result.why);
  }

  async #see(known: KnownEnvironment, watch: Watch): Promise<WatchLook> {
    const summary = await this.#gatesOf(known);
    // Only what was measured since: a report that is missing or old says nothing about this deployment.
    const gates = (summary?.results ?? [])
      .filter(
        ({ evidenceType, measuredAt, carriedForward }) =>
          evidenceType === 'performance' &&
          measuredAt !== undefined &&
          measuredAt >= watch.startedAt &&
          !carriedForward,
      )
      .map(({ name, state, reason }) => ({ name, state, reason }));
    try {
      const { target, environment } = this.#environments.driven(known);
      const { state, reason } = await inTime(LOOK_MS, signal =>
        target.health(environment, signal),
      );
      return { health: state, ...(reason && { reason }), gates };
    } catch (error) {
      // A platform that cannot be asked says nothing about the deployment.
      return {
        health: 'unknown',
        reason: stringifyError(error),
        gates,
      };
    }
  }

  /** Refused by a hold or a quarantine, it stays as it is: never twice in a row. */
  async #rollBack(
    known: KnownEnvironment,
    deploymentId: string,
    why: string,
  ): Promise<void> {
    try {
      const { items } = await this.#revisions.revisions(known, { fresh: true });
      const revision = chooseRevision(items);
      if (!revision) {
        throw new Error(
          'There is no revision that worked here before and may come back.',
        );
      }
      const { id } = await this.#requests.rollBack(
        known,
        {
          revision: revision.id,
          reason: redact(`Automatic rollback. ${why}`).slice(0, MAX_REASON),
        },
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
      await this.#watches.end(deploymentId, {
        state: 'rolled-back',
        note: why,
        operationId: id,
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (error instanceof Error && error.name === 'ServiceUnavailableError') {
        // The platform is away for a moment: the next look tries again.
        this.#logger.warn('An automatic rollback waits for its platform', {
          deployment: deploymentId,
          cause: reason,
        });
        return;
      }
      this.#logger.warn('A bad deployment could not be rolled back', {
        deployment: deploymentId,
        why,
        cause: reason,
      });
      await this.#watches.end(deploymentId, {
        state: 'not-possible',
        note: `${why} It stays, because: ${reason}`,
      });
    }
  }
}

function policyOf({ definition }: KnownEnvironment): {
  checks: number;
  seconds: number;
} {
  const target = definition?.target;
  const window =
    target?.type === 'ecs' && target.strategy === 'blue-green'
      ? blueGreenWatch
      : defaultWatch;
  return {
    checks: definition?.rollback?.checks ?? window.checks,
    seconds: definition?.rollback?.secondsBetweenChecks ?? window.seconds,
  };
}
