import type { TargetSpec as AnyTargetSpec } from '@vvp/backstage-plugin-deploy-common';

/** Of the platforms that are simulated. */
export type TargetSpec = Exclude<AnyTargetSpec, { type: 'custom' }>;

/** What a job of a pipeline does to a platform. */
export interface CloudDeployment<Target extends TargetSpec = TargetSpec> {
  /** `owner/name`. */
  repository: string;
  /** Key of the service in deploy.yaml. */
  service: string;
  environment: string;
  /** As deploy.yaml has it. */
  target: Target;
  commit: string;
  /** When the pipeline did it; long ago means that it is over. */
  at: Date;
}

/** The target of a type. */
export type TargetOf<Type extends TargetSpec['type']> = Extract<
  TargetSpec,
  { type: Type }
>;

/** One of the platforms, driven as a pipeline drives it: without the portal. */
export interface Platform<Type extends TargetSpec['type']> {
  deploy(deployment: CloudDeployment<TargetOf<Type>>): Promise<void>;
  /** What was just deployed does not come up, or fails soon. */
  spoil?(deployment: CloudDeployment<TargetOf<Type>>): Promise<void>;
  /** The commit that serves there now, read from the state of the simulator. */
  serving(
    deployment: CloudDeployment<TargetOf<Type>>,
  ): Promise<string | undefined>;
}

/** Older than this, a deployment is part of the history and needs no time any more. */
const OVER_AFTER_MS = 60_000;

export function isOver({ at }: Pick<CloudDeployment, 'at'>): boolean {
  return Date.now() - at.getTime() > OVER_AFTER_MS;
}
