import {
  ConflictError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import { Deployment } from '@vvp/backstage-plugin-deploy-common';
import {
  KnownEnvironment,
  TargetEnvironments,
} from '../../targets/TargetEnvironments';
import { rollbackConfirmation } from '../../verification/rollbackConfirmation';
import { AlsoDeployed, FailedRun } from '../../workflows';
import { assertConfirmed, assertTrusted, checkReason } from './checkRequest';
import { OperationStarter } from './OperationStarter';
import { planRerunSteps, planWorkflowSteps } from './planSteps';
import { releaseReference } from './references';
import { Caller, Idempotency, Started } from './types';
import { whyNoRerun } from './whyNoRerun';

/** What has to be found out about a run before its failed jobs run again. */
export interface FailedJobsOptions {
  /** What is known of that run now. */
  runOf: () => Promise<FailedRun | undefined>;
  /** Whether the caller may do so in another environment, too. */
  mayRerun: (other: KnownEnvironment) => Promise<boolean>;
  idempotency?: Idempotency;
}

/** Has workflows run again that ran before. */
export class RerunRequests {
  readonly #environments: TargetEnvironments;
  readonly #starter: OperationStarter;

  constructor(options: {
    environments: TargetEnvironments;
    starter: OperationStarter;
  }) {
    this.#environments = options.environments;
    this.#starter = options.starter;
  }

  /** See {@link OperationRequests.rerun}. */
  async failedJobs(
    known: KnownEnvironment,
    deployment: Deployment,
    request: { reason: string; confirm?: string },
    caller: Caller,
    options: FailedJobsOptions,
  ): Promise<Started> {
    const reason = checkReason(request.reason);
    assertTrusted(known);
    return this.#starter.once(options.idempotency, () =>
      this.#failedJobs(
        known,
        deployment,
        { ...request, reason },
        caller,
        options,
      ),
    );
  }

  /** See {@link OperationRequests.rerunTests}. */
  async tests(
    known: KnownEnvironment,
    caller: Caller,
    idempotency?: Idempotency,
  ): Promise<Started> {
    assertTrusted(known);
    const call = known.definition?.workflows?.integrationTests;
    if (!call) {
      throw new NotFoundError(
        `deploy.yaml names no integration tests for ${known.entityRef} in ${known.name}. Add workflows.integrationTests to this environment of the service.`,
      );
    }
    return this.#starter.once(idempotency, async () => {
      await this.#starter.assertAdmitted(known, 'rerun-tests', caller);
      return this.#starter.start(known, 'rerun-tests', caller, {
        steps: planWorkflowSteps('integration-tests', call),
        idempotency,
      });
    });
  }

  async #failedJobs(
    known: KnownEnvironment,
    deployment: Deployment,
    request: { reason: string; confirm?: string },
    caller: Caller,
    options: FailedJobsOptions,
  ): Promise<Started> {
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
    await this.#starter.assertAdmitted(known, 'rerun', caller, {
      releaseId: release.id,
    });
    for (const { environment, releaseId } of others) {
      await this.#starter.assertAdmitted(environment, 'rerun', caller, {
        releaseId,
      });
    }
    return this.#starter.start(known, 'rerun', caller, {
      reason: request.reason,
      steps: planRerunSteps(run.runId, run.newestAttempt),
      to: releaseReference(release),
      toReleaseId: release.id,
      alsoInto: others.map(({ environment, releaseId }) => ({
        environmentId: environment.id,
        releaseId,
      })),
      idempotency: options.idempotency,
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
}
