import { Job } from '../model';
import { PipelinePlan } from '../planModel';
import {
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
import { groupsBefore, groupsBehind, NamedTests } from './testPlaces';

/** Tests of services that were just deployed: only if one of them was, and none failed. */
export function afterDeploymentJobs(
  plan: PipelinePlan,
  named: NamedTests,
): [string, Job][] {
  const groups = groupsBefore(plan, named.tests);
  const deployed = groups
    .map(({ job }) => `needs.${job}.result == 'success'`)
    .join(' || ');
  const needs = [...firstJob(plan), ...groups.map(({ job }) => job)];
  const place = {
    needs,
    if: [`(${deployed})`, ...nothingBroke(needs)].join(' && '),
  };
  return testsJobs(plan, named, place, false);
}

/** Tests that a deployment waits for: if one of the services is wanted, once what they test is there. */
export function beforeDeploymentJobs(
  plan: PipelinePlan,
  named: NamedTests,
): [string, Job][] {
  const { stage } = plan;
  const { tests } = named;
  const groups = groupsBehind(plan, tests);
  const earlier = plan.groups.filter(
    ({ environment }) =>
      environment === tests.in && !tests.before?.includes(environment),
  );
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
      isWanted(plan, wantedFor(plan, groups), together(groups).allowed),
      ...(earlier.length > 0 ? nothingBroke(needs) : []),
      ...(stage.pullRequests && !isProposed
        ? ["github.event_name != 'pull_request'"]
        : []),
      ...(where === undefined
        ? []
        : [isProposed ? `(${ofPullRequest} || ${where})` : where]),
    ].join(' && '),
  };
  return testsJobs(plan, named, place, stage.pullRequests);
}
