import { quote, suggest } from './suggest';
import { PipelineSpec, ServiceSpec, SpecFinding } from './types';

/**
 * Answer of {@link selectService}.
 *
 * @public
 */
export type SelectServiceResult =
  | { ok: true; service: ServiceSpec }
  | { ok: false; finding: SpecFinding };

function finding(message: string, remedy: string, path: string): SpecFinding {
  return { message, remedy, line: 1, column: 1, path };
}

function byKey(
  spec: PipelineSpec,
  key: string,
  entityRef: string,
): SelectServiceResult {
  const service = spec.services.find(each => each.key === key);
  if (!service) {
    const keys = spec.services.map(each => each.key);
    return {
      ok: false,
      finding: finding(
        `there is no service ${quote(
          key,
        )}, which ${entityRef} names in its annotation deploy.vvp.io/service`,
        suggest(key, keys),
        '/spec/services',
      ),
    };
  }
  if (service.entityRef !== undefined && service.entityRef !== entityRef) {
    return {
      ok: false,
      finding: finding(
        `the service ${quote(key)} belongs to ${
          service.entityRef
        }, not to ${entityRef}`,
        'Change entity in the file, or the annotation deploy.vvp.io/service of the entity.',
        `/spec/services/${key}/entity`,
      ),
    };
  }
  return { ok: true, service };
}

/**
 * Finds the service of an entity: by its key, else by the entity that the service names,
 * else the only service there is, if that names no other entity.
 *
 * @public
 */
export function selectService(
  spec: PipelineSpec,
  query: { serviceKey?: string; entityRef: string },
): SelectServiceResult {
  const entityRef = query.entityRef.toLocaleLowerCase('en-US');
  if (query.serviceKey !== undefined) {
    return byKey(spec, query.serviceKey, entityRef);
  }
  const named = spec.services.find(each => each.entityRef === entityRef);
  if (named) {
    return { ok: true, service: named };
  }
  const [only, ...others] = spec.services;
  if (only && others.length === 0 && only.entityRef === undefined) {
    return { ok: true, service: only };
  }
  const keys = spec.services.slice(0, 20).map(each => each.key);
  return {
    ok: false,
    finding: finding(
      `no service is for ${entityRef}`,
      `Add entity: ${entityRef} to the service, or the annotation deploy.vvp.io/service to the entity. Services: ${keys.join(
        ', ',
      )}.`,
      '/spec/services',
    ),
  };
}

/**
 * A finding if the spec is for another repository than the entity's, whatever its letter case.
 *
 * @public
 */
export function checkRepository(
  spec: PipelineSpec,
  projectSlug: string,
): SpecFinding | undefined {
  const { repository } = spec;
  const lower = (slug: string) => slug.toLocaleLowerCase('en-US');
  if (repository === undefined || lower(repository) === lower(projectSlug)) {
    return undefined;
  }
  return finding(
    `the file is for the repository ${repository}, but the entity is from ${quote(
      projectSlug,
    )}`,
    'Change spec.repository, or the annotation github.com/project-slug of the entity.',
    '/spec/repository',
  );
}
