import { JobView } from '../source/JobView';
import { settingOf } from '../source/scope';
import { Deployment, Repository, WorkflowView } from './Repository';
import { plain } from './values';
import { assembleRun } from './tests';

/** Jobs that test several services: after deployments, by night, or by hand. */
export function areRepositoryTests(
  repository: Repository,
  deployments: readonly Deployment[],
  job: JobView,
): boolean {
  const deployed = deployments.map(one => one.job);
  const workflow = workflowOf(repository, job);
  const isForOthers = repository.jobs.some(
    other => repository.before(other).includes(job) && deployed.includes(other),
  );
  return (
    repository.before(job).some(one => deployed.includes(one)) ||
    (!isForOthers &&
      !deployments.some(one => one.workflow === workflow) &&
      workflow.index.under('on', 'pull_request').length === 0 &&
      (workflow.index.under('on', 'schedule').length > 0 ||
        workflow.index.under('on', 'workflow_dispatch').length > 0))
  );
}

/** Sets `spec.tests`. */
export function assembleRepositoryTests(
  repository: Repository,
  deployments: readonly Deployment[],
  jobs: readonly JobView[],
): void {
  for (const job of jobs) {
    const { draft } = repository;
    const path = ['spec', 'tests', job.key];
    const { facts } = job;
    const after = deployments.filter(one =>
      repository.needed(job).includes(one.job),
    );
    for (const { service, job: deployed } of after) {
      draft.add([...path, 'after'], {
        value: service,
        leaves: job.needs
          .filter(({ value }) => value === deployed.key)
          .flatMap(({ leaves }) => leaves),
      });
    }
    if (after.length === 0) {
      assembleTriggers(repository, job, path);
    }
    draft.set([...path, 'in'], plain(facts.one('reportEnvironment')));
    draft.set([...path, 'suite'], plain(facts.one('suite')), job.key);
    draft.set([...path, 'mode'], plain(facts.one('reportMode')));
    draft.set([...path, 'directory'], plain(facts.one('testDirectory')));
    draft.set([...path, 'select'], plain(facts.one('select')));
    facts.all('compose').forEach(told => draft.add([...path, 'compose'], told));
    const login = facts.one('azureLogin');
    draft.set([...path, 'login'], login && { ...login, value: 'azure' });
    assembleWaits(repository, job, path, after);
    assembleResults(repository, job, path);
    draft.set([...path, 'artifactDays'], facts.one('artifactDays'), 7);
    assembleRun(repository, job, path, { minutes: 30 });
  }
}

/** When a workflow of its own runs, and what its jobs wait for. */
function assembleTriggers(
  repository: Repository,
  job: JobView,
  path: readonly string[],
): void {
  const { draft } = repository;
  const { name, index, jobs } = workflowOf(repository, job);
  draft.set([...path, 'workflow'], { value: name, leaves: [] });
  const title = index.at('name');
  if (title && jobs[0] === job) {
    draft.set([...path, 'title'], {
      value: title.value,
      leaves: [title],
    });
  }
  const { condition } = job;
  const isFor = (event: string) =>
    condition === '' || condition.includes(`github.event_name == '${event}'`);
  const [cron] = index
    .under('on', 'schedule')
    .filter(leaf => leaf.path[3] === 'cron');
  if (cron && isFor('schedule')) {
    draft.set([...path, 'schedule'], { value: cron.value, leaves: [cron] });
  }
  if (isFor('push')) {
    for (const told of index.texts('on', 'push', 'paths')) {
      draft.add([...path, 'pushPaths'], told);
    }
  }
  const [needed] = job.needs;
  draft.set([...path, 'needs'], needed);
  const ofOthers = jobs
    .filter(other => other.needs.some(({ value }) => value === job.key))
    .flatMap(modesOf);
  const [mode] = modesOf(job).filter(one => !ofOthers.includes(one));
  const option = index
    .under('on', 'workflow_dispatch', 'inputs')
    .find(({ value, path: own }) => value === mode && own.includes('options'));
  if (mode !== undefined) {
    draft.set([...path, 'mode'], {
      value: mode,
      leaves: option ? [option] : [],
    });
  }
}

function modesOf({ condition }: JobView): string[] {
  return [...condition.matchAll(/inputs\.mode == '([^']+)'/g)].map(
    ([, mode]) => mode,
  );
}

/** What has to answer first; what was just deployed has to anyway. */
function assembleWaits(
  { draft }: Repository,
  { facts }: JobView,
  path: readonly string[],
  after: readonly Deployment[],
): void {
  const waits = facts.all('wait');
  const addresses = after.map(({ service, environment }) =>
    draft.get([
      'spec',
      'services',
      service,
      'environments',
      environment,
      'url',
    ]),
  );
  for (const { value, leaves } of waits) {
    const isUsual = addresses.some(
      url => typeof url === 'string' && value.url.startsWith(url),
    );
    if (!isUsual) {
      draft.add([...path, 'waitFor'], { value: value.url, leaves });
    }
    draft.set([...path, 'waitSeconds'], { value: value.seconds, leaves }, 300);
  }
}

function assembleResults(
  { draft }: Repository,
  { facts }: JobView,
  path: readonly string[],
): void {
  for (const { value, leaves } of facts.all('results')) {
    const setting = settingOf(value.key ?? '');
    if (value.url !== undefined) {
      draft.set([...path, 'results', 'url'], { value: value.url, leaves });
    } else if (typeof setting === 'object' && setting.secret) {
      draft.set([...path, 'results', 'key'], {
        value: setting.secret,
        leaves,
      });
    }
  }
}

function workflowOf({ workflows }: Repository, job: JobView): WorkflowView {
  return workflows.find(({ jobs }) => jobs.includes(job)) as WorkflowView;
}
