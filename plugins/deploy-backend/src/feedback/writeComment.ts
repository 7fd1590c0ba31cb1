import { randomUUID } from 'node:crypto';
import { GithubClient } from '../github/GithubClients';
import { githubFailure } from '../github/githubFailure';
import { FeedbackClaim, FeedbackStore } from './FeedbackStore';
import { renderComment } from './renderComment';
import { FeedbackInput, LoadFeedback } from './types';
import { decodeWritten, digestOf, encodeWritten } from './writtenComment';

const MARKER = 'deploy-feedback';

/** Stands before the mark of a comment of which it is not known whether GitHub has it. */
const SOUGHT = 'sought:';

/** Comments of a pull request among which one's own is looked for. */
const MAX_COMMENTS = 5_000;

/** What is needed to write a comment. */
export interface CommentContext {
  /** Only asked for when there is something to ask GitHub. */
  connect: () => Promise<GithubClient>;
  store: FeedbackStore;
  load: LoadFeedback;
  /** Asked before each request that writes; throws if this process is to stop. */
  goOn: () => Promise<void>;
}

/** The comment that is there to be written. */
interface Target {
  client: GithubClient;
  owner: string;
  repo: string;
  number: number;
}

/**
 * Brings the one comment on a pull request up to date, with what is known of its head as it is now. Of a
 * pull request that is closed only a comment that is there is changed.
 */
export async function writeComment(
  context: CommentContext,
  claim: FeedbackClaim,
  pullRequest: number,
): Promise<void> {
  const { store } = context;
  const { repository } = claim;
  const load = async (commit: string) => {
    const input = await context.load({ repository, commit, pullRequest });
    const body = input && renderComment(input, MARKER);
    return input && body ? { input, body, digest: digestOf(body) } : undefined;
  };
  const written = decodeWritten(claim.digest);
  if (written?.head) {
    const same = await load(written.head);
    if (same?.digest === written.digest) {
      return;
    }
  }
  const client = await context.connect();
  const [owner, repo] = repository.split('/');
  const target = { client, owner, repo, number: pullRequest };
  const { data: pull } = await client.rest.pulls.get({
    owner,
    repo,
    pull_number: pullRequest,
  });
  const head = pull.head.sha;
  const now = await load(head);
  if (!now) {
    return;
  }
  const digest = encodeWritten({ digest: now.digest, head });
  const { githubId } = claim;
  if (githubId && now.digest === written?.digest) {
    await store.note(claim, { githubId, digest });
    return;
  }
  const known = await findComment(target, githubId);
  if (known && (await updateComment(context, target, known, now.body))) {
    await store.note(claim, { githubId: known, digest });
  } else if (pull.state === 'open') {
    await createComment(context, claim, target, { input: now.input, digest });
  }
}

/** By its id; after a request without an answer, by the mark that it was to carry. */
async function findComment(
  { client, owner, repo, number }: Target,
  githubId: string | undefined,
): Promise<string | undefined> {
  if (!githubId?.startsWith(SOUGHT)) {
    return githubId;
  }
  const mark = markOf(githubId.slice(SOUGHT.length));
  let seen = 0;
  for await (const { data } of client.paginate.iterator(
    client.rest.issues.listComments,
    { owner, repo, issue_number: number, per_page: 100 },
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
async function updateComment(
  context: CommentContext,
  { client, owner, repo }: Target,
  githubId: string,
  body: string,
): Promise<boolean> {
  await context.goOn();
  try {
    await client.rest.issues.updateComment({
      owner,
      repo,
      comment_id: Number(githubId),
      body,
    });
    return true;
  } catch (error) {
    if (githubFailure(error, new Date()).kind === 'missing') {
      return false;
    }
    throw error;
  }
}

async function createComment(
  context: CommentContext,
  claim: FeedbackClaim,
  { client, owner, repo, number }: Target,
  feedback: { input: FeedbackInput; digest: string },
): Promise<void> {
  await context.goOn();
  // Nobody can guess the mark, so nobody's comment is taken for ours.
  const secret = randomUUID();
  await context.store.note(claim, { githubId: `${SOUGHT}${secret}` });
  const { data } = await client.rest.issues.createComment({
    owner,
    repo,
    issue_number: number,
    body: renderComment(feedback.input, markOf(secret)) ?? '',
  });
  await context.store.note(claim, {
    githubId: String(data.id),
    digest: feedback.digest,
  });
}

function markOf(secret: string): string {
  return `${MARKER} ${secret}`;
}
