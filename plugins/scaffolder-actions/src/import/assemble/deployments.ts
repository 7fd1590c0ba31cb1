import { isPlain } from '../source/scope';
import { JobView } from '../source/JobView';
import { composedServices } from './compose';
import { Deployment, Repository, slug } from './Repository';
import { assembleStage } from './stages';

/** Words by which people call environments, and how much these matter. */
const TIERS = [
  ['preview', /preview|(^|[^a-z])pr($|[^a-z])|review/],
  ['development', /dev|sandbox|integration/],
  ['staging', /stag|stg|uat|test|qa|preprod|pre-prod|acceptance|demo/],
  ['production', /prod|live|main|master/],
] as const;

/** How much an environment matters, by its name. */
export function tierOf(name: string): string | undefined {
  const text = name.toLowerCase();
  // `preprod` is no production.
  return TIERS.find(([, pattern]) => pattern.test(text))?.[0];
}

/** Which job brings which service where. */
export function deploymentsOf(repository: Repository): Deployment[] {
  return withoutManual(allDeployments(repository));
}

/** Those that only a person starts, where something else brings the same service to the same place. */
export function deploymentsByHand(
  repository: Repository,
  deployments: readonly Deployment[],
): Deployment[] {
  return allDeployments(repository).filter(
    one =>
      !deployments.some(
        ({ job, service }) => job === one.job && service === one.service,
      ),
  );
}

function allDeployments(repository: Repository): Deployment[] {
  const found = repository.workflows.flatMap(workflow =>
    workflow.jobs
      .filter(job => !job.facts.has('rollback'))
      .flatMap(job => {
        const steps = job.facts
          .all('targetType')
          .filter(
            ({ step }, index, all) =>
              all.findIndex(other => other.step === step) === index,
          );
        return steps.flatMap(({ step, value: type }) =>
          servicesOf(repository, job, step, steps.length > 1).map(one => ({
            workflow,
            job,
            step,
            type,
            ...one,
          })),
        );
      }),
  );
  const keys = found.map(({ service }) => service);
  return alike(found).map(one => ({
    ...one,
    environment: environmentOf(one.job, one.service, keys),
  }));
}

/** What one step deploys: a service, or all that docker compose runs. */
function servicesOf(
  repository: Repository,
  job: JobView,
  step: number,
  isOneOfMany: boolean,
): Pick<Deployment, 'service' | 'build' | 'variables'>[] {
  const composed = composedServices(repository, job, job.steps[step]);
  if (composed.length > 0) {
    return [...new Set(composed.map(({ service }) => service))].map(service => {
      const own = composed.filter(one => one.service === service);
      const [{ build }] = own;
      return {
        service,
        variables: own.map(({ variable }) => variable),
        ...(build !== undefined && { build }),
      };
    });
  }
  const image = job.steps[Math.floor(step)]?.variable('IMAGE')?.value ?? '';
  const [, build] = /needs\.([\w-]+)\.outputs/.exec(image) ?? [];
  return [
    {
      service: serviceOf(repository, job, step, isOneOfMany),
      ...(build !== undefined && { build }),
    },
  ];
}

/** By the matrix, the change detection, or what it is called on its platform. */
function serviceOf(
  repository: Repository,
  job: JobView,
  step: number,
  isOneOfMany: boolean,
): string {
  const told = job.facts.target(step);
  const own = [told.service, told.name].find(
    one => one && isPlain(String(one.value)),
  );
  const onPlatform = own && slug(String(own.value));
  const named = job.leg.get('service')?.value;
  if (typeof named === 'string' && slug(named)) {
    return slug(named);
  }
  if (isOneOfMany && onPlatform) {
    return onPlatform;
  }
  const unit =
    repository.unitOf(job) ??
    repository.needed(job).flatMap(one => repository.unitOf(one) ?? [])[0];
  const tested = job.needs
    .map(({ value }) => /^test-(.+)$/.exec(value)?.[1])
    .find(value => value !== undefined);
  const fallback = /^(?:deploy|release|publish)-(.+)$/.exec(job.key)?.[1];
  const isEnvironment =
    fallback !== undefined && tierOf(fallback) !== undefined;
  return (
    (unit && slug(unit)) ||
    tested ||
    onPlatform ||
    (!isEnvironment && fallback && slug(fallback)) ||
    'service'
  );
}

function environmentOf(
  job: JobView,
  service: string,
  services: readonly string[],
): string {
  const { name } = job.environment;
  if (name && isPlain(name.value)) {
    const suffix = `-${service}`;
    return new Set(services).size > 1 && name.value.endsWith(suffix)
      ? name.value.slice(0, -suffix.length)
      : name.value;
  }
  const leg = ['environment', 'env', 'stage'].flatMap(
    column => job.leg.get(column)?.value ?? [],
  )[0];
  const words = [String(leg ?? ''), job.key, job.workflow.name];
  return (
    words.flatMap(word => tierOf(word.replace(/main|master/g, '')) ?? [])[0] ??
    'production'
  );
}

/** What goes to the same place on a platform is the same service, whatever a second workflow calls it. */
function alike<One extends Omit<Deployment, 'environment'>>(
  found: readonly One[],
): One[] {
  const placeOf = ({ job, step, type }: One) => {
    const told = job.facts.target(step);
    return JSON.stringify([
      type,
      ...['cluster', 'namespace', 'resourceGroup', 'service', 'name'].map(
        field => told[field]?.value,
      ),
    ]);
  };
  // What only a person starts says less of what it is about.
  const told = [
    ...found.filter(one => !isByHand(one)),
    ...found.filter(isByHand),
  ];
  return found.map(one => ({
    ...one,
    service:
      one.type === 'ecs'
        ? told.find(other => placeOf(other) === placeOf(one))?.service ??
          one.service
        : one.service,
  }));
}

function isByHand({ workflow: { index } }: Pick<Deployment, 'workflow'>) {
  return index
    .under('on')
    .every(({ path, value }) => (path[1] ?? value) === 'workflow_dispatch');
}

/**
 * Those that pushes or other workflows start, and those by hand: what only a person starts is left out where something
 * else brings the same service to the same place.
 */
function withoutManual(deployments: readonly Deployment[]): Deployment[] {
  return deployments.filter(
    one =>
      !isByHand(one) ||
      !deployments.some(
        other =>
          !isByHand(other) &&
          other.service === one.service &&
          other.environment === one.environment,
      ),
  );
}

/** Sets the environments of a repository, from first to last stop of a release. */
export function assembleEnvironments(
  repository: Repository,
  deployments: readonly Deployment[],
): void {
  const { draft, accounts } = repository;
  const order = ['preview', 'development', 'staging', 'production'];
  const names = [...new Set(deployments.map(one => one.environment))];
  const all = (names.length > 0 ? names : ['production'])
    .map((name, index) => ({ name, tier: tierOf(name) ?? 'production', index }))
    .sort(
      (left, right) =>
        order.indexOf(left.tier) - order.indexOf(right.tier) ||
        left.index - right.index,
    )
    .map(({ name, tier }) => ({ name, tier }));
  draft.set(['spec', 'environments'], {
    value: all.map(one => ({
      ...one,
      ...(names.length > 0 &&
        assembleStage(
          repository,
          one.name,
          deployments,
          all.map(({ name }) => name),
        )),
    })),
    leaves: [],
  });
  for (const { name, tier } of all) {
    const sources = deployments
      .filter(({ environment }) => environment === name)
      .flatMap(({ job }) => job.environment.name ?? []);
    const key = `spec.environments[${name}]`;
    accounts.imported(
      sources.flatMap(({ leaves }) => leaves),
      `${key}.name`,
    );
    draft.guessed.push(
      ...(sources.length > 0
        ? []
        : [
            {
              key: `${key}.name`,
              message: `"${name}", from the names of jobs and workflows`,
              remedy:
                'Check it; generated jobs name it as their environment at GitHub.',
            },
          ]),
      {
        key: `${key}.tier`,
        message: `"${tier}", from the name`,
        remedy: 'Check it.',
      },
    );
  }
}
