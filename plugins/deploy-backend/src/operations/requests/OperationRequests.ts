import { InputError } from '@backstage/errors';
import { Deployment } from '@vvp/backstage-plugin-deploy-common';
import { AdmissionDesk } from '../../restrictions/AdmissionDesk';
import { KnownRelease, ReleaseHistory } from '../../rollbacks/ReleaseHistory';
import {
  KnownEnvironment,
  TargetEnvironments,
} from '../../targets/TargetEnvironments';
import { rollbackConfirmation } from '../../verification/rollbackConfirmation';
import { NewOperation } from '../engine/types';
import { askPlatform } from './askPlatform';
import { assertConfirmed, checkReason } from './checkRequest';
import { VersionCheck } from './checkVersion';
import { OperationStarter } from './OperationStarter';
import { definitionOf, planRestartSteps } from './planSteps';
import { RedeployRequests } from './RedeployRequests';
import { releaseReference, revisionReference } from './references';
import { FailedJobsOptions, RerunRequests } from './RerunRequests';
import { RollbackPlan } from './rollbackPlan';
import { RollbackPlanner } from './RollbackPlanner';
import { assertAdmitted } from './toHttpError';
import { Caller, Idempotency, Started } from './types';

/** Turns requests into operations: plans them, has them admitted, and hands them to the engine. */
export class OperationRequests {
  readonly #environments: TargetEnvironments;
  readonly #planner: RollbackPlanner;
  readonly #starter: OperationStarter;
  readonly #redeployments: RedeployRequests;
  readonly #reruns: RerunRequests;

  constructor(options: {
    environments: TargetEnvironments;
    history: ReleaseHistory;
    desk: AdmissionDesk;
    /** See {@link checkVersion}. */
    askVersion: (known: KnownEnvironment) => Promise<VersionCheck>;
    /** See {@link findRepeated}. */
    findRepeated: (idempotency: Idempotency) => Promise<string | undefined>;
    submit: (operation: NewOperation) => Promise<Started>;
  }) {
    const planner = new RollbackPlanner(options);
    const starter = new OperationStarter(options);
    this.#environments = options.environments;
    this.#planner = planner;
    this.#starter = starter;
    this.#redeployments = new RedeployRequests({
      environments: options.environments,
      history: options.history,
      planner,
      starter,
    });
    this.#reruns = new RerunRequests({
      environments: options.environments,
      starter,
    });
  }

  /** Asks the platform, and changes nothing. */
  async planRollback(
    known: KnownEnvironment,
    revision: string,
    caller: Caller,
  ): Promise<RollbackPlan> {
    return this.#planner.plan(known, revision, caller, 'rollback');
  }

  /** Puts an earlier revision back, and keeps the bad release out. */
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
    idempotency?: Idempotency,
  ): Promise<Started> {
    const reason = checkReason(request.reason);
    if (!caller.automatic) {
      assertConfirmed(
        rollbackConfirmation(known.tier, known.serviceName),
        request.confirm,
      );
    }
    const { revision, takenOut, endsCanary } = request;
    return this.#starter.once(idempotency, async () => {
      const plan = await this.#planner.plan(
        known,
        revision,
        caller,
        'rollback',
        // A bad release that nobody has told of yet is to be quarantined, too.
        { remember: true, takenOut, endsCanary },
      );
      assertAdmitted(plan.admission);
      return this.#starter.start(known, 'rollback', caller, {
        reason,
        steps: plan.steps,
        waived: plan.admission.waived,
        neverServed: takenOut !== undefined,
        endsCanary,
        from: takenOut
          ? releaseReference(takenOut)
          : plan.from && revisionReference(plan.from, plan.fromRelease),
        to: revisionReference(plan.to, plan.toRelease),
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
    idempotency?: Idempotency,
  ): Promise<Started> {
    return this.#redeployments.redeploy(known, request, caller, idempotency);
  }

  /** Of what runs, as it is. Throws an InputError if the platform cannot do that. */
  async restart(
    known: KnownEnvironment,
    request: { reason: string; confirm?: string },
    caller: Caller,
    idempotency?: Idempotency,
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
    return this.#starter.once(idempotency, async () => {
      await this.#starter.assertAdmitted(known, 'restart', caller);
      const plan = await askPlatform({ target, environment }, signal =>
        ask(environment, signal),
      );
      const runs = plan.from && revisionReference(plan.from);
      return this.#starter.start(known, 'restart', caller, {
        reason,
        steps: planRestartSteps({
          plan,
          definition: definitionOf(known),
          url: known.url,
        }),
        from: runs,
        to: runs,
        idempotency,
      });
    });
  }

  /** Runs the failed jobs again of the run that a deployment came from. */
  async rerun(
    known: KnownEnvironment,
    deployment: Deployment,
    request: { reason: string; confirm?: string },
    caller: Caller,
    options: FailedJobsOptions,
  ): Promise<Started> {
    return this.#reruns.failedJobs(known, deployment, request, caller, options);
  }

  /** Runs the integration tests that deploy.yaml names for an environment. */
  async rerunTests(
    known: KnownEnvironment,
    caller: Caller,
    idempotency?: Idempotency,
  ): Promise<Started> {
    return this.#reruns.tests(known, caller, idempotency);
  }
}
