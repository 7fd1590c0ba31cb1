import {
  ServiceEnvironmentSpec,
  WorkflowCallSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { CanaryMove, TargetPlan } from '@vvp/backstage-plugin-deploy-node';
import { RevisionIdentity } from '../../restrictions/quarantinedIdentity';
import { KnownEnvironment } from '../../targets/TargetEnvironments';
import { confirmStep } from '../../verification/confirmStep';
import { NewStep } from '../engine/types';

/** What the core steps around the target's own need to know. */
export interface StepsRequest {
  plan: TargetPlan;
  definition: ServiceEnvironmentSpec;
  /** Address of the environment. */
  url?: string;
  /** Of the release that comes back, if it is known. */
  commit?: string;
  /** The version address was found to prove nothing, and somebody waived that. */
  unproven?: boolean;
}

/** What deploy.yaml says of an environment; little, if it names it nowhere. */
export function definitionOf(known: KnownEnvironment): ServiceEnvironmentSpec {
  return (
    known.definition ?? {
      name: known.name,
      tier: known.tier,
      order: 0,
      jobs: [],
    }
  );
}

/** Of one attempt: what follows the proof is tried again and again, see the engine. */
const AFTER_PROOF_SECONDS = 60;

/** Of a step of a target that names no time limit. */
const DEFAULT_STEP_SECONDS = 300;

/**
 * A rollback: what is in flight is stopped, the target's steps, once more what came in meanwhile, the
 * proof, and then what keeps the bad release out.
 */
export function planRollbackSteps(
  request: StepsRequest & {
    fromReleaseId?: string;
    /** Something is to be kept out, even if there is nothing to put back. */
    keepOut?: boolean;
    /** To be quarantined, for its release does not tell that it was bad. */
    fromRevision?: RevisionIdentity;
  },
): NewStep[] {
  const { plan, definition, fromReleaseId, fromRevision } = request;
  if (plan.alreadyThere && !request.keepOut) {
    return [];
  }
  return [
    ...stopRuns('stop-runs', 'Stop runs that deploy here', definition),
    ...targetSteps(plan),
    ...stopRuns(
      'stop-late-runs',
      'Stop runs that began since then',
      definition,
    ),
    proof(request),
    ...smokeTest(
      request,
      stopRuns(
        'stop-latest-runs',
        'Stop runs that began during the smoke test',
        definition,
      ),
    ),
    ...(fromReleaseId
      ? [
          {
            runner: 'restrictions',
            name: 'quarantine-release',
            title: 'Quarantine the release that was taken out',
            input: { releaseId: fromReleaseId },
            timeoutSeconds: AFTER_PROOF_SECONDS,
          },
        ]
      : []),
    ...(fromRevision
      ? [
          {
            runner: 'restrictions',
            name: 'quarantine-revision',
            title: `Quarantine the revision ${fromRevision.revision}`,
            input: { ...fromRevision },
            timeoutSeconds: AFTER_PROOF_SECONDS,
          },
        ]
      : []),
    {
      runner: 'restrictions',
      name: 'set-hold',
      title: 'Hold automatic promotion into this environment',
      input: {},
      timeoutSeconds: AFTER_PROOF_SECONDS,
    },
  ];
}

/** A release that the target still has is put in again. */
export function planRedeploySteps(request: StepsRequest): NewStep[] {
  return request.plan.alreadyThere
    ? []
    : [...targetSteps(request.plan), proof(request), ...smokeTest(request)];
}

/** A restart leaves the revision as it is. */
export function planRestartSteps(request: StepsRequest): NewStep[] {
  return [
    ...targetSteps(request.plan),
    // Some platforms make a new revision of a restart: whatever serves then has to be well.
    proof(request, { anyRevision: true }),
  ];
}

/** A move of a canary's traffic. That all of it goes there is confirmed, as after a rollback. */
export function planCanarySteps(
  plan: TargetPlan,
  move: CanaryMove,
  revision: string,
  definition: ServiceEnvironmentSpec | undefined,
): NewStep[] {
  const { checks, secondsBetweenChecks } = definition?.rollback ?? {};
  return [
    ...targetSteps(plan),
    ...(move === 'finish'
      ? [
          confirmStep(
            { revision, checks, secondsBetweenChecks },
            secondsOf(plan),
          ),
        ]
      : []),
  ];
}

/** One run of a workflow, for a commit or as the workflow has it. */
export function planWorkflowSteps(
  name: 'integration-tests' | 'deploy',
  call: WorkflowCallSpec,
  commit?: string,
): NewStep[] {
  return [
    workflowStep(
      name,
      name === 'deploy'
        ? `Run ${call.workflow} for this service`
        : `Run the integration tests (${call.workflow})`,
      call,
      commit,
    ),
  ];
}

/** Another attempt of a run, with what did not succeed in the last one. */
export function planRerunSteps(runId: string, attempt: number): NewStep[] {
  return [
    {
      runner: 'workflows',
      name: 'rerun-failed-jobs',
      title: `Run the failed jobs of the run ${runId} again`,
      input: { kind: 'rerun-failed-jobs', runId, attempt },
      timeoutSeconds: 65 * 60,
      compensates: true,
    },
  ];
}

function targetSteps(plan: TargetPlan): NewStep[] {
  return plan.steps.map(step => ({ ...step, runner: 'target' }));
}

function stopRuns(
  name: string,
  title: string,
  definition: ServiceEnvironmentSpec,
): NewStep[] {
  return definition.jobs.length > 0
    ? [
        {
          runner: 'stop-runs',
          name,
          title,
          input: { kind: 'stop-runs' },
          timeoutSeconds: 600,
        },
      ]
    : [];
}

function proof(
  { plan, definition, url, commit, unproven }: StepsRequest,
  { anyRevision = false, again = false } = {},
): NewStep {
  const { version, rollback } = definition;
  const { checks, secondsBetweenChecks } = rollback ?? {};
  return confirmStep(
    {
      ...(!anyRevision && { revision: (plan.to ?? plan.from)?.id }),
      ...(commit && { commit }),
      ...(version && { version }),
      ...(version && unproven && { unproven }),
      ...(url && { url }),
      checks,
      secondsBetweenChecks,
    },
    secondsOf(plan),
    { again },
  );
}

/** Time limits of the target's steps together. */
function secondsOf(plan: TargetPlan): number {
  return plan.steps.reduce(
    (sum, { timeoutSeconds }) => sum + (timeoutSeconds ?? DEFAULT_STEP_SECONDS),
    0,
  );
}

/** Minutes pass meanwhile: afterwards it is confirmed once more that nothing else was put in place. */
function smokeTest(
  request: StepsRequest,
  beforeProof: NewStep[] = [],
): NewStep[] {
  const { definition, commit } = request;
  const call = definition.workflows?.smokeTest;
  return call
    ? [
        workflowStep(
          'smoke-test',
          `Run the smoke test (${call.workflow})`,
          call,
          commit,
        ),
        ...beforeProof,
        proof(request, { again: true }),
      ]
    : [];
}

function workflowStep(
  name: string,
  title: string,
  call: WorkflowCallSpec,
  commit: string | undefined,
): NewStep {
  return {
    runner: 'workflows',
    name,
    title,
    input: {
      kind: 'run-workflow',
      ...JSON.parse(JSON.stringify(call)),
      ...(commit && { commit }),
    },
    timeoutSeconds: ((call.timeoutMinutes ?? 60) + 5) * 60,
    // A run of an operation that is cancelled is, too.
    compensates: true,
  };
}
