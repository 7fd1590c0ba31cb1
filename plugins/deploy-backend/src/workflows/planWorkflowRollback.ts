import { JsonObject } from '@backstage/types';
import { Revision, TargetSpec } from '@vvp/backstage-plugin-deploy-common';
import { TargetError, TargetPlan } from '@vvp/backstage-plugin-deploy-node';
import { ReleaseHistory, SucceededRelease, toRevisions } from './releases';
import { OrderedRelease, RunOrder } from './WorkflowRuns';

/** `target` of a `deploy.yaml` for what only a workflow reaches. */
export type GithubWorkflowSpec = Extract<
  TargetSpec,
  { type: 'github-workflow' }
>;

/** How long a run may take; GitHub ends a job after six hours. */
export const RUN_TIMEOUT_SECONDS = 3_600;

const NO_INPUT = 'the workflow cannot be told which release to deploy';

/** The remedy where the workflow always deploys the head of a branch. */
export const ADD_RELEASE_INPUT =
  'Let the workflow take the commit as an input of workflow_dispatch, and name that input as `target.releaseInput` in deploy.yaml.';

/** Why a release cannot be put back by the workflow; undefined if it can, as far as known. */
export function whyUnavailable(
  spec: GithubWorkflowSpec,
  release: Pick<SucceededRelease, 'version'>,
): string | undefined {
  if (!spec.releaseInput) {
    return `${NO_INPUT}. ${ADD_RELEASE_INPUT}`;
  }
  return spec.releaseValue === 'version' && !release.version
    ? 'its version is not known, which the workflow asks for'
    : undefined;
}

/** The revisions of an environment, for its spec. */
export function revisionsFor(
  spec: GithubWorkflowSpec,
  history: ReleaseHistory,
): Revision[] {
  return toRevisions(history, release => whyUnavailable(spec, release));
}

/** How the workflow brings a release back that succeeded here before. */
export function planWorkflowRollback(options: {
  spec: GithubWorkflowSpec;
  repository: string;
  environmentId: string;
  environment: string;
  history: ReleaseHistory;
  revision: string;
}): TargetPlan {
  const { spec, repository, history, revision } = options;
  const revisions = revisionsFor(spec, history);
  const to = revisions.find(one => one.id === revision);
  if (!to) {
    throw new TargetError(
      'not-found',
      `No release ${revision.slice(0, 64)} has succeeded in ${
        options.environment
      }.`,
      { remedy: 'Choose one of the listed revisions.' },
    );
  }
  const from = revisions.find(one => one.current);
  const plan: TargetPlan = {
    ...(from && { from }),
    to,
    alreadyThere: to.current,
    steps: [],
    configuration: [],
    notRestored: [
      'What the workflow does besides deploying the release, such as migrations of a database, is not undone.',
    ],
    artifact: {
      state: 'unknown',
      message:
        'Only the workflow knows whether the release can still be fetched or built.',
    },
  };
  if (to.current) {
    return plan;
  }
  if (to.unavailable) {
    throw new TargetError(
      'invalid',
      `${revision.slice(0, 7)} cannot be put back: ${to.unavailable}`,
      {
        remedy: spec.releaseInput
          ? 'Set `target.releaseValue` to `commit` in deploy.yaml, if the workflow takes it.'
          : ADD_RELEASE_INPUT,
      },
    );
  }
  const order: RunOrder = {
    repository,
    workflow: spec.workflow,
    ...(spec.ref && { ref: spec.ref }),
    inputs: (spec.inputs ?? {}) as Record<string, string>,
    releaseInput: spec.releaseInput ?? '',
    release: orderedRelease(spec, to),
    environmentId: options.environmentId,
    ...(from && !from.unavailable && { previous: orderedRelease(spec, from) }),
  };
  return {
    ...plan,
    steps: [
      {
        name: 'run-workflow',
        title: `Run ${spec.workflow} of ${repository} for ${
          to.version ?? revision.slice(0, 7)
        }`,
        input: order as JsonObject,
        timeoutSeconds: RUN_TIMEOUT_SECONDS,
        compensates: true,
      },
    ],
  };
}

function orderedRelease(
  spec: GithubWorkflowSpec,
  revision: Revision,
): OrderedRelease {
  const value =
    spec.releaseValue === 'version' ? revision.version : revision.id;
  return { commit: revision.id, value: value ?? revision.id };
}
