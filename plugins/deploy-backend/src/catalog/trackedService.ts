import {
  ANNOTATION_LOCATION,
  ANNOTATION_SOURCE_LOCATION,
  Entity,
  getEntitySourceLocation,
  RELATION_OWNED_BY,
  RELATION_PART_OF,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import {
  ANNOTATION_JOBS,
  ANNOTATION_PROJECT_SLUG,
  ANNOTATION_SERVICE,
  ANNOTATION_SPEC,
  ANNOTATION_WORKFLOW,
} from '@vvp/backstage-plugin-deploy-common';

/** What the catalog says of an entity whose deployments are tracked. */
export interface TrackedService {
  entityRef: string;
  repository: string;
  /** Key in deploy.yaml; the entity's name if it has no annotation. */
  serviceKey: string;
  name: string;
  title?: string;
  owner?: string;
  system?: string;
  /** The annotations that mapping reads. */
  annotations: Record<string, string>;
  specUrl?: string;
}

const MAX_URL = 1_000;

const mappingAnnotations = [
  ANNOTATION_JOBS,
  ANNOTATION_SERVICE,
  ANNOTATION_SPEC,
  ANNOTATION_WORKFLOW,
];

/** The service that an entity is, or undefined if it names no repository. */
export function toTrackedService(entity: Entity): TrackedService | undefined {
  const annotations = entity.metadata.annotations ?? {};
  const repository = annotations[ANNOTATION_PROJECT_SLUG]?.trim().toLowerCase();
  if (!repository || !/^[^/\s\0]{1,100}\/[^/\s\0]{1,100}$/.test(repository)) {
    return undefined;
  }
  return {
    entityRef: stringifyEntityRef(entity).toLocaleLowerCase('en-US'),
    repository,
    serviceKey: annotations[ANNOTATION_SERVICE]?.trim() || entity.metadata.name,
    name: entity.metadata.name.toLocaleLowerCase('en-US'),
    title: entity.metadata.title,
    owner: relationTarget(entity, RELATION_OWNED_BY),
    system: relationTarget(entity, RELATION_PART_OF),
    annotations: Object.fromEntries(
      mappingAnnotations.flatMap(key =>
        annotations[key] ? [[key, annotations[key]]] : [],
      ),
    ),
    specUrl: specUrlOf(entity),
  };
}

function relationTarget(entity: Entity, type: string): string | undefined {
  return entity.relations?.find(relation => relation.type === type)?.targetRef;
}

/** Where its deploy.yaml is: as annotated, else beside the file that the entity came from. */
function specUrlOf(entity: Entity): string | undefined {
  const annotations = entity.metadata.annotations ?? {};
  const annotated = annotations[ANNOTATION_SPEC]?.trim();
  const base = fileUrlOf(entity);
  if (!base && !annotated?.match(/^https?:\/\//)) {
    return undefined;
  }
  try {
    const { href } = new URL(annotated || 'deploy.yaml', base);
    return href.length <= MAX_URL ? href : undefined;
  } catch {
    return undefined;
  }
}

function fileUrlOf(entity: Entity): string | undefined {
  const annotations = entity.metadata.annotations ?? {};
  const location = annotations[ANNOTATION_LOCATION];
  if (location?.startsWith('url:')) {
    return location.slice('url:'.length);
  }
  if (!annotations[ANNOTATION_SOURCE_LOCATION]) {
    return undefined;
  }
  const source = getEntitySourceLocation(entity);
  return source.type === 'url' ? source.target : undefined;
}
