import { RepositoryTestsSpec } from '@vvp/backstage-plugin-deploy-common';
import { Group, PipelinePlan, Placement } from '../planModel';

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
export function testsBefore(plan: PipelinePlan, group: Group): string[] {
  const order = plan.spec.environments.map(({ name }) => name);
  const before = testsBeforeDeployment(plan).filter(({ tests }) =>
    groupsBehind(plan, tests).includes(group),
  );
  const earlier = testsAfterDeployment(plan).filter(
    ({ tests }) =>
      tests.in !== undefined &&
      order.indexOf(tests.in) < order.indexOf(group.environment) &&
      group.placements.some(({ service }) =>
        tests.after?.includes(service.key),
      ),
  );
  return [...before, ...earlier].map(({ key }) => key);
}

/** The deployments that wait for tests. */
export function groupsBehind(plan: PipelinePlan, tests: TestsSpec): Group[] {
  return plan.groups.filter(
    ({ environment, placements }) =>
      tests.before?.includes(environment) &&
      placements.some(({ service }) => isAbout(tests, service.key)),
  );
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
