import { JobView } from '../source/JobView';
import { Told } from '../types';
import { Repository, WorkflowView } from './Repository';

/** Sets what starts a workflow that only tests, and what its jobs wait for. */
export function assembleTriggers(
  repository: Repository,
  job: JobView,
  workflow: WorkflowView,
): void {
  const { draft } = repository;
  const path = ['spec', 'tests', job.key];
  const { index, name } = workflow;
  const siblings = testsIn(repository, name);
  draft.set([...path, 'workflow'], { value: name, leaves: [] });
  const title = index.at('name');
  if (title && !siblings.some(tests => tests.title)) {
    draft.set(
      [...path, 'title'],
      { value: title.value, leaves: [title] },
      name.replace(/\.ya?ml$/, ''),
    );
  }
  const crons = index
    .under('on', 'schedule')
    .filter(leaf => leaf.path[3] === 'cron');
  // Each starts all that have one, so that it does not matter which has which.
  const taken = siblings.filter(({ schedule }) => schedule).length;
  const cron = crons[Math.min(taken, crons.length - 1)];
  if (cron && isFor(job, 'schedule')) {
    draft.set([...path, 'schedule'], { value: cron.value, leaves: [cron] });
  }
  assembleEvents(repository, job, workflow, path);
  const [needed] = job.needs;
  draft.set([...path, 'needs'], needed);
  assembleMode(repository, job, workflow);
}

/** All tests of a workflow so far. */
function testsIn(
  { draft }: Repository,
  workflow: string,
): Record<string, unknown>[] {
  const tests = (draft.get(['spec', 'tests']) ?? {}) as Record<
    string,
    Record<string, unknown>
  >;
  return Object.values(tests).filter(one => one.workflow === workflow);
}

function isFor({ condition }: JobView, event: string): boolean {
  return (
    condition === '' || condition.includes(`github.event_name == '${event}'`)
  );
}

/** Pull requests and pushes, and the branches of them. */
function assembleEvents(
  { draft }: Repository,
  job: JobView,
  { index }: WorkflowView,
  path: readonly string[],
): void {
  const pushPaths = index.texts('on', 'push', 'paths');
  const starts = (event: string) =>
    index.under('on', event).length > 0 && isFor(job, event);
  const isPushed = starts('push');
  const events = [
    ...(starts('pull_request') ? ['pull-request'] : []),
    ...(isPushed && pushPaths.length === 0 ? ['push'] : []),
  ];
  if (events.length > 0) {
    draft.set([...path, 'on'], { value: events, leaves: [] });
  }
  if (isPushed) {
    pushPaths.forEach(told => draft.add([...path, 'pushPaths'], told));
  }
  const branches = ['push', 'pull_request'].flatMap(event =>
    starts(event) ? index.texts('on', event, 'branches') : [],
  );
  const told: Told<string[]> = {
    value: [...new Set(branches.map(({ value }) => value))],
    leaves: branches.flatMap(({ leaves }) => leaves),
  };
  if (told.value.length > 0) {
    const usual = draft.get(['spec', 'pipeline', 'branches']) ?? ['main'];
    draft.set([...path, 'branches'], told, usual);
  }
}

/** What is chosen to run it by hand; what another one needs runs for that as well. */
function assembleMode(
  repository: Repository,
  job: JobView,
  { index, jobs, name }: WorkflowView,
): void {
  const { draft } = repository;
  const path = ['spec', 'tests', job.key];
  const ofOthers = jobs
    .filter(other => other.needs.some(({ value }) => value === job.key))
    .flatMap(other => choicesOf(other).map(({ value }) => value));
  const [choice] = choicesOf(job).filter(
    ({ input, value }) =>
      !ofOthers.includes(value) && !(input !== 'mode' && value === 'all'),
  );
  if (!choice) {
    return;
  }
  const { input, value } = choice;
  const options = index.under('on', 'workflow_dispatch', 'inputs', input);
  draft.set([...path, 'mode'], {
    value,
    leaves: options.filter(
      leaf => leaf.value === value && leaf.path.includes('options'),
    ),
  });
  if (
    input !== 'mode' &&
    !testsIn(repository, name).some(({ modeInput }) => modeInput)
  ) {
    draft.set([...path, 'modeInput'], { value: input, leaves: [] });
  }
}

function choicesOf({ condition }: JobView): { input: string; value: string }[] {
  return [...condition.matchAll(/inputs\.(\w+) == '([^']+)'/g)].map(
    ([, input, value]) => ({ input, value }),
  );
}
