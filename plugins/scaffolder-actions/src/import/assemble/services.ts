import {
  BUILD_MINUTES,
  Circumstances,
  SETTLING_MINUTES,
} from '../../generate/jobs/limits';
import { targetKinds } from '../../generate/targets';
import { Placement } from '../../generate/planModel';
import { JobView } from '../source/JobView';
import { isPlain, settingOf } from '../source/scope';
import { StepView } from '../source/StepView';
import { Facts } from '../source/facts';
import { Told } from '../types';
import { assembleWayBack, wayBackOf } from './compose';
import { assembleImage, nameOf } from './images';
import { assemblePaths, unusedFilters } from './paths';
import { Deployment, Repository, WorkflowView } from './Repository';
import { numeric, plain } from './values';

/** Of which a target without cannot be. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  'azure-container-app': ['name', 'resourceGroup'],
  'azure-vm': ['name', 'resourceGroup'],
  ecs: ['region', 'cluster', 'service'],
  kubernetes: ['namespace', 'name'],
};

/** What a target has unless told otherwise, as the generator has it. */
const USUAL: Readonly<Record<string, number>> = {
  'release.keep': 3,
  'canary.percent': 10,
  'canary.minutes': 5,
  'canary.maxErrors': 5,
  'canary.logEntries': 100,
};

/** Sets what services there are, and how each gets where. */
export function assembleServices(
  repository: Repository,
  deployments: readonly Deployment[],
): void {
  const units = Object.keys(repository.filters?.value ?? {});
  const positionOf = (deployment: Deployment) => {
    const unit = repository.unitOf(deployment.job) ?? deployment.service;
    return units.includes(unit) ? units.indexOf(unit) : units.length;
  };
  const ordered = deployments
    .map((deployment, index) => ({ deployment, index }))
    .sort(
      (left, right) =>
        positionOf(left.deployment) - positionOf(right.deployment) ||
        left.index - right.index,
    )
    .map(({ deployment }) => deployment);
  for (const deployment of ordered) {
    assemblePaths(repository, deployment, deployments);
    assembleImage(repository, deployment);
    assembleDeployment(repository, deployment);
  }
  unusedFilters(repository, deployments);
  laterVerification(repository, deployments);
}

/** Jobs that look at what others deployed. */
function laterVerification(
  repository: Repository,
  deployments: readonly Deployment[],
): void {
  const { draft } = repository;
  for (const job of repository.jobs.filter(onlyVerifies)) {
    const before = repository.needed(job);
    for (const { value, step } of job.facts.all('verifyUrl')) {
      for (const one of deployments.filter(other =>
        before.includes(other.job),
      )) {
        const path = [
          'spec',
          'services',
          one.service,
          'environments',
          one.environment,
        ];
        const url = draft.get([...path, 'url']);
        if (typeof url === 'string' && value.startsWith(url)) {
          assembleVerification(
            job.facts,
            { step, path, url, type: one.type },
            draft,
          );
        }
      }
    }
  }
}

function onlyVerifies({ steps }: JobView): boolean {
  return steps.every(
    step =>
      step.uses === 'actions/checkout' ||
      step.script?.name === 'verify-http.sh',
  );
}

function assembleDeployment(
  repository: Repository,
  deployment: Deployment,
): void {
  const { job, step, service, environment, type, workflow } = deployment;
  const { draft, accounts } = repository;
  const { facts } = job;
  const path = ['spec', 'services', service, 'environments', environment];
  const [kind] = facts.all('targetType', step);
  const url = job.environment.url;
  draft.set(
    [...path, 'url'],
    plain(url && { ...url, value: url.value.replace(/\/$/, '') }),
  );
  const fields = targetOf(deployment);
  const missing = (REQUIRED[type] ?? []).filter(
    field => !fields[field] || !isPlain(String(fields[field].value)),
  );
  if (missing.length > 0) {
    accounts.refuse(
      [...kind.leaves, ...Object.values(fields).flatMap(one => one.leaves)],
      `it deploys to a target ${type}, of which ${missing.join(
        ', ',
      )} is not written down in the workflow`,
      `Write ${path.join('.')}.target by hand, with the names themselves.`,
    );
  } else if (type === 'github-workflow') {
    const target = [...path, 'target'];
    draft.set([...target, 'type'], kind);
    if (!assembleWayBack(repository, deployment, target)) {
      draft.set([...target, 'workflow'], { value: workflow.name, leaves: [] });
    }
  } else {
    draft.set([...path, 'target', 'type'], kind);
    const cluster = facts.one('cluster', step);
    if (cluster && isPlain(cluster.value)) {
      draft.guess(
        [...path, 'target', 'connection'],
        cluster.value,
        'called like the cluster: the portal tells clusters apart by it',
      );
    }
    for (const [field, told] of Object.entries(fields)) {
      const place = [...path, 'target', ...field.split('.')];
      draft.set(place, plain(told), USUAL[field]);
    }
  }
  assembleSettings(repository, deployment, path);
  assembleWatch(facts, step, path, draft);
  assembleVerification(facts, { step, path, url: url?.value, type }, draft);
  // What comes together may go back one by one, each in its own time.
  const timed = wayBackOf(repository, deployment) ?? job;
  draft.set(
    [...path, 'deploy', 'timeoutMinutes'],
    numeric(timed.text('timeout-minutes')),
    usualMinutes(
      type,
      draft.get(path),
      circumstancesOf(timed, job.steps[step]),
    ),
  );
  const jobs = {
    workflow: workflow.name,
    job: job.key,
    ...columnsOf(deployment),
    ...(isOfTriggeringRun(workflow) && { commit: 'triggering-run' }),
  };
  draft.add([...path, 'jobs'], { value: jobs, leaves: [] });
}

/** Whether what it deploys is the commit of the run that started it. */
function isOfTriggeringRun({ index }: WorkflowView): boolean {
  return (
    index.under('on', 'workflow_run').length > 0 &&
    index.leaves.some(({ value }) =>
      String(value).includes('github.event.workflow_run.head_sha'),
    )
  );
}

/** How long a deployment may take unless told otherwise, as the generator has it. */
function usualMinutes(
  type: string,
  placed: unknown,
  circumstances: Circumstances,
): number {
  const { minutes = 20 } = targetKinds.find(kind => kind.type === type) ?? {};
  const environment = (placed ?? {}) as Placement['environment'];
  const { target = { type } } = environment;
  const placement = { target, environment } as Placement;
  return typeof minutes === 'number'
    ? minutes
    : minutes(placement, circumstances);
}

function circumstancesOf(
  timed: JobView,
  deploying: StepView | undefined,
): Circumstances {
  const seconds = Number(deploying?.variable('HEALTH_SECONDS')?.value);
  const { steps } = timed;
  const settles = steps.some(step => step.variable('SETTLE_SECONDS'));
  return {
    ...(seconds > 0 && { healthSeconds: seconds }),
    ...(steps.some(({ uses }) => uses === 'docker/build-push-action') && {
      buildMinutes: BUILD_MINUTES + (settles ? SETTLING_MINUTES : 0),
    }),
  };
}

/** The values of the matrix that the name of a job shows tell its legs apart. */
function columnsOf({ job }: Deployment): { matrix?: Record<string, string> } {
  const name = String(job.at('name')?.value ?? '');
  const shown = [...name.matchAll(/\$\{\{\s*matrix\.([\w-]+)\s*\}\}/g)]
    .map(([, column]) => column)
    .filter(column => job.leg.has(column));
  const columns = shown.length > 0 ? shown : [...job.leg.keys()];
  return columns.length > 0 && job.leg.size > 0
    ? {
        matrix: Object.fromEntries(
          columns.map(column => [column, String(job.leg.get(column)?.value)]),
        ),
      }
    : {};
}

/** What is known of the target, from its own step and those before. */
function targetOf({
  job,
  step,
  type,
}: Deployment): Record<string, Told<string | number>> {
  const { facts } = job;
  const own = facts.target(step);
  const image = facts.one('image', step);
  const near = (field: 'container' | 'repository' | 'region') =>
    own[field] ?? facts.near(`target.${field}`, step);
  const region = own.region ?? facts.near('awsRegion', step);
  const container = near('container');
  const repository = near('repository');
  return {
    ...own,
    ...(type === 'ecs' && region && { region }),
    ...(type === 'ecs' && container && { container }),
    ...(type === 'ecs' && repository && { repository }),
    ...(type === 'azure-container-app' &&
      image && { image: { ...image, value: nameOf(image.value) } }),
  };
}

function assembleSettings(
  { draft, accounts }: Repository,
  { job, step, type }: Deployment,
  path: readonly string[],
): void {
  const { facts } = job;
  for (const { value, leaves } of facts.all('variable', step)) {
    const setting = settingOf(value.value);
    if (
      setting === undefined ||
      (typeof setting === 'string' && !isPlain(setting))
    ) {
      accounts.refuse(
        leaves,
        `the value of ${value.name} is only known when the workflow runs`,
        'Write the value down, or where it comes from: {secret}, {variable}, {from: commit}.',
      );
    } else {
      draft.set([...path, 'deploy', 'environment', value.name], {
        value: setting,
        leaves,
      });
    }
  }
  const secrets = facts.one('awsSecrets', step);
  draft.set(
    [...path, 'deploy', 'secrets'],
    secrets && {
      ...secrets,
      value: secrets.value
        .trim()
        .split(/\s+/)
        .map(pair => ({
          name: pair.split('=')[0],
          awsSecret: pair.slice(pair.indexOf('=') + 1),
        })),
    },
  );
  const include = facts.one('include', step);
  if (type === 'azure-vm' && include) {
    const listed = { ...include, value: include.value.split(/\s+/) };
    const usual = usualRelease(draft, path[2]);
    draft.set([...path, 'deploy', 'include'], listed, usual);
  }
}

/** For how long it is watched, and by which metric. */
function assembleWatch(
  facts: Facts,
  step: number,
  path: readonly string[],
  draft: Repository['draft'],
): void {
  const watch = [...path, 'deploy', 'watch'];
  draft.set([...watch, 'minutes'], facts.one('watchMinutes', step));
  draft.set([...watch, 'seconds'], facts.one('watchSeconds', step), 30);
  draft.set([...watch, 'failures'], facts.one('watchFailures', step), 3);
  const metric = [...path, 'deploy', 'metric'];
  draft.set([...metric, 'url'], facts.one('metricUrl', step));
  draft.set([...metric, 'query'], facts.one('metricQuery', step));
  draft.set([...metric, 'maximum'], facts.one('metricMaximum', step));
  draft.set([...metric, 'token', 'secret'], facts.one('metricToken', step));
}

/** What a release is made of unless told otherwise, as the generator sees it. */
function usualRelease(draft: Repository['draft'], service: string): string[] {
  const of = (key: string) =>
    (draft.get(['spec', 'services', service, key]) ?? []) as string[];
  const shared = of('sharedPaths').map(path => path.replace(/\/?\*.*$/, ''));
  return [...new Set([usualDirectory(of('paths')), ...shared])];
}

/** Where a service lies unless told otherwise, as the generator sees it. */
export function usualDirectory([first]: readonly string[]): string {
  return first === undefined
    ? ''
    : first.replace(/\/?(\*.*|[^/]*\.[^/]*)$/, '') || '.';
}

function assembleVerification(
  facts: Facts,
  {
    step,
    path,
    url,
    type,
  }: { step: number; path: readonly string[]; url?: string; type: string },
  draft: Repository['draft'],
): void {
  const asked = facts.one('verifyUrl', step);
  if (asked && url && asked.value.startsWith(url.replace(/\/$/, ''))) {
    draft.set([...path, 'verify', 'path'], {
      ...asked,
      value: asked.value.slice(url.replace(/\/$/, '').length) || '/',
    });
  }
  const statuses = facts.one('verifyStatuses', step);
  draft.set(
    [...path, 'verify', 'statuses'],
    statuses && { ...statuses, value: statuses.value.split(' ').map(Number) },
    [200],
  );
  if (type !== 'azure-vm') {
    draft.set(
      [...path, 'verify', 'attempts'],
      facts.one('verifyAttempts', step),
      12,
    );
    draft.set(
      [...path, 'verify', 'seconds'],
      facts.one('verifySeconds', step),
      5,
    );
  }
}
