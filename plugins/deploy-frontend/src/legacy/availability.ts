import { Entity } from '@backstage/catalog-model';
import {
  ANNOTATION_JOBS,
  ANNOTATION_PROJECT_SLUG,
  ANNOTATION_SERVICE,
  ANNOTATION_SPEC,
} from '@vvp/backstage-plugin-deploy-common';

const telling = [
  ANNOTATION_PROJECT_SLUG,
  ANNOTATION_SPEC,
  ANNOTATION_SERVICE,
  ANNOTATION_JOBS,
];

/**
 * Whether an entity says anything about where it is deployed from.
 *
 * @public
 */
export function isDeployAvailable(entity: Entity): boolean {
  return telling.some(annotation =>
    Boolean(entity.metadata.annotations?.[annotation]),
  );
}
