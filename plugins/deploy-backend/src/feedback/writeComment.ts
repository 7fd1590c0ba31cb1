import { createHash, randomUUID } from 'node:crypto';
import { GithubClient } from '../github/GithubClients';
import { githubFailure } from '../github/githubFailure';
import { FeedbackClaim, FeedbackStore } from './FeedbackStore';
import { renderComment } from './renderComment';
import { FeedbackInput, LoadFeedback } from './types';

const MARKER = 'deploy-feedback';

/** Stands before the mark of a comment of which it is not known whether GitHub has it. */
const SOUGHT = 'sought:';

/** Comments of a pull request among which one's own is looked for. */
const MAX_COMMENTS = 5_000;

/**
 * Brings the one comment on a pull request up to date, with what is known of its head as it is now. Of a
 * pull request that is closed only a comment that is there is changed.
 */
export async function writeComment(
  context: {
    client: GithubClient;
    store: FeedbackStore;
    load: LoadFeedback;
    goOn: () => Promise<void>;
  },
  claim: FeedbackClaim,
  pullRequest: number,
): Promise<void> {
  const { client, store } = context;
  const [owner, repo] = claim.repository.split('/');
  const at = { owner, repo };
  const { data: pull } = await client.rest.pulls.get({
    ...at,
    pull_number: pullRequest,
  });
  const input = await context.load({
    repository: claim.repository,
    commit: pull.head.sha,
    pullRequest,
  });
  const body = input && renderComment(input, MARKER);
  const digest = body && createHash('sha256').update(body).digest('hex');
  if (!input || !body || digest === claim.digest) {
    return;
  }
  const known = await findComment();
  if (known !== undefined && (await updateComment(known))) {
    await store.note(claim, { githubId: known, digest });
  } else if (pull.state === 'open') {
    await createComment(input);
  }

  /** By its id; after a request without an answer, by the mark that it was to carry. */
  async function findComment(): Promise<string | undefined> {
    const { githubId } = claim;
    if (!githubId?.startsWith(SOUGHT)) {
      return githubId;
    }
    const mark = markOf(githubId.slice(SOUGHT.length));
    let seen = 0;
    for await (const { data } of client.paginate.iterator(
      client.rest.issues.listComments,
      { ...at, issue_number: pullRequest, per_page: 100 },
    )) {
      const found = data.find(comment => comment.body?.includes(mark));
      seen += data.length;
      if (found || seen >= MAX_COMMENTS) {
        return found && String(found.id);
      }
    }
    return undefined;
  }

  /** False if it is there no longer. */
  async function updateComment(githubId: string): Promise<boolean> {
    await context.goOn();
    try {
      await client.rest.issues.updateComment({
        ...at,
        comment_id: Number(githubId),
        body: body ?? '',
      });
      return true;
    } catch (error) {
      if (githubFailure(error, new Date()).kind === 'missing') {
        return false;
      }
      throw error;
    }
  }

  async function createComment(feedback: FeedbackInput): Promise<void> {
    await context.goOn();
    // Nobody can guess the mark, so nobody's comment is taken for ours.
    const secret = randomUUID();
    await store.note(claim, { githubId: `${SOUGHT}${secret}` });
    const { data } = await client.rest.issues.createComment({
      ...at,
      issue_number: pullRequest,
      body: renderComment(feedback, markOf(secret)) ?? '',
    });
    await store.note(claim, { githubId: String(data.id), digest });
  }
}

function markOf(secret: string): string {
  return `${MARKER} ${secret}`;
}
