import { PlannedStep, TargetPlan } from '@vvp/backstage-plugin-deploy-node';
import { ArtifactState } from '@vvp/backstage-plugin-deploy-common';
import { runsNow } from './images';
import { readinessOf } from './readiness';
import { compareTemplates, runsTheSame } from './template';
import { toRevision } from './toRevision';
import {
  AppState,
  hasIngress,
  isInPlace,
  labelledRevisions,
  revisionsMode,
  servingRevision,
  templateOf,
} from './traffic';
import { ContainerAppSpec } from './types';

/** Beyond the wait for the revision, for everything else a step does. */
const MARGIN_SECONDS = 120;

/** How to get from what serves to a revision of the app; pure, and nothing in it is secret. */
export function planRollback(
  state: AppState,
  revision: string,
  spec: ContainerAppSpec,
  { readySeconds, artifact }: { readySeconds: number; artifact: ArtifactState },
): TargetPlan {
  const { app, revisions } = state;
  const serving = servingRevision(state);
  const find = (name: string | undefined) =>
    revisions.find(candidate => candidate.name === name);
  const from = find(serving);
  const to = find(revision);
  const alreadyThere =
    isInPlace(state, revision) &&
    from !== undefined &&
    runsTheSame(from.template, to?.template) &&
    readinessOf(from, hasIngress(app)).state === 'ready';
  const single = revisionsMode(app) === 'single';
  const steps = single
    ? singleSteps(spec, revision, readySeconds)
    : switchingSteps(state, revision, readySeconds);
  return {
    ...(from && { from: toRevision(from, state, spec) }),
    ...(to && { to: toRevision(to, state, spec) }),
    alreadyThere,
    steps: alreadyThere ? [] : steps,
    configuration: compareTemplates(
      templateOf(revisions, serving ?? ''),
      to?.template,
      !single,
    ),
    notRestored: notRestored(state, revision),
    artifact,
  };
}

/** How to start what serves anew. */
export function planRestart(
  state: AppState,
  spec: ContainerAppSpec,
  readySeconds: number,
): TargetPlan {
  const serving = servingRevision(state);
  const revision = state.revisions.find(({ name }) => name === serving);
  const current = revision && toRevision(revision, state, spec);
  return {
    ...(current && { from: current, to: current }),
    alreadyThere: false,
    steps: current
      ? [
          {
            name: 'restart-revision',
            title: `Restart ${current.id} and wait until it is healthy`,
            input: { revision: current.id, readySeconds },
            timeoutSeconds: readySeconds + MARGIN_SECONDS,
          },
        ]
      : [],
    configuration: [],
    notRestored: [],
    artifact: runsNow,
  };
}

function singleSteps(
  spec: ContainerAppSpec,
  revision: string,
  readySeconds: number,
): PlannedStep[] {
  return [
    {
      name: 'update-app',
      title: `Update ${spec.name} to what ${revision} runs, and wait until it is healthy`,
      input: { revision, readySeconds },
      timeoutSeconds: readySeconds + MARGIN_SECONDS,
      compensates: true,
    },
  ];
}

/** Multiple-revision mode: all of the traffic to a revision, once it is up. */
export function switchingSteps(
  state: AppState,
  revision: string,
  readySeconds: number,
): PlannedStep[] {
  const activate = activatingStep(revision, readySeconds);
  const shift: PlannedStep = {
    name: 'shift-traffic',
    title: `Shift all of the traffic to ${revision}`,
    input: { revision },
    compensates: true,
  };
  const deactivate: PlannedStep = {
    name: 'deactivate-others',
    title: `Deactivate what no longer serves`,
    input: { revision, readySeconds },
    timeoutSeconds: readySeconds + MARGIN_SECONDS,
    compensates: true,
  };
  return hasIngress(state.app)
    ? [activate, shift, deactivate]
    : [activate, deactivate];
}

export function activatingStep(
  revision: string,
  readySeconds: number,
): PlannedStep {
  return {
    name: 'activate-revision',
    title: `Activate ${revision} and wait until it is healthy`,
    input: { revision, readySeconds },
    timeoutSeconds: readySeconds + MARGIN_SECONDS,
    compensates: true,
  };
}

function notRestored(state: AppState, revision: string): string[] {
  const { app } = state;
  const sentences = [
    'Secrets, ingress, registries and Dapr settings belong to the app and stay as they are now.',
  ];
  if (revisionsMode(app) === 'single') {
    sentences.push(
      'The scale stays as it is now. The rollback makes a new revision with the template of the old one.',
    );
    return sentences;
  }
  const traffic = app.configuration?.ingress?.traffic ?? [];
  if (traffic.some(entry => entry.latestRevision)) {
    sentences.push(
      'The traffic no longer follows the latest revision: the next deployment has to shift it.',
    );
  }
  if (labelledRevisions(app).some(name => name !== revision)) {
    sentences.push(
      'Labels stay with their revisions, which are not deactivated.',
    );
  }
  return sentences;
}
