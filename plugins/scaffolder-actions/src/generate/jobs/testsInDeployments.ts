import { Job } from '../model';
import { PipelinePlan } from '../planModel';
import {
  allCame,
  firstJob,
  isWanted,
  needing,
  nothingBroke,
  placeOf,
  wantedFor,
} from './conditions';
import { together } from './refs';
import { testsJobs } from './repositoryTests';
import { ofPullRequest } from './steps';
import { groupsBehind, groupsLookedAt, NamedTests } from './testPlaces';

/** Tests of services that were just deployed: only if one of them was, and all came that were to come. */
export function afterDeploymentJobs(
  plan: PipelinePlan,
  named: NamedTests,
): [string, Job][] {
  const groups = groupsLookedAt(plan, named.tests);
  const deployed = groups
    .map(({ job }) => `needs.${job}.result == 'success'`)
    .join(' || ');
  const needs = [...firstJob(plan), ...groups.map(({ job }) => job)];
  const place = {
    needs,
    if: [
      `(${deployed})`,
      ...nothingBroke(needs),
      ...(groups.length > 1
        ? allCame(plan, groups, wantedFor(plan, groups), together(groups))
        : []),
    ].join(' && '),
  };
  return testsJobs(plan, named, place, false);
}

/** Tests that a deployment waits for: if one of the services is wanted, once what they test is there, and only then. */
export function beforeDeploymentJobs(
  plan: PipelinePlan,
  named: NamedTests,
): [string, Job][] {
  const { stage } = plan;
  const { tests } = named;
  const groups = groupsBehind(plan, tests);
  const earlier = groupsLookedAt(plan, tests);
  const units = wantedFor(plan, groups);
  // Where only some branches are deployed, only those are tested for it: all that any of the deployments takes.
  const where = placeOf(plan, groups);
  const needs = [
    ...new Set([...firstJob(plan), ...earlier.map(({ job }) => job)]),
  ];
  // What is proposed is neither deployed nor let at a cloud.
  const isProposed = stage.pullRequests && earlier.length === 0 && !tests.login;
  const place = {
    ...needing(needs),
    if: [
      isWanted(plan, units, together(groups).allowed),
      ...(earlier.length > 0 ? nothingBroke(needs) : []),
      ...(stage.pullRequests && !isProposed
        ? ["github.event_name != 'pull_request'"]
        : []),
      ...(where === undefined
        ? []
        : [isProposed ? `(${ofPullRequest} || ${where})` : where]),
      ...allCame(plan, earlier, units),
    ].join(' && '),
  };
  return testsJobs(plan, named, place, stage.pullRequests);
}
