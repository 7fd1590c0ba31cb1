import { JobView } from '../source/JobView';
import { settingOf } from '../source/scope';
import { StepView } from '../source/StepView';
import { stepsWith } from '../testJobs/results';
import { Leaf, Told } from '../types';
import type { Deployment, Repository } from './Repository';
import type { TakeStageKey } from './stages';

const SCRIPT = 'compose-ssh.sh';

/** A service that docker compose runs, and by which variable it gets its image. */
export interface ComposedService {
  variable: string;
  service: string;
  /** Key of the job that builds the image. */
  build?: string;
}

/** The services that a step brings to a machine all at once; none if it does something else. */
export function composedServices(
  repository: Repository,
  job: JobView,
  step: StepView | undefined,
): ComposedService[] {
  if (!isComposing(step, 'deploy')) {
    return [];
  }
  const environment = job.environment.name?.value ?? '';
  const back = waysBack(repository).filter(
    one => one.environment.name?.value === environment,
  );
  const unit = repository.unitOf(job) ?? 'service';
  return assignmentsIn(step).map(({ variable, value }) => {
    const [, build] = /needs\.([\w-]+)\.outputs/.exec(value) ?? [];
    const way = back.find(one => variablesOf(one).includes(variable));
    const ofWay = way?.key
      .replace(/^bring-back-/, '')
      .replace(`-${environment.replace(/[^A-Za-z0-9_-]/g, '-')}`, '');
    const ofBuild = /^build-(.+)-image$/.exec(build ?? '')?.[1];
    const named = way ? ofWay : ofBuild;
    return {
      variable,
      service: (back.length === 1 ? undefined : named) ?? unit,
      ...(build !== undefined && { build }),
    };
  });
}

/** The jobs that bring a release back, which the portal starts. */
function waysBack({ jobs }: Repository): JobView[] {
  return jobs.filter(job =>
    job.steps.some(step => isComposing(step, 'images')),
  );
}

/** The job that brings a service back where it was deployed. */
export function wayBackOf(
  repository: Repository,
  { job, step, service, environment }: Deployment,
): JobView | undefined {
  const variables = composedServices(repository, job, job.steps[step])
    .filter(one => one.service === service)
    .map(({ variable }) => variable);
  return waysBack(repository).find(
    one =>
      one.environment.name?.value === environment &&
      variablesOf(one).some(variable => variables.includes(variable)),
  );
}

/** How the portal starts what brings a service back. */
export function assembleWayBack(
  repository: Repository,
  deployment: Deployment,
  path: readonly string[],
): boolean {
  const { draft } = repository;
  const job = wayBackOf(repository, deployment);
  const step = job?.steps.find(one => isComposing(one, 'images'));
  const condition = job?.at('if');
  if (!job || !step) {
    return false;
  }
  draft.set([...path, 'workflow'], {
    value: repository.workflowOf(job).name,
    leaves: [],
  });
  const inputs = [
    ...job.condition.matchAll(/inputs\.([\w-]+) == '((?:[^']|'')*)'/g),
  ];
  for (const [, name, value] of inputs) {
    draft.set([...path, 'inputs', name], {
      value: value.replace(/''/g, "'"),
      leaves: condition ? [condition] : [],
    });
  }
  const release = step.variable('RELEASE');
  const [, input] = /inputs\.([\w-]+)/.exec(release?.value ?? '') ?? [];
  if (release && input) {
    draft.set([...path, 'releaseInput'], { ...release, value: input });
  }
  if (step.variable('RELEASE_IS')?.value !== 'commit') {
    draft.set([...path, 'releaseValue'], { value: 'version', leaves: [] });
  }
  return true;
}

/** Services that come together are called as the pipeline, or so with `-all` where one of them is. */
export function assembleName(
  repository: Repository,
  deployments: readonly Deployment[],
): void {
  const { draft } = repository;
  for (const { job, variables } of deployments) {
    const together = deployments.filter(one => one.job === job);
    const unit = repository.unitOf(job);
    if (variables && together.length > 1 && unit) {
      const name = unit.replace(/-all$/, '');
      const isTaken = deployments.some(({ service }) => service === name);
      draft.name ??= isTaken ? name : unit;
    }
  }
}

/** The machine of an environment, and what is written there. */
export function assembleCompose(
  own: readonly Deployment[],
  take: TakeStageKey,
): void {
  const [{ job, step: number }] = own;
  const step = job.steps[number];
  if (!isComposing(step, 'deploy')) {
    return;
  }
  const leaves: Leaf[] = [];
  const said = (name: string): string | undefined => {
    const told = step.variable(name);
    leaves.push(...(told?.leaves ?? []));
    return told?.value;
  };
  const setting = (name: string) => settingOf(said(name) ?? '');
  const words = (name: string) => said(name)?.split(' ');
  const services = new Map(
    own.flatMap(({ variables = [], service }) =>
      variables.map(variable => [variable, service] as const),
    ),
  );
  const network = networkOf(job, leaves);
  const compose = {
    directory: said('DIRECTORY'),
    files: words('COMPOSE_FILES'),
    images: Object.fromEntries(
      assignmentsIn(step).flatMap(({ variable }) => {
        const service = services.get(variable);
        return service ? [[variable, service]] : [];
      }),
    ),
    host: setting('HOST'),
    user: setting('SSH_USER'),
    key: setting('SSH_KEY'),
    knownHosts: setting('KNOWN_HOSTS'),
    ...(network && { tailscale: network }),
    ...ofHealth(said('HEALTH_SECONDS')),
    ...filesOf(step, words('ENVIRONMENT_FILES') ?? [], leaves),
  };
  take('compose', [{ value: compose, leaves }], compose);
}

function ofHealth(seconds: string | undefined): { healthSeconds?: number } {
  return seconds === undefined || seconds === '120'
    ? {}
    : { healthSeconds: Number(seconds) };
}

/** The values of environment files, each under a name that tells the number of its file. */
function filesOf(
  step: StepView,
  files: readonly string[],
  leaves: Leaf[],
): { environmentFiles?: Record<string, Record<string, unknown>> } {
  const values = step.under('env').flatMap(({ path }) => {
    const [, number, name] = /^ENV_(\d+)_(.+)$/.exec(path[5]) ?? [];
    const told: Told<string> | undefined = step.variable(path[5]);
    if (name === undefined || !told) {
      return [];
    }
    leaves.push(...told.leaves);
    return [{ number: Number(number), name, value: settingOf(told.value) }];
  });
  return files.length > 0
    ? {
        environmentFiles: Object.fromEntries(
          files.map((file, number) => [
            file,
            Object.fromEntries(
              values
                .filter(one => one.number === number)
                .map(({ name, value }) => [name, value]),
            ),
          ]),
        ),
      }
    : {};
}

/** The private network that a job joins. */
function networkOf(job: JobView, leaves: Leaf[]) {
  const step = job.steps.find(({ uses }) => uses === 'tailscale/github-action');
  const [client, secret, tags] = [
    'oauth-client-id',
    'oauth-secret',
    'tags',
  ].map(name => step?.input(name));
  if (!client || !secret || !tags) {
    return undefined;
  }
  leaves.push(...client.leaves, ...secret.leaves, ...tags.leaves);
  return {
    clientId: settingOf(client.value),
    secret: settingOf(secret.value),
    tags: tags.value.split(/[\s,]+/),
  };
}

function isComposing(
  step: StepView | undefined,
  verb: 'deploy' | 'images',
): step is StepView {
  return step?.script?.name === SCRIPT && step.script.words[0] === verb;
}

function variablesOf(job: JobView): string[] {
  return stepsWith(job, SCRIPT)
    .flatMap(assignmentsIn)
    .map(({ variable }) => variable);
}

/** `VARIABLE=image`, where images may be expressions. */
function assignmentsIn(step: StepView): { variable: string; value: string }[] {
  const images = step.variable('IMAGES')?.value ?? '';
  return [...images.matchAll(/(\w+)=((?:\$\{\{.*?\}\}|\S)+)/g)].map(
    ([, variable, value]) => ({ variable, value }),
  );
}
