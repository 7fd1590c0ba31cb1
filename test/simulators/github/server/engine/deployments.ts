import { jobPage } from '../serialize';
import type {
  Account,
  Deployment,
  DeploymentState,
  DeploymentStatus,
  Repository,
  WorkflowJob,
} from '../state/model';
import type { World } from '../state/World';
import { emitDeployment, emitDeploymentStatus } from './runEvents';

export interface NewDeployment {
  sha: string;
  ref: string;
  task: string;
  environment: string;
  description: string | undefined;
  payload: Deployment['payload'];
  creator: Account;
  transient: boolean;
  production: boolean;
  job: WorkflowJob | undefined;
}

export async function createDeployment(
  world: World,
  repository: Repository,
  request: NewDeployment,
): Promise<Deployment> {
  const deployment: Deployment = {
    ...request,
    id: (request.job?.attempt.run.ids ?? world.ids).next(),
    repository,
    createdAt: world.now,
    updatedAt: world.now,
    statuses: [],
  };
  world.environment(repository, request.environment);
  repository.deployments.push(deployment);
  if (request.job) request.job.deployment = deployment;
  await emitDeployment(world, deployment, request.creator);
  return deployment;
}

export interface NewStatus {
  state: DeploymentState;
  creator: Account;
  description?: string;
  targetUrl?: string;
  environmentUrl?: string;
  /** Whether earlier successes in the environment become inactive. */
  autoInactive?: boolean;
}

export async function addStatus(
  world: World,
  deployment: Deployment,
  request: NewStatus,
): Promise<DeploymentStatus> {
  const status: DeploymentStatus = {
    id: (deployment.job?.attempt.run.ids ?? world.ids).next(),
    state: request.state,
    creator: request.creator,
    description: request.description ?? '',
    targetUrl:
      request.targetUrl ??
      (deployment.job ? jobPage(world.urls, deployment.job) : ''),
    environmentUrl: request.environmentUrl ?? '',
    createdAt: world.now,
  };
  deployment.statuses.push(status);
  deployment.updatedAt = world.now;
  await emitDeploymentStatus(world, deployment, status, request.creator);
  if (request.state === 'success' && request.autoInactive !== false) {
    await supersede(world, deployment, request.creator);
  }
  return status;
}

/** What worked there before is inactive now. */
async function supersede(
  world: World,
  deployment: Deployment,
  creator: Account,
): Promise<void> {
  const earlier = deployment.repository.deployments.filter(
    other =>
      other !== deployment &&
      !other.transient &&
      other.environment === deployment.environment &&
      other.statuses[other.statuses.length - 1]?.state === 'success',
  );
  for (const other of earlier) {
    await addStatus(world, other, {
      state: 'inactive',
      creator,
      environmentUrl: other.statuses[other.statuses.length - 1].environmentUrl,
    });
  }
}
