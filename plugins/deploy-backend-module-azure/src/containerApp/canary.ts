import { ArtifactState, CanaryLook } from '@vvp/backstage-plugin-deploy-common';
import {
  CanaryMove,
  PlannedStep,
  TargetError,
  TargetPlan,
} from '@vvp/backstage-plugin-deploy-node';
import { releaseOf } from './container';
import { activatingStep, switchingSteps } from './plan';
import { healthOf, readinessOf } from './readiness';
import { compareTemplates } from './template';
import { toRevision } from './toRevision';
import {
  AppState,
  followsLatest,
  hasIngress,
  isInPlace,
  revisionsMode,
  sameTraffic,
  servingRevision,
  sharedTraffic,
  templateOf,
  trafficEntries,
  trafficShares,
} from './traffic';
import { ContainerAppSpec } from './types';

/** How a canary is asked to move. */
export interface Move {
  revision: string;
  move: CanaryMove;
  /** What the revision gets at the start. */
  percent: number;
}

/** The newest revision of a commit beside what else has traffic. */
export function lookAtCanary(
  state: AppState,
  spec: ContainerAppSpec,
  commit: string,
): CanaryLook | undefined {
  const { app, revisions } = state;
  const found = revisions.find(
    ({ template }) => releaseOf(template, spec).commit === commit,
  );
  if (found?.name === undefined) {
    return undefined;
  }
  const stable = stableBeside(state, found.name);
  return {
    revision: found.name,
    ...(stable !== undefined && { stable }),
    percent: percentOf(state, found.name),
    paused: false,
    health: healthOf(found, hasIngress(app)),
    problems: [...whyNoCanary(state), ...whatIsNotRead(state, spec)],
  };
}

/** How to move a canary; pure, and nothing in it is secret. */
export function planCanaryMove(
  state: AppState,
  { revision, move, percent }: Move,
  spec: ContainerAppSpec,
  { readySeconds, artifact }: { readySeconds: number; artifact: ArtifactState },
): TargetPlan {
  const { revisions } = state;
  requireCanaries(state);
  const find = (name: string | undefined) =>
    revisions.find(candidate => candidate.name === name);
  const stable = stableBeside(state, revision);
  const from = find(stable ?? servingRevision(state));
  const to = find(revision);
  const isReady =
    to !== undefined &&
    readinessOf(to, hasIngress(state.app)).state === 'ready';
  let alreadyThere: boolean;
  let steps: PlannedStep[];
  if (move === 'start') {
    if (stable === undefined) {
      throw nothingBeside(revision);
    }
    const split = { revision, stable, percent };
    alreadyThere = isReady && isSplit(state, split);
    steps = startingSteps(state, split, { isReady, readySeconds });
  } else if (move === 'finish') {
    alreadyThere = isReady && isInPlace(state, revision);
    steps = switchingSteps(state, revision, readySeconds);
  } else {
    throw new TargetError(
      'invalid',
      `The traffic of container app ${spec.name} stays as it is until somebody shifts it, so there is nothing to pause.`,
    );
  }
  return {
    ...(from && { from: toRevision(from, state, spec) }),
    ...(to && { to: toRevision(to, state, spec) }),
    alreadyThere,
    steps: alreadyThere ? [] : steps,
    configuration: compareTemplates(
      templateOf(revisions, from?.name ?? ''),
      to?.template,
      true,
    ),
    notRestored: [],
    artifact,
  };
}

/** Of those beside a revision the one with most traffic. */
function stableBeside(state: AppState, revision: string): string | undefined {
  return trafficShares(state).find(share => share.revision !== revision)
    ?.revision;
}

function percentOf(state: AppState, revision: string): number {
  if (!hasIngress(state.app)) {
    return servingRevision(state) === revision ? 100 : 0;
  }
  const share = trafficShares(state).find(part => part.revision === revision);
  return share?.percent ?? 0;
}

interface Split {
  revision: string;
  stable: string;
  percent: number;
}

/** Whether the traffic is split so by name: what follows the latest revision moves with the next one. */
function isSplit(
  { app }: AppState,
  { revision, stable, percent }: Split,
): boolean {
  const present = trafficEntries(app);
  return sameTraffic(
    present,
    sharedTraffic(present, [
      { revision, percent },
      { revision: stable, percent: 100 - percent },
    ]),
  );
}

function startingSteps(
  { app }: AppState,
  split: Split,
  { isReady, readySeconds }: { isReady: boolean; readySeconds: number },
): PlannedStep[] {
  const { revision, stable, percent } = split;
  const pin: PlannedStep = {
    name: 'pin-traffic',
    title: `Keep all of the traffic at ${stable} while ${revision} comes up`,
    input: { revision: stable },
    compensates: true,
  };
  return [
    // Azure would give the new one all of the traffic as soon as it is ready.
    ...(followsLatest(app) && !isReady ? [pin] : []),
    activatingStep(revision, readySeconds),
    {
      name: 'split-traffic',
      title: `Give ${revision} ${percent} % of the traffic, and ${stable} the rest`,
      input: { ...split },
      compensates: true,
    },
  ];
}

function requireCanaries(state: AppState): void {
  const [message] = whyNoCanary(state);
  if (message !== undefined) {
    throw new TargetError('invalid', message);
  }
}

/** Whole sentences with the remedy; none if the app can have canaries. */
function whyNoCanary({ app }: AppState): string[] {
  if (revisionsMode(app) === 'single') {
    return [
      `Container app ${app.name} is in single-revision mode, in which Azure gives a new revision all of the traffic by itself. For canaries set it to multiple revisions: az containerapp revision set-mode --mode multiple.`,
    ];
  }
  return hasIngress(app)
    ? []
    : [
        `Container app ${app.name} has no ingress, so there is no traffic to split. Remove strategy: canary from its target in deploy.yaml.`,
      ];
}

function whatIsNotRead({ app }: AppState, spec: ContainerAppSpec): string[] {
  return [
    ...(revisionsMode(app) === 'multiple' && followsLatest(app)
      ? [
          `The traffic of ${spec.name} follows the latest revision, so a new one gets its part as soon as it is ready. Give it to a revision by name: az containerapp ingress traffic set --revision-weight <revision>=100.`,
        ]
      : []),
    "The portal does not read the containers' logs, so errors in them are not counted.",
  ];
}

function nothingBeside(revision: string): TargetError {
  return new TargetError(
    'invalid',
    `No other revision than ${revision} has traffic, so there is nothing that could keep the rest.`,
    {
      remedy:
        'Let the pipeline make its revision without traffic: give the traffic to the revision that runs, by name.',
    },
  );
}
