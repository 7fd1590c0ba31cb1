import { JobView } from '../source/JobView';
import { keptOf, reportsOf } from '../testJobs/results';
import { readTestJob, TestJob } from '../testJobs/readTestJob';
import { Deployment, Repository, titleOf, WorkflowView } from './Repository';

/** Where a job of tests of several services runs: beside deployments, or in a workflow of its own. */
export type TestPlace =
  | { kind: 'after'; deployments: Deployment[] }
  | { kind: 'before'; deployments: Deployment[]; earlier: Deployment[] }
  | { kind: 'own'; workflow: WorkflowView };

/** A job that becomes one of `spec.tests`. */
export interface PlacedTests {
  job: JobView;
  place: TestPlace;
  /** Undefined for the tests of a language, which steps say one by one. */
  run?: TestJob;
}

/** Commands that change something outside, and so are no tests. */
const VERBS = /^(publish|push|deploy|release|apply|destroy|migrate|upload)$/;

/** What there is to go by. */
interface Known {
  repository: Repository;
  deployments: readonly Deployment[];
  runs: ReadonlyMap<JobView, TestJob | undefined>;
}

/** The jobs that test several services, or nothing of a single one, with where they run. */
export function placedTests(
  repository: Repository,
  deployments: readonly Deployment[],
): PlacedTests[] {
  const runs = new Map(
    repository.jobs.map(job => [job, readTestJob(job)] as const),
  );
  const known = { repository, deployments, runs };
  return repository.jobs
    .filter(({ isFirst }) => isFirst)
    .flatMap(job => {
      const run = runs.get(job);
      const place = placeOf(repository, deployments, job);
      return (run || job.facts.has('testRun')) &&
        place &&
        isMeant(known, { job, run, place })
        ? [{ job, place, ...(run && { run }) }]
        : [];
    });
}

function placeOf(
  repository: Repository,
  deployments: readonly Deployment[],
  job: JobView,
): TestPlace | undefined {
  if (job.facts.has('targetType')) {
    return undefined;
  }
  const of = (jobs: readonly JobView[]) =>
    deployments.filter(one => jobs.includes(one.job));
  const direct = of(repository.needed(job));
  const needed = direct.length > 0 ? direct : of(repository.before(job));
  const waiting = deployments.filter(one =>
    repository.needed(one.job).includes(job),
  );
  const isBetween =
    waiting.length > 0 && asksForChanges(job) && !asksForSuccess(job);
  if (needed.length > 0 && !isBetween) {
    return { kind: 'after', deployments: needed };
  }
  if (waiting.length > 0) {
    return { kind: 'before', deployments: waiting, earlier: direct };
  }
  const workflow = repository.workflowOf(job);
  return deployments.some(one => one.workflow === workflow)
    ? undefined
    : { kind: 'own', workflow };
}

/** Whether it runs if one of the deployments succeeded. */
function asksForSuccess({ condition }: JobView): boolean {
  return /needs\.[\w-]+\.result == 'success'/.test(condition);
}

/** Whether it runs if a service is wanted, as what is deployed next. */
function asksForChanges({ condition }: JobView): boolean {
  return /needs\.[\w-]+\.outputs\.|inputs\./.test(condition);
}

/** Whether it runs for whichever of several services changed: then it is no test of one, unless it is called so. */
export function isOfSeveral(repository: Repository, job: JobView): boolean {
  return (
    job.condition.split('outputs.').length > 2 &&
    job.key !== `test-${repository.unitOf(job)}`
  );
}

function isMeant(known: Known, { job, run, place }: PlacedTests): boolean {
  const hasTests = job.facts.has('testRun');
  switch (place.kind) {
    case 'after':
      return hasTests || asksForSuccess(job) || saysWhatItIs(job);
    case 'before':
      return (
        // What says nothing of itself may be the tests of one service.
        saysWhatItIs(job) ||
        isOfSeveral(known.repository, job) ||
        (run !== undefined &&
          (hasTests
            ? isTestedBesides(known, place.deployments, job)
            : isHarmless(job)))
      );
    default:
      return isOfOwnWorkflow(known, { job, run, place });
  }
}

/** The tests of one service otherwise, or a job that happens to be there. */
function isOfOwnWorkflow(known: Known, { job, run }: PlacedTests): boolean {
  const { repository, deployments } = known;
  const workflow = repository.workflowOf(job);
  const { index } = workflow;
  const of = (event: string) => index.under('on', event);
  const hasTests = job.facts.has('testRun');
  const isByNight =
    of('pull_request').length === 0 &&
    (of('schedule').length > 0 || of('workflow_dispatch').length > 0);
  if (hasTests && isByNight) {
    return true;
  }
  const isAwaited = deployments.some(one =>
    one.workflow.index
      .texts('on', 'workflow_run', 'workflows')
      .some(({ value }) => value === titleOf(workflow)),
  );
  const isNamed = saysWhatItIs(job);
  return (
    (run !== undefined || (hasTests && isNamed)) &&
    areSayable(workflow, job) &&
    (isNamed ||
      isAwaited ||
      !hasTests ||
      isTestedBesides(known, deployments, job)) &&
    (hasTests || isNamed || of('pull_request').length > 0 || isHarmless(job))
  );
}

/** What starts a workflow, and what may be said of it. */
const EVENTS = [
  /^push(\/(branches|paths)\/\d+)?$/,
  /^pull_request(\/branches\/\d+)?$/,
  /^schedule\/\d+\/cron$/,
  /^workflow_dispatch(\/inputs\/.+)?$/,
];

/** Whether `spec.tests` has words for what starts a workflow, and for the condition of a job. */
function areSayable({ index }: WorkflowView, { condition }: JobView): boolean {
  const reasons = condition === '' ? [] : condition.split(' || ');
  return (
    index
      .under('on')
      .every(({ path: [, ...path] }) =>
        EVENTS.some(event => event.test(path.join('/'))),
      ) &&
    ['push', 'pull_request'].every(
      event =>
        index.under('on', event).length === 0 ||
        index.texts('on', event, 'branches').length > 0,
    ) &&
    reasons.every(reason =>
      /^(github\.event_name|inputs\.\w+) == '[^']+'$/.test(reason),
    )
  );
}

/** Whether it reports or keeps something as tests of `deploy.yaml` do: under its own name, whatever became of it. */
function saysWhatItIs(job: JobView): boolean {
  return (
    keptOf(job).name.split('-${{')[0] === job.key ||
    reportsOf(job).some(({ suite }) => suite === job.key)
  );
}

/** Whether the services that wait for a job have other tests that are theirs alone. */
function isTestedBesides(
  { repository: { jobs }, runs }: Known,
  waiting: readonly Deployment[],
  job: JobView,
): boolean {
  const workflows = waiting.map(({ workflow }) => workflow);
  return jobs.some(
    other =>
      other.key !== job.key &&
      other.facts.has('testRun') &&
      workflows.some(workflow => workflow.jobs.includes(other)) &&
      runs.get(other) === undefined,
  );
}

function isHarmless(job: JobView): boolean {
  return !job.steps
    .flatMap(({ commands }) => commands)
    .flatMap(({ words }) => words.flatMap(word => word.split(':')))
    .some(word => VERBS.test(word));
}
