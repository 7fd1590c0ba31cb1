import {
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import { JsonObject } from '@backstage/types';
import {
  Admission,
  Deployment,
  OperationKind,
  OperationOverride,
  Override,
  Revision,
  RevisionReference,
} from '@vvp/backstage-plugin-deploy-common';
import { TargetPlan } from '@vvp/backstage-plugin-deploy-node';
import {
  AdmissionDesk,
  AdmissionRequest,
} from '../../restrictions/AdmissionDesk';
import { identityOf } from '../../restrictions/quarantinedIdentity';
import { revisionToQuarantine } from '../../restrictions/revisionToQuarantine';
import { KnownRelease, ReleaseHistory } from '../../rollbacks/ReleaseHistory';
import {
  DrivenEnvironment,
  KnownEnvironment,
  TargetEnvironments,
} from '../../targets/TargetEnvironments';
import { NewOperation, NewStep } from '../engine/types';
import { rollbackConfirmation } from '../../verification/rollbackConfirmation';
import { assertConfirmed, checkReason } from './checkRequest';
import {
  planRedeploySteps,
  planRerunSteps,
  planRestartSteps,
  planRollbackSteps,
  planWorkflowSteps,
} from './planSteps';
import { VersionCheck, versionFor } from './checkVersion';
import { inTime } from '../../targets/inTime';
import { assertAdmitted, toHttpError } from './toHttpError';
import { whyNoRerun } from './whyNoRerun';
import { AlsoDeployed, FailedRun } from '../../workflows';

type Started = { id: string; created: boolean };

/** How long a platform may take to answer before anything is stored. */
const PLAN_MS = 30_000;

/** Who asks. */
export interface Caller {
  /** Entity ref, or `automatic`. */
  by: string;
  automatic: boolean;
  permission: { name: string; allowed: boolean };
  /** Waives what is overridable. */
  override?: Override;
}

/** A rollback as it is planned before it is asked for. */
export interface RollbackPlan {
  target: TargetPlan;
  steps: NewStep[];
  admission: Admission;
  from?: Revision;
  to: Revision;
  fromRelease?: KnownRelease;
  toRelease?: KnownRelease;
  confirmation?: string;
  /** What does not stand in the way, and may spoil the proof. */
  warning?: string;
}

/** Turns requests into operations: plans them, has them admitted, and hands them to the engine. */
export class OperationRequests {
  readonly #environments: TargetEnvironments;
  readonly #history: ReleaseHistory;
  readonly #desk: AdmissionDesk;
  readonly #askVersion: (known: KnownEnvironment) => Promise<VersionCheck>;
  readonly #findRepeated: (
    idempotency: NonNullable<NewOperation['idempotency']>,
  ) => Promise<string | undefined>;
  readonly #submit: (operation: NewOperation) => Promise<Started>;

  constructor(options: {
    environments: TargetEnvironments;
    history: ReleaseHistory;
    desk: AdmissionDesk;
    /** See {@link checkVersion}. */
    askVersion: (known: KnownEnvironment) => Promise<VersionCheck>;
    /** See {@link findRepeated}. */
    findRepeated: (
      idempotency: NonNullable<NewOperation['idempotency']>,
    ) => Promise<string | undefined>;
    submit: (operation: NewOperation) => Promise<Started>;
  }) {
    this.#environments = options.environments;
    this.#history = options.history;
    this.#desk = options.desk;
    this.#askVersion = options.askVersion;
    this.#findRepeated = options.findRepeated;
    this.#submit = options.submit;
  }

  /** Asks the platform, and changes nothing. */
  async planRollback(
    known: KnownEnvironment,
    revision: string,
    caller: Caller,
    kind: 'rollback' | 'redeploy' = 'rollback',
    options: {
      remember?: boolean;
      /** The bad release, where it is not the one that serves. */
      takenOut?: KnownRelease;
      /** It takes a canary back. */
      endsCanary?: boolean;
    } = {},
  ): Promise<RollbackPlan> {
    const { target, environment } = this.#environments.driven(known);
    const plan = await asking({ target, environment }, signal =>
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
    const version: VersionCheck = plan.alreadyThere
      ? {}
      : versionFor(caller, await this.#askVersion(known), plan.from);
    const lastRan = await this.#lastRan(known, to);
    const unavailable =
      to.unavailable ??
      (plan.artifact.state === 'missing'
        ? plan.artifact.message ?? 'What this revision runs is gone.'
        : undefined);
    const badRevision = options.takenOut
      ? undefined
      : revisionToQuarantine(plan, {
          from: fromRelease?.id,
          to: toRelease?.id,
        });
    const admission = await this.#desk.ask({
      kind,
      automatic: caller.automatic,
      environmentId: known.id,
      ...(toRelease && { releaseId: toRelease.id }),
      ...(entry.quarantine && { quarantine: entry.quarantine }),
      permission: caller.permission,
      ...(caller.override && { override: caller.override }),
      ...(unavailable !== undefined && { unavailable }),
      ...(version.problem && { versionProblem: version.problem }),
      ...(options.endsCanary && { endsCanary: true }),
      ...(lastRan && { lastRan }),
    });
    return {
      target: plan,
      steps: planRollbackSteps({
        plan,
        unproven: isUnproven(admission),
        keepOut: options.takenOut !== undefined,
        definition: definitionOf(known),
        url: known.url,
        commit: toRelease?.commit ?? to.commit,
        ...(fromRelease &&
          fromRelease.id !== toRelease?.id && {
            fromReleaseId: fromRelease.id,
          }),
        ...(badRevision && !options.takenOut && { fromRevision: badRevision }),
      }),
      admission,
      ...(plan.from && { from: plan.from }),
      to,
      ...(fromRelease && { fromRelease }),
      ...(toRelease && { toRelease }),
      confirmation: rollbackConfirmation(known.tier, known.serviceName),
      ...(version.warning && { warning: version.warning }),
    };
  }

  async rollBack(
    known: KnownEnvironment,
    request: {
      revision: string;
      reason: string;
      confirm?: string;
      /** The bad release, where it is not the one that serves: it never came so far. */
      takenOut?: KnownRelease;
      /** `takenOut` is a canary, which had a part of the traffic. */
      endsCanary?: boolean;
    },
    caller: Caller,
    idempotency?: NewOperation['idempotency'],
  ): Promise<Started> {
    const reason = checkReason(request.reason);
    if (!caller.automatic) {
      assertConfirmed(
        rollbackConfirmation(known.tier, known.serviceName),
        request.confirm,
      );
    }
    return this.#once(idempotency, async () => {
      const plan = await this.planRollback(
        known,
        request.revision,
        caller,
        'rollback',
        // A bad release that nobody has told of yet is to be quarantined, too.
        {
          remember: true,
          takenOut: request.takenOut,
          endsCanary: request.endsCanary,
        },
      );
      assertAdmitted(plan.admission);
      return this.#start(known, 'rollback', caller, {
        reason,
        steps: plan.steps,
        waived: plan.admission.waived,
        neverServed: request.takenOut !== undefined,
        endsCanary: request.endsCanary,
        from: request.takenOut
          ? releaseReference(request.takenOut)
          : plan.from && referenceOf(plan.from, plan.fromRelease),
        to: referenceOf(plan.to, plan.toRelease),
        fromReleaseId: plan.fromRelease?.id,
        toReleaseId: plan.toRelease?.id,
        idempotency,
      });
    });
  }

  /** Of a chosen release; without one, the pipeline runs for this service although nothing changed. */
  async redeploy(
    known: KnownEnvironment,
    request: { commit?: string; reason: string; confirm?: string },
    caller: Caller,
    idempotency?: NewOperation['idempotency'],
  ): Promise<Started> {
    const reason = checkReason(request.reason);
    assertConfirmed(
      rollbackConfirmation(known.tier, known.serviceName),
      request.confirm,
    );
    assertTrusted(known);
    const { commit } = request;
    return this.#once(idempotency, () =>
      commit === undefined
        ? this.#forceDeploy(known, reason, caller, idempotency)
        : this.#redeployRelease(known, commit, reason, caller, idempotency),
    );
  }

  async restart(
    known: KnownEnvironment,
    request: { reason: string; confirm?: string },
    caller: Caller,
    idempotency?: NewOperation['idempotency'],
  ): Promise<Started> {
    const reason = checkReason(request.reason);
    assertConfirmed(
      rollbackConfirmation(known.tier, known.serviceName),
      request.confirm,
    );
    const { target, environment } = this.#environments.driven(known);
    if (!target.describe(environment).canRestart || !target.planRestart) {
      throw new InputError(
        `A ${target.type} cannot be restarted. Redeploy the release instead.`,
      );
    }
    const ask = target.planRestart.bind(target);
    return this.#once(idempotency, async () => {
      await this.#assertAdmitted(known, 'restart', caller);
      const plan = await asking({ target, environment }, signal =>
        ask(environment, signal),
      );
      return this.#start(known, 'restart', caller, {
        reason,
        steps: planRestartSteps({
          plan,
          definition: definitionOf(known),
          url: known.url,
        }),
        from: plan.from && referenceOf(plan.from),
        to: plan.from && referenceOf(plan.from),
        idempotency,
      });
    });
  }

  /**
   * Runs the failed jobs again of the run that a deployment came from.
   *
   * @param options.runOf - what is known of that run now
   * @param options.mayRerun - whether the caller may do so in another environment, too
   */
  async rerun(
    known: KnownEnvironment,
    deployment: Deployment,
    request: { reason: string; confirm?: string },
    caller: Caller,
    options: {
      runOf: () => Promise<FailedRun | undefined>;
      mayRerun: (other: KnownEnvironment) => Promise<boolean>;
      idempotency?: NewOperation['idempotency'];
    },
  ): Promise<Started> {
    const reason = checkReason(request.reason);
    assertTrusted(known);
    const { idempotency } = options;
    return this.#once(idempotency, async () => {
      const run = await options.runOf();
      const refusal = whyNoRerun(deployment, run, {
        repository: known.repository,
        now: new Date(),
      });
      if (refusal || !run) {
        throw new ConflictError(refusal);
      }
      const others = await this.#notAskedAt(run.others);
      for (const { environment } of others) {
        if (!(await options.mayRerun(environment))) {
          throw new NotAllowedError(
            `The failed jobs of this run deploy into other environments, too, and this needs the permission ${caller.permission.name} for each of them. Ask somebody who has it.`,
          );
        }
      }
      assertConfirmed(
        [known, ...others.map(({ environment }) => environment)]
          .map(one => rollbackConfirmation(one.tier, one.serviceName))
          .find(word => word !== undefined),
        request.confirm,
      );
      const { release } = deployment;
      await this.#assertAdmitted(known, 'rerun', caller, {
        releaseId: release.id,
      });
      for (const { environment, releaseId } of others) {
        await this.#assertAdmitted(environment, 'rerun', caller, { releaseId });
      }
      return this.#start(known, 'rerun', caller, {
        reason,
        steps: planRerunSteps(run.runId, run.newestAttempt),
        to: {
          commit: release.commit,
          ...(release.version && { version: release.version }),
        },
        toReleaseId: release.id,
        alsoInto: others.map(({ environment, releaseId }) => ({
          environmentId: environment.id,
          releaseId,
        })),
        idempotency,
      });
    });
  }

  /** Where the portal is asked before a job goes in, it decides there and then. */
  async #notAskedAt(
    others: readonly AlsoDeployed[],
  ): Promise<{ environment: KnownEnvironment; releaseId: string }[]> {
    const found = await Promise.all(
      others.map(async ({ environmentId, releaseId }) => {
        const environment = await this.#environments.find({
          id: environmentId,
        });
        return environment && !environment.enforced
          ? [{ environment, releaseId }]
          : [];
      }),
    );
    return found.flat();
  }

  async rerunTests(
    known: KnownEnvironment,
    caller: Caller,
    idempotency?: NewOperation['idempotency'],
  ): Promise<Started> {
    assertTrusted(known);
    const call = known.definition?.workflows?.integrationTests;
    if (!call) {
      throw new NotFoundError(
        `deploy.yaml names no integration tests for ${known.entityRef} in ${known.name}. Add workflows.integrationTests to this environment of the service.`,
      );
    }
    return this.#once(idempotency, async () => {
      await this.#assertAdmitted(known, 'rerun-tests', caller);
      return this.#start(known, 'rerun-tests', caller, {
        steps: planWorkflowSteps('integration-tests', call),
        idempotency,
      });
    });
  }

  /** What was started by the same key is not refused because it runs. */
  async #once(
    idempotency: NewOperation['idempotency'],
    start: () => Promise<Started>,
  ): Promise<Started> {
    const repeated = async () => {
      const id = idempotency && (await this.#findRepeated(idempotency));
      return id === undefined ? undefined : { id, created: false };
    };
    const earlier = await repeated();
    if (earlier) {
      return earlier;
    }
    try {
      return await start();
    } catch (error) {
      // A request with the same key may have come first meanwhile.
      const meanwhile = await repeated();
      if (meanwhile) {
        return meanwhile;
      }
      throw error;
    }
  }

  async #forceDeploy(
    known: KnownEnvironment,
    reason: string,
    caller: Caller,
    idempotency: NewOperation['idempotency'],
  ): Promise<Started> {
    const call = known.definition?.workflows?.deploy;
    if (!call) {
      throw new NotFoundError(
        `deploy.yaml names no workflow that deploys ${known.entityRef} to ${known.name} by itself. Add workflows.deploy to this environment of the service.`,
      );
    }
    const waived = await this.#assertAdmitted(known, 'force-deploy', caller);
    return this.#start(known, 'force-deploy', caller, {
      reason,
      waived,
      steps: planWorkflowSteps('deploy', call),
      idempotency,
    });
  }

  /** By the target if it still has a revision of the release, else by a run that takes the commit. */
  async #redeployRelease(
    known: KnownEnvironment,
    commit: string,
    reason: string,
    caller: Caller,
    idempotency: NewOperation['idempotency'],
  ): Promise<Started> {
    const release = await this.#history.releaseOf(known.serviceId, commit);
    if (!release) {
      throw new NotFoundError(
        `commit: ${known.entityRef} has no release ${commit}. Choose one of its releases.`,
      );
    }
    await this.#assertAdmitted(known, 'redeploy', caller, {
      releaseId: release.id,
    });
    const base = {
      reason,
      toReleaseId: release.id,
      idempotency,
    };
    const revision = await this.#revisionOf(known, release.commit);
    if (revision) {
      // What stands in a rollback's way stands in its way, too.
      const planned = await this.planRollback(
        known,
        revision.id,
        caller,
        'redeploy',
      );
      assertAdmitted(planned.admission);
      const plan = planned.target;
      return this.#start(known, 'redeploy', caller, {
        ...base,
        waived: planned.admission.waived,
        steps: planRedeploySteps({
          plan,
          unproven: isUnproven(planned.admission),
          definition: definitionOf(known),
          url: known.url,
          commit: release.commit,
        }),
        from: plan.from && referenceOf(plan.from),
        to: referenceOf(revision, release),
      });
    }
    const call = known.definition?.workflows?.deploy;
    if (!call?.releaseInput) {
      throw new NotFoundError(
        `commit: the target no longer has ${commit.slice(
          0,
          7,
        )}, and deploy.yaml names no workflow that could build it again. Add workflows.deploy with releaseInput to this environment of the service, or choose another release.`,
      );
    }
    const lastRan = await this.#lastRan(known, {
      id: release.commit,
      commit: release.commit,
      current: false,
    });
    const waived = await this.#assertAdmitted(known, 'redeploy', caller, {
      releaseId: release.id,
      ...(lastRan && { lastRan }),
    });
    // If the run fails half-way, another one puts this back.
    const before = await this.#history.currentRelease(known.id);
    return this.#start(known, 'redeploy', caller, {
      ...base,
      waived,
      ...(before && { from: releaseReference(before) }),
      steps: planWorkflowSteps('deploy', call, release.commit),
      to: { commit: release.commit, version: release.version },
    });
  }

  async #revisionOf(
    known: KnownEnvironment,
    commit: string,
  ): Promise<Revision | undefined> {
    if (!this.#environments.isDriven(known)) {
      return undefined;
    }
    const { target, environment } = this.#environments.driven(known);
    const revisions = await asking({ target, environment }, signal =>
      target.revisions(environment, signal),
    );
    return revisions.find(
      revision =>
        revision.unavailable === undefined &&
        revision.commit !== undefined &&
        revision.commit.length >= 7 &&
        commit.startsWith(revision.commit),
    );
  }

  /** When what is to come in last ran here; undefined where no policy asks. */
  async #lastRan(
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

  /** What is waived by an override, to be kept with the operation. */
  async #assertAdmitted(
    known: KnownEnvironment,
    kind: OperationKind,
    { automatic, permission, override }: Caller,
    comingIn: Pick<AdmissionRequest, 'releaseId' | 'lastRan'> = {},
  ): Promise<Admission['waived']> {
    const admission = await this.#desk.ask({
      kind,
      automatic,
      permission,
      ...(override && { override }),
      environmentId: known.id,
      ...comingIn,
    });
    assertAdmitted(admission);
    return admission.waived;
  }

  async #start(
    known: KnownEnvironment,
    kind: OperationKind,
    caller: Caller,
    parts: Pick<NewOperation, 'steps'> &
      Partial<
        Pick<
          NewOperation,
          | 'reason'
          | 'from'
          | 'to'
          | 'fromReleaseId'
          | 'toReleaseId'
          | 'idempotency'
        >
      > & {
        waived?: Admission['waived'];
        neverServed?: boolean;
        endsCanary?: boolean;
        alsoInto?: AlsoDeployed[];
      },
  ): Promise<Started> {
    const driven = this.#environments.isDriven(known)
      ? this.#environments.driven(known)
      : undefined;
    const { waived, neverServed, endsCanary, alsoInto, ...planned } = parts;
    const override = overrideOf(caller, waived);
    const usesTarget = parts.steps.some(({ runner }) => runner === 'target');
    return this.#submit({
      serviceId: known.serviceId,
      environmentId: known.id,
      kind,
      lockKey:
        driven && usesTarget
          ? driven.target.describe(driven.environment).lockKey
          : `environment:${known.id}`,
      requestedBy: caller.by,
      automatic: caller.automatic,
      context: {
        repository: known.repository,
        permission: caller.permission.name,
        ...(override && { override: override as unknown as JsonObject }),
        ...(neverServed && { neverServed }),
        ...(endsCanary && { endsCanary }),
        ...(alsoInto?.length && {
          alsoInto: alsoInto.map(other => ({ ...other })),
        }),
        ...(driven && {
          environment: driven.environment as unknown as JsonObject,
        }),
      },
      ...planned,
    });
  }
}

/** Its workflows run in the repository that the entity names. */
function assertTrusted({ untrusted }: KnownEnvironment): void {
  if (untrusted) {
    throw new NotAllowedError(untrusted);
  }
}

function definitionOf(known: KnownEnvironment) {
  return (
    known.definition ?? {
      name: known.name,
      tier: known.tier,
      order: 0,
      jobs: [],
    }
  );
}

/** Nobody will be able to say by the version address what runs afterwards. */
function isUnproven({ waived }: Admission): boolean {
  return (waived ?? []).some(({ code }) => code === 'version-unusable');
}

function overrideOf(
  { override }: Caller,
  waived: Admission['waived'],
): OperationOverride | undefined {
  return override && waived?.length
    ? {
        reason: override.reason,
        waived: waived.map(({ code, message, freezes }) => ({
          code,
          message,
          ...(freezes && { freezes }),
        })),
      }
    : undefined;
}

function releaseReference({
  commit,
  version,
}: KnownRelease): RevisionReference {
  return { commit, ...(version && { version }) };
}

function referenceOf(
  revision: Revision,
  release?: KnownRelease,
): RevisionReference {
  const commit = release?.commit ?? revision.commit;
  const version = release?.version ?? revision.version;
  return {
    ...identityOf(revision),
    ...(commit && { commit }),
    ...(version && { version }),
  };
}

async function asking<T>(
  { target, environment }: DrivenEnvironment,
  question: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  try {
    return await inTime(
      PLAN_MS,
      question,
      target.describe(environment).resource,
    );
  } catch (error) {
    throw toHttpError(error);
  }
}
