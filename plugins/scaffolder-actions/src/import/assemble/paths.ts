import { posix } from 'node:path';
import { Told } from '../types';
import { Deployment, Repository } from './Repository';

/** What a change of deploys a service: what its filter alone names; what several name is shared. */
export function assemblePaths(
  repository: Repository,
  first: Deployment,
  all: readonly Deployment[],
): void {
  const deployment = mostOwn(first, all);
  const { service, job, workflow } = deployment;
  const { filters, draft } = repository;
  const path = ['spec', 'services', service];
  const globs = filters?.value[repository.unitOf(job) ?? service];
  if (filters && globs) {
    const ofService = all
      .filter(one => one.service === service)
      .map(one => repository.unitOf(one.job) ?? service);
    const others = Object.entries(filters.value).flatMap(([unit, list]) =>
      ofService.includes(unit) ? [] : list,
    );
    const own = ownPaths(repository, deployment, all, globs);
    const isShared = (glob: string) => others.includes(glob);
    const listed = (value: string[]): Told<string[]> | undefined =>
      value.length > 0 ? { value, leaves: filters.leaves } : undefined;
    const { paths, ofOthers } = own;
    draft.set([...path, 'paths'], listed(paths.filter(one => !isShared(one))));
    draft.set(
      [...path, 'sharedPaths'],
      listed(
        globs.filter(
          glob =>
            isShared(glob) ||
            !(paths.includes(glob) || ofOthers.includes(glob)),
        ),
      ),
    );
    guessOwn(draft, path, globs, own);
    return;
  }
  const here = all.filter(one => one.workflow === workflow);
  if (here.every(one => one.service === service)) {
    for (const told of workflow.index.texts('on', 'push', 'paths')) {
      draft.add([...path, 'paths'], told);
    }
  }
}

/** The deployment of the same service that brings the fewest others along: its filter says most of the service. */
function mostOwn(first: Deployment, all: readonly Deployment[]): Deployment {
  // Legs of a matrix have one condition.
  const besides = ({ job: { key, workflow } }: Deployment) =>
    all.filter(one => one.job.key === key && one.job.workflow === workflow)
      .length;
  return all
    .filter(({ service }) => service === first.service)
    .reduce((best, one) => (besides(one) < besides(best) ? one : best), first);
}

/** What of one filter's globs is a service's own, and what is that of those that come with it. */
interface Own {
  paths: readonly string[];
  ofOthers: readonly string[];
  /** How many services come at once. */
  together: number;
  /** Whether nothing says of any of them what is its own. */
  isUnknown: boolean;
}

/** Of services that come together, by where each is built; if that says nothing of any, all of it is of each. */
function ownPaths(
  repository: Repository,
  { service, job, workflow }: Deployment,
  all: readonly Deployment[],
  globs: readonly string[],
): Own {
  const folders = new Map(
    all
      .filter(one => one.workflow === workflow && one.job.key === job.key)
      .map(one => [one.service, folderOf(repository, one)]),
  );
  const inFolder = (of: string) => {
    const folder = folders.get(of);
    const isOnly =
      [...folders.values()].filter(one => one === folder).length === 1;
    return globs.filter(
      glob => isOnly && (glob === folder || glob.startsWith(`${folder}/`)),
    );
  };
  const ofOthers = [...folders.keys()]
    .filter(other => other !== service)
    .flatMap(inFolder);
  const paths = inFolder(service);
  const together = folders.size;
  const isUnknown = together > 1 && [...paths, ...ofOthers].length === 0;
  return together === 1 || isUnknown
    ? { paths: globs, ofOthers: [], together, isUnknown }
    : { paths, ofOthers, together, isUnknown };
}

/** Names what of one filter is a service's own as guessed: workflows say of what comes together that it does. */
function guessOwn(
  { guessed }: Repository['draft'],
  path: readonly string[],
  globs: readonly string[],
  { paths, together, isUnknown }: Own,
): void {
  const from = `of what deploys ${together} services at once`;
  const own = [...path, 'paths'].join('.');
  const found = {
    key: own,
    message: `"${paths.join(
      ', ',
    )}", ${from}: what lies where its image is built`,
    remedy: 'Check it, and what is left as sharedPaths.',
  };
  const notFound = {
    key: [...path, isUnknown ? 'paths' : 'sharedPaths'].join('.'),
    message: `"${globs.join(
      ', ',
    )}", ${from}: nothing says what of it is its own`,
    remedy: `Leave as ${own} what is its own, and as sharedPaths what is not.`,
  };
  const guess = paths.length > 0 && !isUnknown ? found : notFound;
  if (
    together > 1 &&
    // One glob alone is of all of them.
    !(isUnknown && globs.length === 1) &&
    !guessed.some(({ key }) => key === guess.key)
  ) {
    guessed.push(guess);
  }
}

/** Where the image of a service is built; what is called as the service, if that is the root. */
function folderOf(
  repository: Repository,
  { job, build, service }: Deployment,
): string {
  const [built] = repository.before(job).filter(({ key }) => key === build);
  const file = built?.facts.one('dockerfile')?.value;
  const folder = posix.dirname(file ?? '.');
  return folder === '.' ? service : folder;
}

/** Names filters by which nothing is deployed. */
export function unusedFilters(
  repository: Repository,
  deployments: readonly Deployment[],
): void {
  const { filters, accounts } = repository;
  const used = deployments.flatMap(({ job, service }) => [
    repository.unitOf(job),
    service,
  ]);
  const unused = Object.keys(filters?.value ?? {}).filter(
    name => !used.includes(name),
  );
  if (filters && unused.length > 0) {
    accounts.refuse(
      filters.leaves,
      `no job that goes by the filters ${unused.join(', ')} deploys a service`,
      'Add the services that they are about, or leave them.',
    );
  }
}
