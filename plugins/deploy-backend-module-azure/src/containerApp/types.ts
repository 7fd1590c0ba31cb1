import { TargetSpec } from '@vvp/backstage-plugin-deploy-common';

/** `target` of deploy.yaml for a container app. */
export type ContainerAppSpec = Extract<
  TargetSpec,
  { type: 'azure-container-app' }
>;

/** Where a container app is. */
export interface ContainerAppAddress {
  subscriptionId: string;
  resourceGroup: string;
  name: string;
}

/**
 * How long things may take.
 *
 * @public
 */
export interface ContainerAppTimings {
  /** Between two looks at Azure, milliseconds; default 3,000. */
  pollIntervalMs: number;
  /** Until a revision has to be healthy after it was activated, seconds; default 300. */
  readySeconds: number;
}

export const defaultTimings: ContainerAppTimings = {
  pollIntervalMs: 3_000,
  readySeconds: 300,
};
