import { JobView } from '../source/JobView';
import { settingOf } from '../source/scope';
import { stepsWith } from '../testJobs/results';
import { Told } from '../types';
import { Deployment, Repository, WorkflowView } from './Repository';
import { branchesAllowed, branchesByHand } from './refs';
import { assembleStarts } from './starts';
import { plain } from './values';

/**
 * Sets what the workflows have in common.
 *
 * @param others - jobs that stay what they are, in workflows of their own
 */
export function assemblePipeline(
  repository: Repository,
  deployments: readonly Deployment[],
  others: readonly JobView[],
): void {
  const { draft, workflows } = repository;
  const path = ['spec', 'pipeline'];
  draft.set(path, { value: {}, leaves: [] });
  const main = deployments[0]?.workflow;
  const checks = workflows.filter(
    workflow =>
      isOfPullRequests(workflow) &&
      !workflow.jobs.every(job => others.includes(job)),
  );
  // Where several deploy, each environment says by which one.
  const single =
    main && deployments.every(({ workflow }) => workflow === main)
      ? main
      : undefined;
  const reviewed = [...(single ? [single] : []), ...checks].flatMap(
    ({ index }) => index.texts('on', 'pull_request', 'branches'),
  );
  if (single) {
    assembleMain(repository, single, reviewed);
  } else {
    reviewed.forEach(told => addBranch(repository, told));
  }
  assembleStarts(repository, deployments);
  const level = levelOf(main, checks);
  if (level !== undefined) {
    draft.set([...path, 'safetyLevel'], level);
  }
  const runner = runnerOf(repository, deployments);
  for (const job of repository.jobs) {
    const own = plain(job.text('runs-on'));
    if (own?.value === runner) {
      draft.set([...path, 'runner'], own, 'ubuntu-24.04');
    }
    for (const key of ['portal', 'audience'] as const) {
      const told = plain(job.facts.one(key));
      draft.set([...path, key], told, 'deploy');
    }
    const { facts } = job;
    draft.set(
      [...path, 'storage', 'account'],
      setting(facts.one('storageAccount')),
    );
    draft.set(
      [...path, 'storage', 'container'],
      plain(facts.one('storageContainer')),
    );
    const role = setting(facts.one('awsRole'));
    if (role) {
      draft.set([...path, 'aws', roleOf(job)], role);
    }
    if (facts.has('terraformVersion') && facts.has('terraformDirectory')) {
      draft.set(
        [...path, 'terraform', 'directory'],
        plain(facts.one('terraformDirectory')),
      );
      draft.set(
        [...path, 'terraform', 'version'],
        plain(facts.one('terraformVersion')),
      );
    }
  }
  openKeys(repository);
}

/** The machines of the first job that says so, of those that deploy if there are any. */
function runnerOf(
  { jobs }: Repository,
  deployments: readonly Deployment[],
): string | undefined {
  return [...deployments.map(({ job }) => job), ...jobs].flatMap(
    job => plain(job.text('runs-on'))?.value ?? [],
  )[0];
}

/** What nothing is to be seen of, since these workflows do nothing with it. */
function openKeys({ draft }: Repository): void {
  if (draft.get(['spec', 'pipeline', 'portal']) === undefined) {
    draft.open.push({
      key: 'spec.pipeline.portal',
      message: 'where reports are posted to: nothing is reported',
      remedy:
        'Name it, such as https://portal.example.com/api/deploy, for gates to have something to go by.',
    });
  }
  const roles = (draft.get(['spec', 'pipeline', 'aws']) ?? {}) as object;
  if (Object.keys(roles).length > 0 && !('buildRole' in roles)) {
    draft.open.push({
      key: 'spec.pipeline.aws.buildRole',
      message: 'the role that pushes images: none is pushed to Amazon ECR',
      remedy: 'Name it once one is.',
    });
  }
}

/** What a job logs in to AWS for. */
function roleOf(job: JobView): 'planRole' | 'buildRole' | 'deployRole' {
  const { facts } = job;
  if (facts.has('terraformPlan')) {
    return 'planRole';
  }
  const scans = job.steps.some(
    step => step.uses === 'aquasecurity/trivy-action',
  );
  return facts.has('imageRepository') || (scans && !facts.has('targetType'))
    ? 'buildRole'
    : 'deployRole';
}

function assembleMain(
  repository: Repository,
  main: WorkflowView,
  reviewed: readonly Told<string>[],
): void {
  const { draft } = repository;
  const path = ['spec', 'pipeline'];
  draft.set([...path, 'workflow'], { value: main.name, leaves: [] });
  const title = main.index.at('name');
  draft.set(
    [...path, 'title'],
    title && { value: title.value, leaves: [title] },
  );
  // What pull requests are for are the branches of the pipeline; others are those of an environment.
  reviewed.forEach(told => addBranch(repository, told));
  const isNamed = reviewed.length > 0;
  const names = reviewed.map(({ value }) => value);
  // Where a job says which ones come by hand, those are the branches of the pipeline.
  if (main.jobs.every(job => branchesByHand(job).length === 0)) {
    main.index
      .texts('on', 'push', 'branches')
      .filter(({ value }) => !isNamed || names.includes(value))
      .forEach(told => addBranch(repository, told));
  }
  // Started by hand alone, it says its branches in its conditions.
  const isPushed = main.index.under('on', 'push').length > 0;
  for (const job of isPushed || isNamed ? [] : main.jobs) {
    const condition = job.at('if');
    for (const value of condition ? branchesAllowed(job) : []) {
      addBranch(repository, { value, leaves: condition ? [condition] : [] });
    }
  }
  // Its branches are those of the pipeline, or are named with everything else.
  const ofPulls = main.index
    .under('on')
    .filter(
      ({ path: own, value }) =>
        (own[1] === 'pull_request' &&
          (own.length === 2 || own[2] === 'branches')) ||
        value === 'pull_request',
    );
  if (ofPulls.length > 0) {
    draft.set([...path, 'pullRequests'], { value: true, leaves: ofPulls });
  }
}

function addBranch({ draft }: Repository, told: Told<string>): void {
  draft.add(['spec', 'pipeline', 'branches'], told);
}

/** Nothing but pull requests starts it. */
function isOfPullRequests({ index }: WorkflowView): boolean {
  const events = new Set(
    index.under('on').map(leaf => leaf.path[1] ?? leaf.value),
  );
  return (
    events.size === 1 &&
    (events.has('pull_request') ||
      index.at('on', '0')?.value === 'pull_request')
  );
}

/** How much happens by itself, where pull requests have workflows of their own. */
function levelOf(
  main: WorkflowView | undefined,
  checks: readonly WorkflowView[],
): Told<number> | undefined {
  const has = (key: 'testRun' | 'dockerfile' | 'terraformVersion') =>
    checks.some(workflow => workflow.jobs.some(({ facts }) => facts.has(key)));
  const leaves = checks.flatMap(({ index }) =>
    index.under('on', 'pull_request').filter(({ path }) => path.length === 2),
  );
  // What is not tested can be built all the same.
  const builds = checks.some(({ jobs }) =>
    jobs.some(job => stepsWith(job, 'image-size.sh').length > 0),
  );
  if (main && !has('testRun') && !builds) {
    return undefined;
  }
  if (main) {
    const isPushed = main.index
      .under('on')
      .some(({ path, value }) => path[1] === 'push' || value === 'push');
    return { value: isPushed ? 5 : 4, leaves };
  }
  if (!has('testRun')) {
    return undefined;
  }
  const levels = [has('testRun'), has('dockerfile'), has('terraformVersion')];
  return { value: levels.lastIndexOf(true) + 1, leaves };
}

function setting(told: Told<string> | undefined): Told<unknown> | undefined {
  const value = told && settingOf(told.value);
  return told && value !== undefined ? { ...told, value } : undefined;
}

/** What the gates of the size of an image ask, as it was most likely written. */
export function assembleImageSize(
  repository: Repository,
  deployments: readonly Deployment[],
): void {
  for (const job of repository.jobs) {
    const told = job.facts.one('maximumBytes');
    const service = deployments.find(
      one =>
        [`build-${one.service}`].includes(job.key) ||
        repository.before(one.job).includes(job),
    )?.service;
    if (told && service) {
      const round = (told.value + 1) / 1e6;
      repository.draft.set(
        ['spec', 'services', service, 'gates', 'image-size'],
        {
          ...told,
          value: Number.isInteger(round)
            ? { performance: 'image.size', unit: 'MB', lessThan: round }
            : { performance: 'image.size', unit: 'bytes', maximum: told.value },
        },
      );
    }
  }
}
