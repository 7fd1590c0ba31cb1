import { JobView } from '../source/JobView';
import { Leaf } from '../types';
import { Deployment, Repository, WorkflowView } from './Repository';

/** What a job may do with its token in generated workflows, at most. */
const PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  contents: ['read', 'none'],
  'id-token': ['write', 'none'],
  'pull-requests': ['read', 'write', 'none'],
};

/** The frame of workflows: what generated ones have as well, though nobody tells them. */
export function keepStructure(
  repository: Repository,
  deployments: readonly Deployment[],
): void {
  const { accounts } = repository;
  for (const workflow of repository.workflows) {
    keepFrame(repository, workflow);
  }
  for (const job of repository.jobs) {
    const isDeploying = deployments.some(one => one.job === job);
    keepJob(repository, job);
    const isUnderstood =
      isDeploying ||
      [
        'testRun',
        'filters',
        'dockerfile',
        'terraformVersion',
        'verifyUrl',
      ].some(key => job.facts.has(key as never));
    if (isUnderstood) {
      for (const { leaves, value } of job.needs) {
        if (
          repository.needed(job).some(one => one.key === value && isKnown(one))
        ) {
          accounts.kept(
            leaves,
            'generated jobs wait for those that they build upon',
          );
        }
      }
    }
    keepConcurrency(repository, job, isDeploying);
  }
}

function isKnown({ facts }: JobView): boolean {
  return (
    [
      'testRun',
      'filters',
      'dockerfile',
      'targetType',
      'terraformVersion',
    ] as const
  ).some(key => facts.has(key));
}

function keepFrame({ accounts }: Repository, { index }: WorkflowView): void {
  accounts.kept(
    list(index.at('name')),
    'generated workflows have names of their own',
  );
  const byHand = index
    .under('on')
    .filter(
      ({ path, value }) =>
        value === 'workflow_dispatch' ||
        (path[1] === 'workflow_dispatch' && path.length === 2),
    );
  accounts.kept(byHand, 'generated workflows can be started by hand');
  keepPermissions(accounts, index.under('permissions'), 1);
  keepShell(accounts, list(index.at('defaults', 'run', 'shell')));
}

function keepJob({ accounts }: Repository, job: JobView): void {
  accounts.kept(
    list(job.at('name')),
    'generated jobs are called by their keys',
  );
  keepPermissions(accounts, job.under('permissions'), 3);
  keepShell(accounts, list(job.at('defaults', 'run', 'shell')));
  accounts.kept(
    list(job.at('strategy', 'fail-fast')),
    'one service of a generated matrix does not stop the others',
  );
  accounts.kept(
    list(job.at('runs-on')).filter(({ value }) => value === 'ubuntu-24.04'),
    'the runner of generated jobs, unless told otherwise',
  );
  for (const step of job.steps) {
    accounts.kept(
      list(step.at('name')),
      'generated steps have names of their own',
    );
    accounts.kept(
      list(step.at('id')),
      'only other steps of this job refer to it',
    );
    keepShell(accounts, list(step.at('shell')));
  }
  if (job.facts.has('filters')) {
    accounts.kept(
      job
        .under('outputs')
        .filter(({ value }) =>
          /^\$\{\{[^}]*steps\.[\w-]+\.outputs\.[\w-]+[^}]*\}\}$/.test(
            String(value),
          ),
        ),
      'the generated job changes tells the others what changed',
    );
  }
}

function keepPermissions(
  accounts: Repository['accounts'],
  leaves: readonly Leaf[],
  depth: number,
): void {
  for (const leaf of leaves) {
    const allowed = PERMISSIONS[leaf.path[depth]] ?? [];
    if (
      leaf.path.length === depth + 1 &&
      allowed.includes(String(leaf.value))
    ) {
      accounts.kept(
        [leaf],
        'generated jobs have the permissions that they need, and no other',
      );
    }
  }
}

function keepShell(
  accounts: Repository['accounts'],
  leaves: readonly Leaf[],
): void {
  accounts.kept(
    leaves.filter(({ value }) => /^bash\b/.test(String(value))),
    'generated scripts run by bash -euo pipefail',
  );
}

function keepConcurrency(
  { accounts }: Repository,
  job: JobView,
  isDeploying: boolean,
): void {
  const own = [
    ...job.under('concurrency'),
    ...(job.isFirst ? job.index.under('concurrency') : []),
  ];
  for (const leaf of own) {
    const last = leaf.path[leaf.path.length - 1];
    if (last === 'cancel-in-progress' && leaf.value === true && isDeploying) {
      accounts.refuse(
        [leaf],
        'a deployment that runs is never cancelled by a generated workflow: it would leave things half done',
        'Leave it; a newer deployment waits its turn.',
      );
    } else if (
      isDeploying &&
      ['concurrency', 'group', 'cancel-in-progress', 'queue'].includes(last)
    ) {
      accounts.kept(
        [leaf],
        'generated deployments to one environment wait for each other',
      );
    }
  }
}

function list(leaf: Leaf | undefined): Leaf[] {
  return leaf ? [leaf] : [];
}
