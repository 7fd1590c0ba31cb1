import { PipelinePlan } from '../../generate/plan';
import { Workflow } from '../../generate/model';
import { names } from '../../generate/names';
import { Deployment, Repository } from '../assemble/Repository';
import { JobView } from '../source/JobView';

/** What is generated of a spec. */
export interface Generated {
  plan: PipelinePlan;
  workflows: ReadonlyMap<string, Workflow>;
}

/** A generated job. */
export interface JobOf {
  workflow: string;
  key: string;
}

/** What was found out about the jobs of a repository. */
export interface Found {
  repository: Repository;
  deployments: readonly Deployment[];
}

/** The generated jobs that do what a job does: by what it deploys, by its name, or by what it does for deployments. */
export function counterpartsOf(
  found: Found,
  generated: Generated,
  job: JobView,
): JobOf[] {
  const deployed = groupsOf(found, generated, job);
  if (deployed.length > 0) {
    return deployed;
  }
  const file = found.repository.workflowOf(job).name;
  if (hasJob(generated, { workflow: file, key: job.key })) {
    return [{ workflow: file, key: job.key }];
  }
  return unique(
    helpersOf(found, generated, job).filter(one => hasJob(generated, one)),
  );
}

/** The jobs that bring the same services to the same environments. */
function groupsOf(
  { deployments }: Found,
  { plan }: Generated,
  { key, workflow }: JobView,
): JobOf[] {
  const own = deployments.filter(
    ({ job }) => job.key === key && job.workflow === workflow,
  );
  return unique(
    own.flatMap(({ service, environment }) =>
      plan.groups
        .filter(
          group =>
            group.environment === environment &&
            group.placements.some(one => one.service.key === service),
        )
        .map(group => ({ workflow: group.workflow, key: group.job })),
    ),
  );
}

/** What a job does for those that deploy: finding out what changed, testing, building. */
function helpersOf(found: Found, generated: Generated, job: JobView): JobOf[] {
  const { repository, deployments } = found;
  const { plan, workflows } = generated;
  const named = [...workflows.keys()].map(workflow => ({
    workflow,
    key: job.key,
  }));
  if (plan.spec.tests?.[job.key]) {
    return named;
  }
  const waiting = deployments
    .filter(one => repository.before(one.job).includes(job))
    .flatMap(one => groupsOf(found, generated, one.job));
  const { facts } = job;
  if (facts.has('filters')) {
    return [...workflows.keys()].map(workflow => ({
      workflow,
      key: 'changes',
    }));
  }
  if (facts.has('testRun')) {
    return testsFor(generated, waiting, job);
  }
  if (facts.has('dockerfile')) {
    const built = waiting.flatMap(({ workflow, key }) =>
      (workflows.get(workflow)?.jobs[key]?.needs ?? [])
        .filter(one => /^build-/.test(one))
        .map(one => ({ workflow, key: one })),
    );
    // Where no job of its own builds it, the deployment does.
    return built.length > 0 ? built : waiting;
  }
  return facts.has('terraformVersion')
    ? [...workflows.keys()].map(workflow => ({ workflow, key: 'terraform' }))
    : [];
}

/** Those that deployments wait for, or that pull requests have. */
function testsFor(
  { plan, workflows }: Generated,
  waiting: readonly JobOf[],
  job: JobView,
): JobOf[] {
  const tests = plan.units.flatMap(unit => unit.tests.map(one => one.job));
  const awaited = waiting.flatMap(({ workflow, key }) =>
    (workflows.get(workflow)?.jobs[key]?.needs ?? [])
      .filter(one => tests.includes(one))
      .map(one => ({ workflow, key: one })),
  );
  const own = awaited.filter(({ key }) =>
    [job.key, names.test(job.key)].includes(key),
  );
  if (awaited.length > 0) {
    return own.length > 0 ? own : awaited;
  }
  const alike = tests.filter(key =>
    [job.key, names.test(job.key)].includes(key),
  );
  return [...workflows.keys()].flatMap(workflow =>
    (alike.length > 0 ? alike : tests).map(key => ({ workflow, key })),
  );
}

function hasJob({ workflows }: Generated, { workflow, key }: JobOf): boolean {
  return Object.hasOwn(workflows.get(workflow)?.jobs ?? {}, key);
}

function unique(jobs: readonly JobOf[]): JobOf[] {
  return [
    ...new Map(jobs.map(one => [`${one.workflow} ${one.key}`, one])).values(),
  ];
}
