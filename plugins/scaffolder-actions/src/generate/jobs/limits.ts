import { ServiceEnvironmentSpec } from '@vvp/backstage-plugin-deploy-common';

/** Minutes of an image that is built, unless `deploy.yaml` says otherwise. */
export const BUILD_MINUTES = 20;

/** Until it is known what has the name of the commit, and that of a version. */
export const SETTLING_MINUTES = 3;

/** GitHub ends every job after that. */
export const MOST_MINUTES = 360;

/** What the job of a deployment does or waits for besides, and the service in its environment does not say. */
export interface Circumstances {
  /** Minutes of the image, where the job that deploys builds it as well. */
  buildMinutes?: number;
  /** How long the containers of docker compose may take to be well. */
  healthSeconds?: number;
}

/**
 * The time limit of a job that needs so many minutes at worst: in, the looks at it, and all the way back with the same
 * looks. `deploy.yaml` may ask for more; a job that ended before would leave what does not work.
 */
export function limitOf(
  needed: number,
  { deploy }: Pick<ServiceEnvironmentSpec, 'deploy'>,
): number {
  return Math.max(needed, deploy?.timeoutMinutes ?? 0);
}
