import { literal } from '../expressions';
import { Job } from '../model';
import { githubEnvironment } from '../names';
import { Group, PipelinePlan } from '../planModel';
import { isChosen } from './choice';
import { isByHand, isConfirmed } from './conditions';
import {
  hasKubeconfig,
  isCanary,
  kubernetesLogin,
  kubernetesMinutes,
  kubernetesRollbackSteps,
} from './kubernetes';
import { limitOf } from './limits';
import { inParentheses, isOn } from './refs';
import { checkout, verifyTag } from './steps';

/** What is true of a run that goes back: it deploys nothing. */
export const ROLLS_BACK = 'inputs.rollback';

/** Name of the input that says where a run goes back. */
const WHERE = 'rollback_environment';

/** What whoever starts a deployment may say. */
export function kubernetesInputs(
  plan: PipelinePlan,
  groups: readonly Group[],
): Record<string, unknown> {
  const environments = environmentsOf(groups);
  const hasCanary = groups.some(({ placements: [{ target }] }) =>
    isCanary(target),
  );
  return {
    ...(hasCanary && {
      deploy_percentage: {
        description:
          'Share of the traffic that a canary gets first, from 1 to 99; as in deploy.yaml unless said otherwise',
        type: 'string',
        required: false,
      },
    }),
    // Where a word has to be typed, it says what is to happen.
    ...(!isByHand(plan) && {
      rollback: {
        description: 'Go back to what served before, and deploy nothing',
        type: 'boolean',
        default: false,
      },
    }),
    ...(environments.length > 1 && {
      [WHERE]: {
        description: 'Where to go back',
        type: 'choice',
        options: environments,
        default: environments[0],
      },
    }),
  };
}

/** The environments among which whoever goes back has to choose. */
function environmentsOf(groups: readonly Group[]): string[] {
  return [
    ...new Set(
      groups
        .filter(({ placements: [{ target }] }) => target.type === 'kubernetes')
        .map(({ environment }) => environment),
    ),
  ];
}

/** The environment that a run goes back in, as an input of its workflow; undefined where there is one only. */
export function rollbackInput(
  { groups }: PipelinePlan,
  { environment, workflow }: Group,
): [string, string] | undefined {
  const besides = groups.filter(other => other.workflow === workflow);
  return environmentsOf(besides).length > 1 ? [WHERE, environment] : undefined;
}

/** The job that goes back, for whoever asks for it; it waits for a deployment that is under way. */
export function kubernetesJobs(
  plan: PipelinePlan,
  group: Group,
): [string, Job][] {
  const [placement] = group.placements;
  const name = githubEnvironment(plan, placement);
  const { environment } = placement;
  const [input, where] = rollbackInput(plan, group) ?? [];
  const minutes = limitOf(kubernetesMinutes(placement), environment);
  const job: Job = {
    if: [
      isByHand(plan)
        ? isConfirmed('ROLLBACK', group.allowed)
        : `${ROLLS_BACK} && ${inParentheses(isOn(group.allowed))}`,
      ...(input && where ? [`inputs.${input} == ${literal(where)}`] : []),
      ...(plan.units.length > 1 ? [`(${isChosen(plan, [group.key])})`] : []),
    ].join(' && '),
    'runs-on': plan.settings.runner,
    'timeout-minutes': minutes,
    permissions: {
      contents: 'read',
      ...(!hasKubeconfig(plan, placement) && { 'id-token': 'write' as const }),
    },
    environment: { name, ...(environment.url && { url: environment.url }) },
    concurrency: {
      group: `deploy-${name}`,
      'cancel-in-progress': false,
      queue: 'max',
    },
    steps: [
      checkout(),
      ...verifyTag(group),
      ...kubernetesLogin(plan, placement, minutes),
      ...kubernetesRollbackSteps(plan, placement),
    ],
  };
  return [[`rollback-${group.job.replace(/^deploy-/, '')}`, job]];
}
