import { Facts } from '../source/facts';
import { Told } from '../types';
import { Deployment, Repository } from './Repository';
import { numeric, plain } from './values';

/** The build of what is deployed: in the same job, or in one before. */
export function assembleImage(
  repository: Repository,
  deployment: Deployment,
): void {
  const { job, step, service, build: key } = deployment;
  const { draft } = repository;
  const deployed = job.facts.one('image', step);
  const before = repository.before(job);
  const named = before.filter(one => one.key === key);
  const places = named.length > 0 ? named : [job, ...before];
  const builds = places.flatMap(one =>
    one.facts
      .all('dockerfile')
      .map(dockerfile => ({ facts: one.facts, job: one, dockerfile })),
  );
  const alike = builds.filter(({ facts, dockerfile }) =>
    facts
      .all('image', dockerfile.step)
      .some(one => deployed && nameOf(one.value) === nameOf(deployed.value)),
  );
  const [build] = alike.length > 0 ? alike : builds;
  if (
    !build ||
    (alike.length === 0 &&
      new Set(builds.map(one => one.dockerfile.value)).size > 1)
  ) {
    return;
  }
  const { facts, dockerfile } = build;
  const path = ['spec', 'services', service, 'image'];
  draft.set([...path, 'dockerfile'], plain(relative(dockerfile)));
  draft.set(
    [...path, 'context'],
    plain(relative(facts.one('context', dockerfile.step))),
    '.',
  );
  const platforms = facts.one('platforms', dockerfile.step);
  draft.set(
    [...path, 'platforms'],
    platforms && { ...platforms, value: platforms.value.split(/[\s,]+/) },
    ['linux/amd64'],
  );
  assembleNames(draft, facts, path, deployed && nameOf(deployed.value));
  if (build.job !== job) {
    const minutes = build.job.text('timeout-minutes');
    draft.set([...path, 'timeoutMinutes'], numeric(minutes), 20);
  }
}

/**
 * What an image is called, and what else becomes of it, where it has a job of its own.
 *
 * @param deployed - what the target calls it, which then is all there is to say of where it is
 */
function assembleNames(
  draft: Repository['draft'],
  facts: Facts,
  path: readonly string[],
  deployed: string | undefined,
): void {
  const words = (told: Told<string> | undefined) =>
    told && { ...told, value: told.value.split(/[\s,]+/) };
  draft.set([...path, 'target'], plain(facts.one('imageStage')));
  const repository = plain(facts.one('imageRepository'));
  if (repository?.value !== deployed) {
    draft.set([...path, 'repository'], repository);
  }
  draft.set([...path, 'tags'], words(plain(facts.one('imageTags'))));
  draft.set([...path, 'version', 'file'], plain(facts.one('versionFile')));
  draft.set([...path, 'version', 'pattern'], facts.one('versionPattern'));
  draft.set([...path, 'sign'], facts.one('imageSign'));
  draft.set([...path, 'scan', 'ignoreUnfixed'], facts.one('ignoreUnfixed'));
  const severities = words(facts.one('scanSeverities'));
  draft.set(
    [...path, 'scan', 'severity'],
    severities && {
      ...severities,
      value: ['low', 'medium', 'high', 'critical'].find(one =>
        severities.value.includes(one.toUpperCase()),
      ),
    },
  );
}

/** An image without its tag or digest. */
export function nameOf(image: string): string {
  const [first] = image.trim().split(/[\s,]+(?![^{]*\}\})/);
  return first.replace(/(:\$\{\{.*|:[^/]*|@.*)$/, '');
}

function relative(told: Told<string> | undefined): Told<string> | undefined {
  return (
    told && {
      ...told,
      value: told.value.replace(/^\.\/(?=.)/, '').replace(/(.)\/$/, '$1'),
    }
  );
}
