import type { JsonObject } from '../json';
import { nodeId } from '../state/Ids';
import type { Deployment, DeploymentStatus } from '../state/model';
import { timestamp } from '../state/time';
import { simpleUser } from './accounts';
import { actionsApp } from './apps';
import type { Urls } from './Urls';

/** `deployment`. */
export function deploymentPayload(
  urls: Urls,
  deployment: Deployment,
): JsonObject {
  const api = urls.repository(deployment.repository);
  return {
    url: `${api}/deployments/${deployment.id}`,
    id: deployment.id,
    node_id: nodeId('Deployment', deployment.id),
    task: deployment.task,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description ?? null,
    created_at: timestamp(deployment.createdAt),
    updated_at: timestamp(deployment.updatedAt),
    statuses_url: `${api}/deployments/${deployment.id}/statuses`,
    repository_url: api,
    creator: simpleUser(urls, deployment.creator),
    sha: deployment.sha,
    ref: deployment.ref,
    payload: deployment.payload,
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: deployment.job ? actionsApp(urls) : null,
  };
}

/** `deployment-status`. */
export function statusPayload(
  urls: Urls,
  deployment: Deployment,
  status: DeploymentStatus,
): JsonObject {
  const api = urls.repository(deployment.repository);
  return {
    url: `${api}/deployments/${deployment.id}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DeploymentStatus', status.id),
    state: status.state,
    creator: simpleUser(urls, status.creator),
    description: status.description,
    environment: deployment.environment,
    target_url: status.targetUrl,
    created_at: timestamp(status.createdAt),
    updated_at: timestamp(status.createdAt),
    deployment_url: `${api}/deployments/${deployment.id}`,
    repository_url: api,
    environment_url: status.environmentUrl,
    log_url: status.targetUrl,
    performed_via_github_app: deployment.job ? actionsApp(urls) : null,
  };
}

/**
 * The same over REST. GitHub's description knows no state `waiting` there,
 * only in webhooks; what waits for a review is `pending`.
 */
export function restStatusPayload(
  urls: Urls,
  deployment: Deployment,
  status: DeploymentStatus,
): JsonObject {
  const payload = statusPayload(urls, deployment, status);
  return status.state === 'waiting'
    ? { ...payload, state: 'pending' }
    : payload;
}
