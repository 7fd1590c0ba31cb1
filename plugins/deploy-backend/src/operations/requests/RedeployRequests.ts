import { NotFoundError } from '@backstage/errors';
import { Revision } from '@vvp/backstage-plugin-deploy-common';
import { KnownRelease, ReleaseHistory } from '../../rollbacks/ReleaseHistory';
import {
  KnownEnvironment,
  TargetEnvironments,
} from '../../targets/TargetEnvironments';
import { rollbackConfirmation } from '../../verification/rollbackConfirmation';
import { askPlatform } from './askPlatform';
import { assertConfirmed, assertTrusted, checkReason } from './checkRequest';
import { OperationStarter } from './OperationStarter';
import {
  definitionOf,
  planRedeploySteps,
  planWorkflowSteps,
} from './planSteps';
import { releaseReference, revisionReference } from './references';
import { RollbackPlanner } from './RollbackPlanner';
import { isUnproven } from './rollbackPlan';
import { assertAdmitted } from './toHttpError';
import { Caller, Idempotency, Started } from './types';

/** A checked request for a redeployment. */
interface Redeployment {
  known: KnownEnvironment;
  caller: Caller;
  reason: string;
  idempotency?: Idempotency;
}

/** Puts a release in place again, or has the pipeline run although nothing changed. */
export class RedeployRequests {
  readonly #environments: TargetEnvironments;
  readonly #history: ReleaseHistory;
  readonly #planner: RollbackPlanner;
  readonly #starter: OperationStarter;

  constructor(options: {
    environments: TargetEnvironments;
    history: ReleaseHistory;
    planner: RollbackPlanner;
    starter: OperationStarter;
  }) {
    this.#environments = options.environments;
    this.#history = options.history;
    this.#planner = options.planner;
    this.#starter = options.starter;
  }

  /** See {@link OperationRequests.redeploy}. */
  async redeploy(
    known: KnownEnvironment,
    request: { commit?: string; reason: string; confirm?: string },
    caller: Caller,
    idempotency?: Idempotency,
  ): Promise<Started> {
    const reason = checkReason(request.reason);
    assertConfirmed(
      rollbackConfirmation(known.tier, known.serviceName),
      request.confirm,
    );
    assertTrusted(known);
    const { commit } = request;
    const asked = { known, caller, reason, idempotency };
    return this.#starter.once(idempotency, () =>
      commit === undefined
        ? this.#byPipeline(asked)
        : this.#release(asked, commit),
    );
  }

  async #byPipeline({
    known,
    caller,
    ...rest
  }: Redeployment): Promise<Started> {
    const call = known.definition?.workflows?.deploy;
    if (!call) {
      throw new NotFoundError(
        `deploy.yaml names no workflow that deploys ${known.entityRef} to ${known.name} by itself. Add workflows.deploy to this environment of the service.`,
      );
    }
    const waived = await this.#starter.assertAdmitted(
      known,
      'force-deploy',
      caller,
    );
    return this.#starter.start(known, 'force-deploy', caller, {
      ...rest,
      waived,
      steps: planWorkflowSteps('deploy', call),
    });
  }

  /** By the target if it still has a revision of the release, else by a run that takes the commit. */
  async #release(asked: Redeployment, commit: string): Promise<Started> {
    const { known, caller } = asked;
    const release = await this.#history.releaseOf(known.serviceId, commit);
    if (!release) {
      throw new NotFoundError(
        `commit: ${known.entityRef} has no release ${commit}. Choose one of its releases.`,
      );
    }
    await this.#starter.assertAdmitted(known, 'redeploy', caller, {
      releaseId: release.id,
    });
    const revision = await this.#revisionOf(known, release.commit);
    return revision
      ? this.#byTarget(asked, release, revision)
      : this.#byWorkflow(asked, release, commit);
  }

  async #byTarget(
    { known, caller, ...rest }: Redeployment,
    release: KnownRelease,
    revision: Revision,
  ): Promise<Started> {
    // What stands in a rollback's way stands in its way, too.
    const { target: plan, admission } = await this.#planner.plan(
      known,
      revision.id,
      caller,
      'redeploy',
    );
    assertAdmitted(admission);
    return this.#starter.start(known, 'redeploy', caller, {
      ...rest,
      toReleaseId: release.id,
      waived: admission.waived,
      steps: planRedeploySteps({
        plan,
        unproven: isUnproven(admission),
        definition: definitionOf(known),
        url: known.url,
        commit: release.commit,
      }),
      from: plan.from && revisionReference(plan.from),
      to: revisionReference(revision, release),
    });
  }

  async #byWorkflow(
    { known, caller, ...rest }: Redeployment,
    release: KnownRelease,
    asked: string,
  ): Promise<Started> {
    const call = known.definition?.workflows?.deploy;
    if (!call?.releaseInput) {
      throw new NotFoundError(
        `commit: the target no longer has ${asked.slice(
          0,
          7,
        )}, and deploy.yaml names no workflow that could build it again. Add workflows.deploy with releaseInput to this environment of the service, or choose another release.`,
      );
    }
    const lastRan = await this.#planner.lastRan(known, {
      id: release.commit,
      commit: release.commit,
      current: false,
    });
    const waived = await this.#starter.assertAdmitted(
      known,
      'redeploy',
      caller,
      { releaseId: release.id, ...(lastRan && { lastRan }) },
    );
    // If the run fails half-way, another one puts this back.
    const before = await this.#history.currentRelease(known.id);
    return this.#starter.start(known, 'redeploy', caller, {
      ...rest,
      toReleaseId: release.id,
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
    const revisions = await askPlatform({ target, environment }, signal =>
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
}
