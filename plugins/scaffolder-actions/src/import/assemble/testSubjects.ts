import { Told } from '../types';
import { reportsOf } from '../testJobs/results';
import { Deployment, Repository } from './Repository';
import { PlacedTests } from './testPlaces';

/** The environment that is tested, where the tests report nothing: the one of all that they wait for. */
export function environmentTested(
  { jobs }: Repository,
  deployments: readonly Deployment[],
  { job, place }: PlacedTests,
): Told<string> | undefined {
  if (place.kind === 'own') {
    return undefined;
  }
  const needed = place.kind === 'after' ? place.deployments : place.earlier;
  const [environment, ...others] = namesOf(needed);
  const services = needed.map(({ service }) => service);
  const isWaitedFor = (one: Deployment) =>
    jobs.some(
      other =>
        other.key === job.key &&
        other.workflow === one.job.workflow &&
        other.needs.some(({ value }) => value === one.job.key),
    );
  const isPart = deployments.some(
    one =>
      services.includes(one.service) &&
      one.environment !== environment &&
      !isWaitedFor(one),
  );
  return environment !== undefined &&
    others.length === 0 &&
    (isPart || place.kind === 'before')
    ? { value: environment, leaves: [] }
    : undefined;
}

/** Sets which services tests are about, where that goes without saying for none. */
export function assembleServicesOf(
  repository: Repository,
  deployments: readonly Deployment[],
  placed: PlacedTests,
): void {
  const { draft } = repository;
  const { job, place, run } = placed;
  const path = ['spec', 'tests', job.key];
  const isOfImages = run?.said.some(
    ({ key, told }) =>
      key[0] === 'scan' && (told.value as { type: string }).type === 'image',
  );
  const [report] = reportsOf(job);
  if (isOfImages) {
    return;
  }
  if (report) {
    const usual = usualEntities(repository, deployments, placed);
    // Which of them have an entity is not said of those that nothing reports on.
    const isUsual =
      usual.every(Boolean) && isSame(usual as string[], report.entities);
    const named = servicesOf(repository, report.entities);
    if (!isUsual && named.length === report.entities.length) {
      draft.set([...path, 'services'], { value: named, leaves: report.leaves });
    }
    return;
  }
  if (place.kind === 'before') {
    assembleWaiting(repository, deployments, placed);
  }
}

/** Without a report, it is about what waits for it; what comes together cannot be told apart. */
function assembleWaiting(
  { draft }: Repository,
  deployments: readonly Deployment[],
  { job, place }: PlacedTests,
): void {
  if (place.kind !== 'before') {
    return;
  }
  const path = ['spec', 'tests', job.key, 'services'];
  const waiting = [...new Set(place.deployments.map(({ service }) => service))];
  const places = namesOf(place.deployments);
  const all = new Set(
    deployments
      .filter(
        ({ environment, workflow }) =>
          places.includes(environment) &&
          workflow === place.deployments[0].workflow,
      )
      .map(({ service }) => service),
  );
  if (waiting.length < all.size) {
    draft.set(path, { value: waiting, leaves: [] });
  } else if (new Set(place.deployments.map(one => one.job)).size < all.size) {
    draft.open.push({
      key: path.join('.'),
      message: 'which of the services that are deployed together it is about',
      remedy: 'All of them unless said otherwise; name those that it tests.',
    });
  }
}

/** Entities of the services that are meant where nobody names any, as the generator has it. */
function usualEntities(
  { draft }: Repository,
  deployments: readonly Deployment[],
  { job, place }: PlacedTests,
): (string | undefined)[] {
  const services = (draft.get(['spec', 'services']) ?? {}) as Record<
    string,
    { entity?: string }
  >;
  const after = draft.get(['spec', 'tests', job.key, 'after']);
  const environment = draft.get(['spec', 'tests', job.key, 'in']);
  const meant = Object.keys(services).filter(service => {
    if (place.kind === 'after') {
      return (after as string[]).includes(service);
    }
    return (
      environment === undefined ||
      deployments.some(
        one => one.service === service && one.environment === environment,
      )
    );
  });
  return meant.map(service => services[service].entity);
}

function servicesOf({ draft }: Repository, entities: readonly string[]) {
  const services = (draft.get(['spec', 'services']) ?? {}) as Record<
    string,
    { entity?: string }
  >;
  return entities.flatMap(
    entity =>
      Object.keys(services).find(key => services[key].entity === entity) ?? [],
  );
}

function namesOf(deployments: readonly Deployment[]): string[] {
  return [...new Set(deployments.map(({ environment }) => environment))];
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return [...left].sort().join() === [...right].sort().join();
}
