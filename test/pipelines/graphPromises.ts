import { PipelinePlan } from '@vvp/backstage-plugin-scaffolder-backend-module-deploy';
import type { Shape, ShapeTests } from './graphSpecs';
import type { Played, Start } from './playGraphs';

/** A run of a shape's workflow, and what it is to do: told by the shape, and not by conditions of jobs. */
interface Run extends Played {
  shape: Shape;
  plan: PipelinePlan;
  /** Services that it is to deploy. */
  asked: readonly string[];
  /** Whether an environment takes what it is of. */
  takes: (environment: string) => boolean;
}

/** A job that deploys. */
interface Deployment {
  job: string;
  environment: string;
  services: string[];
}

/** What a run has to keep, each with what breaks it. */
const PROMISES: Record<string, (run: Run) => string[]> = {
  'nothing gets where it may not be': run =>
    begun(run)
      .filter(({ environment }) => !run.takes(environment))
      .map(({ job }) => job),

  'nothing comes where nothing is asked for': run =>
    run.asked.length > 0 ? [] : begun(run).map(({ job }) => job),

  'nothing comes past its own tests, or those that count for it': run =>
    begun(run).flatMap(({ job, services }) =>
      run.plan.units
        .flatMap(({ tests }) => tests)
        .filter(one =>
          one.services.some(
            ({ key, test }) => test && countsFor(run, key, services),
          ),
        )
        .filter(one => !succeeded(run, one.job))
        .map(one => `${job} past ${one.job}`),
    ),

  'nothing comes past what it was to be in before': run =>
    begun(run).flatMap(one =>
      deployments(run)
        .filter(other => isEarlier(run, other, one) && shares(other, one))
        .filter(({ environment }) => run.takes(environment))
        .filter(({ job }) => !succeeded(run, job))
        .map(({ job }) => `${one.job} past ${job}`),
    ),

  'nothing comes past the tests that it is to wait for': run =>
    begun(run).flatMap(one =>
      testsOf(run)
        .filter(([, tests]) => isToWait(run, one, tests))
        .filter(([key]) => !succeeded(run, key))
        .map(([key]) => `${one.job} past ${key}`),
    ),

  'tests look at nothing but what was brought there': run =>
    testsOf(run)
      .filter(([key, tests]) => has(run, key) && isSomewhere(tests))
      .flatMap(([key, tests]) => {
        const there = lookedAt(run, tests);
        const missing = there.filter(
          one => isDue(run, one) && !succeeded(run, one.job),
        );
        return there.some(({ job }) => succeeded(run, job))
          ? missing.map(({ job }) => `${key} without ${job}`)
          : [`${key} looks at nothing new`];
      }),

  'all that is asked for comes and is tested, if nothing fails': run => {
    if (Object.keys(run.fates).length > 0) {
      return [];
    }
    const untested = testsOf(run).filter(
      ([key, tests]) =>
        tests.after &&
        key in run.results &&
        lookedAt(run, tests).some(one => isDue(run, one)) &&
        !succeeded(run, key),
    );
    return [
      ...deployments(run)
        .filter(one => isDue(run, one) && !succeeded(run, one.job))
        .map(({ job }) => job),
      ...untested.map(([key]) => key),
    ];
  },

  'somebody is called for what fails, but not for what is older than what runs':
    run => {
      const fates = Object.entries(run.fates);
      const isCalled = succeeded(run, 'report-failure');
      if ('report-failure' in run.fates || fates.length === 0) {
        return [];
      }
      if (fates.some(([job, fate]) => fate !== 'refused' && has(run, job))) {
        return isCalled ? [] : ['nobody'];
      }
      const refused = deployments(run).filter(({ job }) => job in run.fates);
      const lost = deployments(run)
        .filter(one => isDue(run, one) && !has(run, one.job))
        .filter(({ services }) =>
          services.some(
            key =>
              run.asked.includes(key) &&
              !refused.some(other => other.services.includes(key)),
          ),
        );
      return isCalled ? [] : lost.map(({ job }) => `nobody, for ${job}`);
    },
};

/** Which promises a run breaks. */
export function broken(
  shape: Shape,
  plan: PipelinePlan,
  start: Start,
  played: Played,
): string[] {
  const run: Run = {
    ...played,
    shape,
    plan,
    asked: askedBy(shape, plan, start),
    takes: environment => isTaken(shape, environment, start),
  };
  return Object.entries(PROMISES).flatMap(([promise, check]) =>
    check(run).map(what => `${promise}: ${what}`),
  );
}

/** The services that a start is about. */
function askedBy(
  { services, start: kind }: Shape,
  { units }: PipelinePlan,
  { event, ref, inputs, changedFiles }: Start,
): string[] {
  const all = services.map(({ key }) => key);
  if (event === 'push' && !ref.startsWith('refs/tags/')) {
    return all.filter(key =>
      changedFiles.some(file => file.startsWith(`${key}/`)),
    );
  }
  if (kind === 'word' && inputs.confirm !== 'DEPLOY') {
    return [];
  }
  const chosen = inputs.force ?? inputs.service ?? inputs.what;
  return event !== 'workflow_dispatch' ||
    chosen === undefined ||
    chosen === 'all'
    ? all
    : units
        .filter(({ key }) => key === chosen)
        .flatMap(unit => unit.services.map(({ key }) => key));
}

/** As `docs/pipelines/workflows.md` has it. */
function isTaken(shape: Shape, name: string, { event, ref }: Start): boolean {
  const { branches, tags = [] } =
    shape.environments.find(one => one.name === name) ?? {};
  const pushed = branches ?? (tags.length > 0 ? [] : shape.branches);
  const byHand = branches ?? [...pushed, ...shape.branches];
  return [
    ...(event === 'workflow_dispatch' ? byHand : pushed).map(
      glob => `refs/heads/${glob}`,
    ),
    ...tags.map(glob => `refs/tags/${glob}`),
  ].some(glob =>
    glob.endsWith('*')
      ? ref.startsWith(glob.replace(/\*+$/, ''))
      : ref === glob,
  );
}

function deployments({ plan }: Run): Deployment[] {
  return plan.groups.map(({ job, environment, placements }) => ({
    job,
    environment,
    services: placements.map(({ service }) => service.key),
  }));
}

function has({ results }: Run, job: string): boolean {
  return results[job] !== undefined && results[job] !== 'skipped';
}

function succeeded({ results }: Run, job: string): boolean {
  return results[job] === 'success';
}

/** Deployments that were not skipped. */
function begun(run: Run): Deployment[] {
  return deployments(run).filter(({ job }) => has(run, job));
}

function isDue(run: Run, { environment, services }: Deployment): boolean {
  return (
    run.takes(environment) && services.some(key => run.asked.includes(key))
  );
}

function countsFor({ shape }: Run, test: string, services: string[]): boolean {
  return shape.services.some(
    ({ key, testedBy }) =>
      services.includes(key) && (key === test || testedBy === test),
  );
}

function isEarlier({ shape }: Run, one: Deployment, other: Deployment) {
  const order = shape.environments.map(({ name }) => name);
  return order.indexOf(one.environment) < order.indexOf(other.environment);
}

function shares(one: Deployment, { services }: Deployment): boolean {
  return services.some(key => one.services.includes(key));
}

function testsOf({ shape }: Run): [string, ShapeTests][] {
  return Object.entries(shape.tests);
}

function isSomewhere(tests: ShapeTests): boolean {
  return tests.after !== undefined || tests.in !== undefined;
}

function isAbout(
  { after, services = after }: ShapeTests,
  deployment: Deployment,
): boolean {
  return deployment.services.some(key => services?.includes(key) ?? true);
}

/** What tests look at that are somewhere, or come after something. */
function lookedAt(run: Run, tests: ShapeTests): Deployment[] {
  return deployments(run).filter(
    one =>
      isAbout(tests, one) &&
      (tests.in === undefined || tests.in === one.environment),
  );
}

/** Whether a deployment may not begin before tests succeeded: there is something for them to look at, if they look. */
function isToWait(run: Run, one: Deployment, tests: ShapeTests): boolean {
  const named = tests.after
    ? tests.in !== undefined
    : tests.before?.includes(one.environment);
  return (
    named === true &&
    isAbout(tests, one) &&
    (tests.in === undefined ||
      lookedAt(run, tests).some(
        other =>
          isEarlier(run, other, one) &&
          shares(other, one) &&
          run.takes(other.environment),
      ))
  );
}
