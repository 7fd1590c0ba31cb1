import { ANNOTATION_SPEC } from '@vvp/backstage-plugin-deploy-common';
import { ServiceRow } from '../store/rows';

/** What says that a deploy.yaml speaks for an entity and its repository. */
export interface SpecOrigin {
  entityRef: string;
  /** `owner/name` of the entity's annotation, lower case: connections are given to repositories. */
  repository: string;
  /** Where the deploy.yaml was read. */
  specUrl?: string;
  /** The entity names the file by annotation; it is not simply beside the entity's own. */
  annotated: boolean;
  /** The entity that the deploy.yaml names for the service, if it names one. */
  declaredFor?: string;
}

/** As it stands in the database. */
export function originOf(
  row: Pick<
    ServiceRow,
    'entity_ref' | 'repository' | 'spec_url' | 'annotations'
  >,
  declaredFor: string | undefined,
): SpecOrigin {
  return {
    entityRef: row.entity_ref,
    repository: row.repository,
    ...(row.spec_url && { specUrl: row.spec_url }),
    annotated: Boolean(JSON.parse(row.annotations)[ANNOTATION_SPEC]),
    ...(declaredFor && { declaredFor }),
  };
}

/**
 * Why what a deploy.yaml says must not be driven; undefined if it may. Anybody can register an entity that
 * names somebody else's repository: the file has to lie in that repository, and if the entity points at it
 * from elsewhere, the file has to name the entity.
 */
export function whyNotDriven(origin: SpecOrigin): string | undefined {
  const { entityRef, repository, specUrl, annotated, declaredFor } = origin;
  if (!specUrl || !liesIn(specUrl, repository)) {
    return `The deploy.yaml of ${entityRef} does not lie in ${repository}, so it cannot say what is driven for that repository. Move it there, or correct the annotation github.com/project-slug.`;
  }
  if (annotated && declaredFor !== entityRef) {
    return `The deploy.yaml that ${entityRef} points at does not name this entity. Add "entity: ${entityRef}" to the service there.`;
  }
  return undefined;
}

/** `https://github.com/owner/name/...`, whatever the host. */
function liesIn(specUrl: string, repository: string): boolean {
  try {
    const path = decodeURIComponent(new URL(specUrl).pathname).toLowerCase();
    return path.startsWith(`/${repository}/`) && !path.includes('/../');
  } catch {
    return false;
  }
}
