import { ServicePaths } from '../../commits/types';

/** What decides how a release is built, judged and let in, whatever paths a service calls its own. */
const PIPELINE_FILES = ['.github/workflows/**', '.github/actions/**'];

/** A file name that is no glob. */
const PLAIN_NAME = /^[\w.-]+$/;

/**
 * The paths of a service with those of its pipeline: who changes only these wrote a part of the release, too.
 *
 * @param specUrl - Where its deploy.yaml is; a file of that name counts wherever it is in the repository.
 */
export function withPipelineFiles(
  service: ServicePaths,
  specUrl: string | undefined,
): ServicePaths {
  if (service.paths.length === 0) {
    // It is the whole repository already.
    return service;
  }
  return {
    ...service,
    sharedPaths: [
      ...service.sharedPaths,
      ...PIPELINE_FILES,
      ...new Set(['deploy.yaml', nameOf(specUrl)].map(name => `**/${name}`)),
    ],
  };
}

function nameOf(specUrl: string | undefined): string {
  const name = specUrl?.split(/[?#]/)[0].split('/').pop() ?? '';
  return PLAIN_NAME.test(name) ? name : 'deploy.yaml';
}
