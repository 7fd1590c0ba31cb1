import { createExtensionPoint } from '@backstage/backend-plugin-api';
import { DeployEventSource } from './events';

/**
 * Brings in deployments from a system other than GitHub.
 *
 * @public
 */
export interface DeployEventSourcesExtensionPoint {
  /** Throws if a source of that id is already there. */
  addEventSource(source: DeployEventSource): void;
}

/**
 * See {@link DeployEventSourcesExtensionPoint}.
 *
 * @public
 */
export const deployEventSourcesExtensionPoint =
  createExtensionPoint<DeployEventSourcesExtensionPoint>({
    id: 'deploy.event-sources',
  });
