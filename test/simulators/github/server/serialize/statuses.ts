import type { JsonObject } from '../json';
import { nodeId } from '../state/Ids';
import type { CommitStatus, Repository } from '../state/model';
import { timestamp } from '../state/time';
import { simpleUser } from './accounts';
import type { Urls } from './Urls';

/** `status`. */
export function commitStatus(
  urls: Urls,
  repository: Repository,
  status: CommitStatus,
): JsonObject {
  const creator = simpleUser(urls, status.creator);
  return {
    id: status.id,
    node_id: nodeId('StatusContext', status.id),
    url: `${urls.repository(repository)}/statuses/${status.sha}`,
    avatar_url: creator.avatar_url,
    state: status.state,
    description: status.description ?? null,
    target_url: status.targetUrl ?? null,
    context: status.context,
    created_at: timestamp(status.createdAt),
    updated_at: timestamp(status.createdAt),
    creator,
  };
}
