import { createExtensionPoint } from '@backstage/backend-plugin-api';
import { DeployEventSource } from './events';
import { DeployTarget } from './targets';

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

/**
 * Brings in a platform that environments run on.
 *
 * @public
 */
export interface DeployTargetsExtensionPoint {
  /** Throws if a target of that type is already there. */
  addTarget(target: DeployTarget): void;
}

/**
 * See {@link DeployTargetsExtensionPoint}.
 *
 * @public
 */
export const deployTargetsExtensionPoint =
  createExtensionPoint<DeployTargetsExtensionPoint>({
    id: 'deploy.targets',
  });
