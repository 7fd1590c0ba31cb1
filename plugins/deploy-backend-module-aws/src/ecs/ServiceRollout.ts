import { StepControl, TargetError } from '@vvp/backstage-plugin-deploy-node';
import { EcsApi } from './EcsApi';
import { requireDrivable } from './requireDrivable';
import { judgeRollout } from './rollout';
import { ServiceReader } from './ServiceReader';
import {
  DeploymentView,
  isGoingBack,
  ServiceSnapshot,
  shiftsTraffic,
  underWay,
} from './snapshot';
import { StepMemory } from './StepMemory';
import { whyNotUp } from './whyNotUp';

/** How often somebody else's deployment on top of ours is replaced before we give up. */
const mostReplacements = 5;
const nothingBefore = 'none';

export interface RolloutOptions {
  api: EcsApi;
  reader: ServiceReader;
  control: StepControl;
  memory: StepMemory;
  /** Between two looks at ECS. */
  pollMilliseconds: number;
  /** After how long to say why it did not get there. */
  limitMilliseconds: number;
}

/**
 * Brings a revision into a service and waits for it. Every part may be begun again by another process at
 * any point: what ECS already does or did is recognised, and not asked for again.
 */
export class ServiceRollout {
  readonly #options: RolloutOptions;
  #deadline: number;

  constructor(options: RolloutOptions) {
    this.#options = options;
    this.#deadline = Date.now() + options.limitMilliseconds;
  }

  /**
   * Where ECS shifts traffic, takes a deployment of another revision back before anything else: during its
   * bake time that alone brings production back at once. A rolling one is simply replaced later.
   */
  async stopOther(revision: string): Promise<{ stopped: boolean }> {
    let stopped = false;
    for (;;) {
      const snapshot = await this.#look();
      const other = this.#otherUnderWay(snapshot, revision);
      if (!other) {
        return { stopped };
      }
      stopped = (await this.#takeBack(other)) || stopped;
      await this.#waitBefore(`deployment of ${other.target} to be taken back`);
    }
  }

  /**
   * Asks ECS for the revision unless it is set already.
   *
   * @param force - asks for new tasks even if it is
   */
  async bringIn(
    revision: string,
    force = false,
  ): Promise<{ changed: boolean; after?: string }> {
    const { api, control, memory } = this.#options;
    await this.stopOther(revision);
    const snapshot = await this.#look();
    const isSet = snapshot.taskDefinition === revision;
    const again = isSet && (force || needsNewTasks(snapshot));
    const earlier = memory.text('forcedFrom');
    const isForced = earlier !== undefined && earlier !== primaryOf(snapshot);
    if (isSet && (!again || isForced)) {
      return { changed: false, after: memory.text('after') };
    }
    // Kept before the change: whoever begins again has to tell what came of it.
    const after = snapshot.deployments[0]?.arn ?? nothingBefore;
    await memory.set({
      after,
      ...(again && { forcedFrom: primaryOf(snapshot) }),
    });
    await api.updateService(revision, again);
    control.log(
      again
        ? `ECS was asked to start new tasks of ${revision}.`
        : `ECS was asked to bring in ${revision}, in place of ${
            snapshot.taskDefinition ?? 'what ran'
          }.`,
    );
    return { changed: true, after };
  }

  /** @param begun - ARN of the newest service deployment from before the change, if there was one */
  async untilStable(revision: string, begun?: string): Promise<void> {
    const { control } = this.#options;
    await this.#beginWaiting();
    let said = 'ECS was not asked yet.';
    try {
      for (;;) {
        const progress = await this.#advance(revision, begun);
        if (progress === undefined) {
          control.log(`All tasks run ${revision}.`);
          return;
        }
        if (progress !== said) {
          said = progress;
          control.log(said);
        }
        if (this.#isLate()) {
          throw await this.#unhealthy(late(revision, said));
        }
        await this.#pause();
      }
    } catch (error) {
      if (control.signal.aborted) {
        throw new TargetError('unhealthy', late(revision, said));
      }
      throw error;
    }
  }

  /** Takes back what a restart began, if that is still under way. */
  async takeBackOwn(revision: string): Promise<void> {
    const after = this.#options.memory.text('after');
    while (after !== undefined) {
      const current = underWay(await this.#look());
      if (!current || current.arn === after || current.target !== revision) {
        return;
      }
      await this.#takeBack(current);
      await this.#waitBefore('restart to be taken back');
    }
  }

  /** Fails as `busy` while something else is being brought in. */
  async refuseOther(revision: string): Promise<void> {
    const snapshot = await this.#look();
    const current = underWay(snapshot);
    if (current && current.target !== revision) {
      throw new TargetError(
        'busy',
        `ECS is bringing ${current.target ?? 'another revision'} into the ${
          this.#options.api.resource
        }.`,
        { remedy: 'Wait until that deployment is over.' },
      );
    }
  }

  /** Does what the state of the service asks for; says how far it is, `undefined` at the end. */
  async #advance(
    revision: string,
    begun: string | undefined,
  ): Promise<string | undefined> {
    const after = this.#options.memory.text('after') ?? begun;
    let verdict = judgeRollout(await this.#look(), revision, after);
    if (verdict.state === 'failed') {
      // ECS tells its parts one after the other: what took the place of ours meanwhile may not be among them.
      verdict = judgeRollout(await this.#look(), revision, after);
    }
    switch (verdict.state) {
      case 'stable':
        return undefined;
      case 'failed':
        throw await this.#unhealthy(verdict.reason);
      case 'superseded':
        await this.#replace(revision, verdict.by);
        return `${revision} takes the place of ${verdict.by}.`;
      default:
        return verdict.summary;
    }
  }

  /** The time counts from when the first process began to wait. */
  async #beginWaiting(): Promise<void> {
    const { memory, limitMilliseconds } = this.#options;
    const since = memory.number('waitingSince');
    if (since === 0) {
      await memory.set({ waitingSince: Date.now() });
    }
    this.#deadline = (since || Date.now()) + limitMilliseconds;
  }

  async #look(): Promise<ServiceSnapshot> {
    const snapshot = await this.#options.reader.snapshot();
    requireDrivable(snapshot, this.#options.api.resource);
    return snapshot;
  }

  async #replace(revision: string, by: string): Promise<void> {
    const { control, memory, api } = this.#options;
    const count = memory.number('replaced') + 1;
    if (count > mostReplacements) {
      throw new TargetError(
        'invalid',
        `Something else keeps deploying to the ${api.resource}: ${by} took the place of ${revision} ${mostReplacements} times.`,
        { remedy: 'Stop the pipeline that deploys there, then try again.' },
      );
    }
    control.log(
      `Somebody else deployed ${by} meanwhile. ${revision} is brought in again.`,
      'warn',
    );
    await memory.set({ replaced: count });
    await this.bringIn(revision);
  }

  #otherUnderWay(
    snapshot: ServiceSnapshot,
    revision: string,
  ): DeploymentView | undefined {
    const current = underWay(snapshot);
    if (!current || !shiftsTraffic(snapshot.service)) {
      return undefined;
    }
    return current.target !== revision || isGoingBack(current)
      ? current
      : undefined;
  }

  /** Whether it was asked for now; a deployment that is stopping needs no second request. */
  async #takeBack(deployment: DeploymentView): Promise<boolean> {
    if (
      deployment.status !== 'PENDING' &&
      deployment.status !== 'IN_PROGRESS'
    ) {
      return false;
    }
    const { api, control, memory } = this.#options;
    const isFirst = memory.text('stopped') === undefined;
    // Kept before the change: what was never asked for needs no undoing.
    await memory.set({ stopped: deployment.arn });
    try {
      await api.stopServiceDeployment(deployment.arn);
    } catch (error) {
      if (isFirst && isRefusal(error)) {
        await memory.set({ stopped: null });
      }
      if (error instanceof TargetError && error.kind === 'busy') {
        // It ended between the look and the request.
        return false;
      }
      throw error;
    }
    control.log(
      `ECS was asked to take the deployment of ${
        deployment.target ?? 'another revision'
      } back.`,
    );
    return true;
  }

  async #waitBefore(what: string): Promise<void> {
    if (this.#isLate()) {
      throw new TargetError(
        'busy',
        `ECS is not done in the ${
          this.#options.api.resource
        }; still waiting for the ${what}.`,
      );
    }
    await this.#pause();
  }

  #pause(): Promise<void> {
    return this.#options.control.wait(this.#options.pollMilliseconds);
  }

  #isLate(): boolean {
    return Date.now() >= this.#deadline;
  }

  async #unhealthy(reason: string): Promise<TargetError> {
    const { api } = this.#options;
    const details = await whyNotUp(api);
    return new TargetError(
      'unhealthy',
      [reason, ...details].join(' ').replace(/\s+/g, ' ').trim(),
      {
        remedy:
          'Look at the stopped tasks and events in the diagnostics, and at the logs in CloudWatch.',
      },
    );
  }
}

/** Whether ECS did nothing for sure; without an answer it may have. */
function isRefusal(error: unknown): boolean {
  return error instanceof TargetError && error.kind !== 'transient';
}

function late(revision: string, said: string): string {
  return `${revision} did not become stable in time: ${said}`;
}

/** Its last deployment failed and nothing tries any more. */
function needsNewTasks(snapshot: ServiceSnapshot): boolean {
  return snapshot.primary?.rolloutState === 'FAILED' && !underWay(snapshot);
}

function primaryOf(snapshot: ServiceSnapshot): string {
  return snapshot.primary?.id ?? nothingBefore;
}
