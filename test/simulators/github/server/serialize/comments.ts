import type { JsonObject } from '../json';
import { nodeId } from '../state/Ids';
import type { IssueComment, Repository } from '../state/model';
import { timestamp } from '../state/time';
import { simpleUser } from './accounts';
import type { Urls } from './Urls';

/** `issue-comment`. */
export function issueComment(
  urls: Urls,
  repository: Repository,
  comment: IssueComment,
): JsonObject {
  const api = urls.repository(repository);
  const page = `${urls.page(repository)}/pull/${comment.number}`;
  return {
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    url: `${api}/issues/comments/${comment.id}`,
    html_url: `${page}#issuecomment-${comment.id}`,
    issue_url: `${api}/issues/${comment.number}`,
    body: comment.body,
    user: simpleUser(urls, comment.author),
    created_at: timestamp(comment.createdAt),
    updated_at: timestamp(comment.updatedAt),
    author_association: 'NONE',
    performed_via_github_app: null,
  };
}
