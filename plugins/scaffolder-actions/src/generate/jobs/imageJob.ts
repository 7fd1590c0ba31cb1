import { Job } from '../model';
import { names } from '../names';
import { Group, PipelinePlan } from '../planModel';
import {
  deployCondition,
  firstJob,
  groupsOfImage,
  needing,
  testsOf,
} from './conditions';
import { azureLogin, checkout } from './steps';
import { NAMED_DIGEST, oneImageAtATime } from '../images/buildSteps';
import { targetImageOf, targetImageSteps } from '../images/targetImage';

/** The job that builds an image that several services run. */
export function imageJob(plan: PipelinePlan, group: Group): Job {
  const groups = groupsOfImage(plan, names.image(group.key));
  const needs = [...firstJob(plan), ...testsOf(plan, groups)];
  return {
    ...needing(needs),
    if: deployCondition(plan, groups, needs),
    'runs-on': plan.settings.runner,
    'timeout-minutes': group.placements[0].service.image?.timeoutMinutes ?? 20,
    permissions: { contents: 'read', 'id-token': 'write' },
    concurrency: oneImageAtATime(targetImageOf(group.placements[0])),
    outputs: { digest: NAMED_DIGEST },
    steps: [checkout(), azureLogin(), ...targetImageSteps(group)],
  };
}
