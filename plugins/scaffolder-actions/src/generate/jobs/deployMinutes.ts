import { Group, PipelinePlan, Placement } from '../planModel';
import { targetKind } from '../targets';
import { composeOf } from './compose';
import { buildsImageApart } from './conditions';
import {
  BUILD_MINUTES,
  Circumstances,
  limitOf,
  SETTLING_MINUTES,
} from './limits';

/** How long a deployment may take at worst, its way back included. */
export function neededMinutes(
  plan: Pick<PipelinePlan, 'spec'>,
  group: Group,
  placement: Placement,
): number {
  const { minutes = BUILD_MINUTES } = targetKind(placement.target.type) ?? {};
  return typeof minutes === 'number'
    ? minutes
    : minutes(placement, circumstancesOf(plan, group));
}

/** The time limit of the job that deploys a group: that of its longest leg. */
export function deployMinutes(
  plan: Pick<PipelinePlan, 'spec'>,
  group: Group,
): number {
  return Math.max(
    ...group.placements.map(placement =>
      limitOf(neededMinutes(plan, group, placement), placement.environment),
    ),
  );
}

function circumstancesOf(
  { spec }: Pick<PipelinePlan, 'spec'>,
  group: Group,
): Circumstances {
  const { image } = group.placements[0].service;
  const { healthSeconds } = composeOf(spec, group.environment) ?? {};
  return {
    ...(healthSeconds && { healthSeconds }),
    ...(image &&
      !buildsImageApart(group) && {
        buildMinutes:
          (image.timeoutMinutes ?? BUILD_MINUTES) +
          (group.sharesImage ? SETTLING_MINUTES : 0),
      }),
  };
}
