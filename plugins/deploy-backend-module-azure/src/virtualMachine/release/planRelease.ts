import { Revision, TargetHealth } from '@vvp/backstage-plugin-deploy-common';
import { PlannedStep, TargetPlan } from '@vvp/backstage-plugin-deploy-node';
import { AWAIT_SECONDS, CHANGE_SECONDS } from '../steps';

/** How to get from the release that serves to another one that is whole on the machine. */
export function planRelease(request: {
  from: Revision | undefined;
  to: Revision;
  health: TargetHealth;
  unit: string;
}): TargetPlan {
  const { from, to, health, unit } = request;
  const alreadyThere = to.current && health.state === 'healthy';
  return {
    ...(from && { from }),
    to,
    alreadyThere,
    steps: alreadyThere ? [] : releaseSteps(from, to, unit),
    configuration: [],
    notRestored: [
      'What lies outside of the release directory: the environment file, the unit of systemd, and packages of the machine.',
    ],
    artifact: { state: 'present' },
  };
}

/** The unit started anew, with the release that serves. */
export function planRestartOf(
  current: Revision | undefined,
  unit: string,
): TargetPlan {
  return {
    ...(current && { from: current, to: current }),
    alreadyThere: false,
    steps: [
      {
        name: 'restart-unit',
        title: `Restart ${unit}`,
        input: { restart: true },
        timeoutSeconds: CHANGE_SECONDS,
      },
      awaitStep(unit, { restart: true }),
    ],
    configuration: [],
    notRestored: [],
    artifact: { state: 'present' },
  };
}

function releaseSteps(
  from: Revision | undefined,
  to: Revision,
  unit: string,
): PlannedStep[] {
  return [
    {
      name: 'switch-release',
      title: to.current
        ? `Restart ${unit}`
        : `Switch to release ${to.id} and restart ${unit}`,
      // `from` is for messages; the machine remembers what it really was.
      input: { release: to.id, from: from?.id ?? '' },
      timeoutSeconds: CHANGE_SECONDS,
      compensates: true,
    },
    awaitStep(unit, { release: to.id }),
  ];
}

function awaitStep(unit: string, input: PlannedStep['input']): PlannedStep {
  return {
    name: 'await-healthy',
    title: `See that ${unit} is up`,
    input,
    timeoutSeconds: AWAIT_SECONDS,
  };
}
