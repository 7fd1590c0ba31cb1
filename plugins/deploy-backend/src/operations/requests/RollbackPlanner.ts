import { Revision } from '@vvp/backstage-plugin-deploy-common';
import {
  AdmissionDesk,
  AdmissionRequest,
} from '../../restrictions/AdmissionDesk';
import { KnownRelease, ReleaseHistory } from '../../rollbacks/ReleaseHistory';
import {
  KnownEnvironment,
  TargetEnvironments,
} from '../../targets/TargetEnvironments';
import { askPlatform } from './askPlatform';
import { VersionCheck, versionFor } from './checkVersion';
import {
  RollbackFacts,
  RollbackPlan,
  rollbackPlan,
  rollbackQuestion,
} from './rollbackPlan';
import { Caller } from './types';

/** Finds out what a rollback would do and whether it would be let through; changes nothing. */
export class RollbackPlanner {
  readonly #environments: TargetEnvironments;
  readonly #history: ReleaseHistory;
  readonly #desk: AdmissionDesk;
  readonly #askVersion: (known: KnownEnvironment) => Promise<VersionCheck>;

  constructor(options: {
    environments: TargetEnvironments;
    history: ReleaseHistory;
    desk: AdmissionDesk;
    /** See {@link checkVersion}. */
    askVersion: (known: KnownEnvironment) => Promise<VersionCheck>;
  }) {
    this.#environments = options.environments;
    this.#history = options.history;
    this.#desk = options.desk;
    this.#askVersion = options.askVersion;
  }

  /** Asks the platform for its plan, and admission about it. */
  async plan(
    known: KnownEnvironment,
    revision: string,
    caller: Caller,
    kind: 'rollback' | 'redeploy',
    options: {
      /** A release that serves and is not known yet is remembered, so that it can be quarantined. */
      remember?: boolean;
      /** The bad release, where it is not the one that serves. */
      takenOut?: KnownRelease;
      /** It takes a canary back. */
      endsCanary?: boolean;
    } = {},
  ): Promise<RollbackPlan> {
    const facts = await this.#factsOf(known, revision, caller, options);
    const admission = await this.#desk.ask(
      rollbackQuestion(known, kind, caller, facts),
    );
    return rollbackPlan(known, facts, admission);
  }

  /** When what is to come in last ran here; undefined where no policy asks. */
  async lastRan(
    { id, definition }: KnownEnvironment,
    revision: Pick<Revision, 'id' | 'commit' | 'current'>,
  ): Promise<AdmissionRequest['lastRan']> {
    const withinDays = definition?.rollback?.withinDays;
    if (withinDays === undefined) {
      return undefined;
    }
    const at = await this.#history.lastRan(id, revision);
    return { ...(at && { at }), withinDays };
  }

  async #factsOf(
    known: KnownEnvironment,
    revision: string,
    caller: Caller,
    options: {
      remember?: boolean;
      takenOut?: KnownRelease;
      endsCanary?: boolean;
    },
  ): Promise<RollbackFacts> {
    const { target, environment } = this.#environments.driven(known);
    const plan = await askPlatform({ target, environment }, signal =>
      target.planRollback(environment, revision, signal),
    );
    const { serviceId } = known;
    const releaseThatServes = async () =>
      plan.from?.commit
        ? this.#history[options.remember ? 'rememberRelease' : 'releaseOf'](
            serviceId,
            plan.from.commit,
          )
        : this.#history.currentRelease(known.id);
    const [fromRelease, toRelease] = await Promise.all([
      options.takenOut ?? releaseThatServes(),
      this.#history.releaseOf(serviceId, plan.to?.commit),
    ]);
    const to = plan.to ?? { id: revision, current: plan.alreadyThere };
    const [entry] = await this.#history.describe(
      { serviceId, environmentId: known.id },
      [to],
    );
    return {
      plan,
      to,
      fromRelease,
      toRelease,
      quarantine: entry.quarantine,
      version: plan.alreadyThere
        ? {}
        : versionFor(caller, await this.#askVersion(known), plan.from),
      lastRan: await this.lastRan(known, to),
      neverServed: options.takenOut !== undefined,
      endsCanary: options.endsCanary,
    };
  }
}
