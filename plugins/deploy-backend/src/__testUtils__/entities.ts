import { Entity } from '@backstage/catalog-model';
import {
  ANNOTATION_PROJECT_SLUG,
  ANNOTATION_SERVICE,
} from '@vvp/backstage-plugin-deploy-common';

/** A Component as the catalog gives it. */
export function component(
  name: string,
  options: {
    repository?: string;
    key?: string;
    owner?: string;
    annotations?: Record<string, string>;
    /** Where catalog-info.yaml is. */
    location?: string;
  } = {},
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      namespace: 'default',
      annotations: {
        [ANNOTATION_PROJECT_SLUG]: options.repository ?? 'example-org/vvp',
        ...(options.key && { [ANNOTATION_SERVICE]: options.key }),
        ...(options.location && {
          'backstage.io/managed-by-location': `url:${options.location}`,
        }),
        ...options.annotations,
      },
    },
    relations: [
      {
        type: 'ownedBy',
        targetRef: options.owner ?? 'group:default/vvp-team',
      },
    ],
  };
}
