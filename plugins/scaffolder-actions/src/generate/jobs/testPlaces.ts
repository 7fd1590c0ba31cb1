import { RepositoryTestsSpec } from '@vvp/backstage-plugin-deploy-common';
import { Group, PipelinePlan, Placement } from '../planModel';
import { earlierGroups } from './order';

type TestsSpec = RepositoryTestsSpec[string];

/** A job of tests, with its key. */
export interface NamedTests {
  key: string;
  tests: TestsSpec;
}

/** Those that run after deployments of a workflow. */
export function testsAfterDeployment(plan: PipelinePlan): NamedTests[] {
  return allTests(plan).filter(
    ({ tests }) => tests.after && groupsBefore(plan, tests).length > 0,
  );
}

/** Those that deployments of a workflow wait for. */
export function testsBeforeDeployment(plan: PipelinePlan): NamedTests[] {
  return allTests(plan).filter(
    ({ tests }) => groupsBehind(plan, tests).length > 0,
  );
}

function allTests({ spec }: PipelinePlan): NamedTests[] {
  return Object.entries(spec.tests ?? {}).map(([key, tests]) => ({
    key,
    tests,
  }));
}

/** The tests of several services that a deployment waits for: those before it, and those of earlier environments. */
export function testsBefore(plan: PipelinePlan, group: Group): NamedTests[] {
  const sooner = earlierGroups(plan, group);
  const before = testsBeforeDeployment(plan).filter(({ tests }) =>
    groupsBehind(plan, tests).includes(group),
  );
  const earlier = testsAfterDeployment(plan).filter(
    ({ tests }) =>
      tests.in !== undefined &&
      groupsLookedAt(plan, tests).some(one => sooner.includes(one)) &&
      group.placements.some(({ service }) =>
        tests.after?.includes(service.key),
      ),
  );
  return [...before, ...earlier];
}

/** The deployments that wait for tests: those of what was brought to where the tests are, if they are somewhere. */
export function groupsBehind(plan: PipelinePlan, tests: TestsSpec): Group[] {
  const there = groupsLookedAt(plan, tests);
  return plan.groups.filter(
    group =>
      tests.before?.includes(group.environment) &&
      bringsAny(group, tests) &&
      (tests.in === undefined ||
        earlierGroups(plan, group).some(one => there.includes(one))),
  );
}

/** The deployments that bring what tests look at: to the environment that these are in, or those that they come after. */
export function groupsLookedAt(plan: PipelinePlan, tests: TestsSpec): Group[] {
  return tests.after
    ? groupsBefore(plan, tests)
    : plan.groups.filter(
        group => group.environment === tests.in && bringsAny(group, tests),
      );
}

function bringsAny({ placements }: Group, tests: TestsSpec): boolean {
  return placements.some(({ service }) => isAbout(tests, service.key));
}

function isAbout({ services }: TestsSpec, key: string): boolean {
  return services === undefined || services.includes(key);
}

/** The deployments that tests come after. */
export function groupsBefore(
  plan: PipelinePlan,
  tests: Pick<TestsSpec, 'after' | 'in'>,
): Group[] {
  return plan.groups.filter(
    ({ environment, placements }) =>
      (tests.in === undefined || environment === tests.in) &&
      placements.some(({ service }) => tests.after?.includes(service.key)),
  );
}

/** What tests that come after deployments are about. */
export function deployedTo(
  plan: PipelinePlan,
  tests: Pick<TestsSpec, 'after' | 'in'>,
): Placement[] {
  return groupsBefore(plan, tests).flatMap(({ placements }) => placements);
}
