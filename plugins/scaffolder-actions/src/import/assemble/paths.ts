import { posix } from 'node:path';
import { Told } from '../types';
import { Deployment, Repository } from './Repository';

/** What a change of deploys a service: what its filter alone names; what several name is shared. */
export function assemblePaths(
  repository: Repository,
  deployment: Deployment,
  all: readonly Deployment[],
): void {
  const { service, job, workflow } = deployment;
  const { filters, draft } = repository;
  const path = ['spec', 'services', service];
  const globs = filters?.value[repository.unitOf(job) ?? service];
  if (filters && globs) {
    const others = Object.values(filters.value).flat();
    const together = all.filter(one => one.job === job);
    const isShared = (glob: string) =>
      others.filter(other => other === glob).length > 1;
    const listed = (value: string[]): Told<string[]> | undefined =>
      value.length > 0 ? { value, leaves: filters.leaves } : undefined;
    const own =
      together.length > 1
        ? ownPaths(repository, deployment, together, globs)
        : globs;
    const ofOthers = together
      .filter(one => one !== deployment)
      .flatMap(one => ownPaths(repository, one, together, globs));
    draft.set([...path, 'paths'], listed(own.filter(glob => !isShared(glob))));
    draft.set(
      [...path, 'sharedPaths'],
      listed(
        globs.filter(
          glob =>
            isShared(glob) || !(own.includes(glob) || ofOthers.includes(glob)),
        ),
      ),
    );
    return;
  }
  const here = all.filter(one => one.workflow === workflow);
  if (here.every(one => one.service === service)) {
    for (const told of workflow.index.texts('on', 'push', 'paths')) {
      draft.add([...path, 'paths'], told);
    }
  }
}

/** Of what one filter names for services that come together: what lies where the service is built. */
function ownPaths(
  repository: Repository,
  deployment: Deployment,
  together: readonly Deployment[],
  globs: readonly string[],
): string[] {
  const folder = folderOf(repository, deployment);
  const isOwn = (glob: string, of: string) =>
    glob === of || glob.startsWith(`${of}/`);
  const others = together
    .filter(one => one !== deployment)
    .map(one => folderOf(repository, one));
  const own = globs.filter(
    glob => isOwn(glob, folder) && !others.some(other => other === folder),
  );
  if (own.length > 0) {
    repository.draft.guessed.push({
      key: `spec.services.${deployment.service}.paths`,
      message: `"${own.join(', ')}", of what deploys ${
        together.length
      } services at once: what lies where its image is built`,
      remedy: 'Check it, and what is left as sharedPaths.',
    });
  }
  return own;
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
