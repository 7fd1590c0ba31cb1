import {
  ANNOTATION_SERVICE,
  formatSpecFindings,
  selectService,
  ServiceSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { KnownService } from '../catalog/planServiceSync';
import { StoredSpec } from '../store/SpecStore';

/** The part of the last good deploy.yaml that is about a service, or why there is none. */
export function serviceInSpec(
  service: Pick<KnownService, 'entityRef' | 'annotations'>,
  stored: StoredSpec | undefined,
): { spec?: ServiceSpec; problem?: string } {
  if (!stored?.spec) {
    return {};
  }
  const result = selectService(stored.spec, {
    serviceKey: service.annotations[ANNOTATION_SERVICE],
    entityRef: service.entityRef,
  });
  return result.ok
    ? { spec: result.service }
    : { problem: formatSpecFindings([result.finding], 'deploy.yaml') };
}
