import { AuditorService, LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import {
  canarySettingsOf,
  GateSummary,
} from '@vvp/backstage-plugin-deploy-common';
import pLimit from 'p-limit';
import { OperationRequests } from '../../operations/requests/OperationRequests';
import {
  KnownEnvironment,
  TargetEnvironments,
} from '../../targets/TargetEnvironments';
import { WatchLook, watchVerdict } from '../../verification/watchVerdict';
import { RevisionReader } from '../RevisionReader';
import { lookAtDeployment } from './lookAtDeployment';
import { Removal } from './Removal';
import { FRESH_MS, watchPolicy } from './watchPolicy';
import { Watch, WatchEnd, WatchStore } from './WatchStore';

/** How many resources are looked at at once: a platform that does not answer keeps nobody waiting for another one. */
const AT_ONCE = 8;

/** Watches fresh deployments where deploy.yaml asks for it, and takes those back that turn out bad. */
export class AutomaticRollbacks {
  readonly #watches: WatchStore;
  readonly #environments: TargetEnvironments;
  readonly #removal: Removal;
  readonly #gatesOf: (
    known: KnownEnvironment,
  ) => Promise<GateSummary | undefined>;
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
    this.#removal = new Removal(options);
    this.#gatesOf = options.gatesOf;
    this.#logger = options.logger;
    this.#onChange = options.onChange;
    this.#now = options.now ?? (() => new Date());
  }

  /** Begins watches, and looks at those that are due. One replica does it at a time. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#begin();
    const due = await this.#watches.due(this.#now());
    const groups = await this.#byResource(due);
    const limit = pLimit(AT_ONCE);
    await Promise.all(
      groups.map(group =>
        limit(async () => {
          for (const watch of group) {
            await this.#lookUnless(signal, watch);
          }
        }),
      ),
    );
  }

  /**
   * Watches by what they are about: a machine answers one question after the other, and the time that a look has
   * would be spent on waiting for its turn.
   */
  async #byResource(due: readonly Watch[]): Promise<Watch[][]> {
    const groups = new Map<string, Watch[]>();
    for (const watch of due) {
      const resource = await this.#resourceOf(watch);
      groups.set(resource, [...(groups.get(resource) ?? []), watch]);
    }
    return [...groups.values()];
  }

  async #resourceOf({ environmentId }: Watch): Promise<string> {
    try {
      const known = await this.#environments.find({ id: environmentId });
      if (known) {
        const { target, environment } = this.#environments.driven(known);
        return target.describe(environment).lockKey;
      }
    } catch {
      // The look at it says why.
    }
    return environmentId;
  }

  async #lookUnless(stopping: AbortSignal, watch: Watch): Promise<void> {
    if (stopping.aborted) {
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
        this.#environments.isDriven(known) &&
        !(await this.#isCanary(known, watch.deploymentId))
      ) {
        await this.#watches.begin(watch, now);
      }
    }
  }

  /** While it has a part of the traffic only, its canary judges it. */
  async #isCanary(
    known: KnownEnvironment,
    deploymentId: string,
  ): Promise<boolean> {
    return (
      canarySettingsOf(known.definition?.target) !== undefined &&
      this.#environments.driven(known).target.canary !== undefined &&
      (await this.#watches.isOnItsWay(deploymentId))
    );
  }

  async #look(watch: Watch): Promise<void> {
    const { deploymentId, environmentId, release } = watch;
    const known = await this.#environments.find({ id: environmentId });
    // The process may have died when the rollback was on its way, and before the watch was told.
    const begun = await this.#removal.begun(known, watch);
    if (begun) {
      await this.#watches.end(deploymentId, begun);
      this.#onChange(known ? [known.serviceId] : []);
      return;
    }
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
      await this.#end(
        known,
        watch,
        watch.waits === undefined
          ? {
              state: 'unjudged',
              note:
                watch.looks.length < policy.checks
                  ? 'The portal was away for too long to judge it.'
                  : 'It was unwell when it was last seen, and nobody has told since whether it still is.',
            }
          : await this.#removal.giveUp(known, watch, watch.waits),
      );
      return;
    }
    const gates = await this.#failableGates(known, watch);
    const seen = await lookAtDeployment(
      this.#environments.driven(known),
      release,
      watch.looks.at(-1)?.serving,
    );
    const all = [...watch.looks, { ...seen, gates }];
    // After the window a look that tells nothing takes the place of none that does.
    const isSilent =
      all.length > policy.checks &&
      seen.health === 'unknown' &&
      seen.serving?.isThis !== false;
    const looks = isSilent ? watch.looks : all.slice(-policy.checks);
    const result = watchVerdict(isSilent ? all : looks, policy);
    const goOn = async (waits?: string) => {
      await this.#watches.look(
        deploymentId,
        looks,
        new Date(this.#now().getTime() + policy.seconds * 1000),
        waits,
      );
      this.#onChange([known.serviceId]);
    };
    switch (result.verdict) {
      case 'watching':
        await goOn();
        break;
      case 'healthy':
        await this.#end(known, watch, {
          state: 'healthy',
          note: result.why,
          looks,
        });
        break;
      default: {
        const removed = await this.#removal.takeOut(known, watch, {
          ...result,
          looks,
        });
        await ('waits' in removed
          ? goOn(removed.waits)
          : this.#end(known, watch, { ...removed, looks }));
      }
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

  async #end(
    known: KnownEnvironment,
    { deploymentId }: Watch,
    end: WatchEnd,
  ): Promise<void> {
    await this.#watches.end(deploymentId, end);
    this.#onChange([known.serviceId]);
  }
}
