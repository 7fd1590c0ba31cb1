import { PipelineSpec, ServiceSpec } from '../spec/types';

/**
 * A service as a `deploy.yaml` describes it.
 *
 * @public
 */
export interface DescribedService {
  spec: PipelineSpec;
  /** One of `spec.services`. */
  service: ServiceSpec;
}
