import type { Outcomes } from '../../client/types';
import type { JsonObject } from '../json';
import type { Account, Repository, WorkflowRun } from '../state/model';
import { timestamp } from '../state/time';
import type { World } from '../state/World';
import { repositoryPayload, simpleUser } from '../serialize';
import { triggersOnPush } from '../workflow';
import { startRun } from './startRuns';

export interface NewPush {
  branch: string;
  author: Account;
  message: string;
  files: Map<string, Buffer | undefined>;
  outcomes: Outcomes;
  /** Between the commit and the events of its push. */
  onCommitted?: (sha: string) => Promise<void>;
}

const NOTHING = '0'.repeat(40);

/** A commit is made and pushed: the event, and the runs that it starts. */
export async function push(
  world: World,
  repository: Repository,
  request: NewPush,
): Promise<{ sha: string; runs: WorkflowRun[] }> {
  const ref = `refs/heads/${request.branch}`;
  const before = await repository.git.resolve(ref);
  const start =
    before ?? (await repository.git.resolve(repository.defaultBranch));
  const sha = await repository.git.commit({
    branch: request.branch,
    message: request.message,
    author: {
      name: request.author.name,
      email: request.author.email,
      date: world.now,
    },
    files: request.files,
    from: before ? undefined : start,
  });
  repository.pushedAt = world.now;
  if (request.branch === repository.defaultBranch) {
    await world.refreshWorkflows(repository);
  }
  await movePulls(world, repository, request.branch, sha);
  await request.onCommitted?.(sha);
  const runs = await announcePush(world, repository, {
    ref,
    before,
    sha,
    actor: request.author,
    outcomes: request.outcomes,
  });
  return { sha, runs };
}

/** Open pull requests of a branch follow it. */
async function movePulls(
  world: World,
  repository: Repository,
  branch: string,
  sha: string,
): Promise<void> {
  for (const pull of repository.pulls) {
    if (pull.headBranch !== branch || pull.closedAt !== undefined) continue;
    pull.headSha = sha;
    pull.updatedAt = world.now;
    pull.commits.push(sha);
    await repository.git.keepPull(pull.number, sha);
  }
}

/** What somebody pushed with git itself: the events, and the runs that it starts. */
export async function announceReceived(
  world: World,
  repository: Repository,
  actor: Account,
): Promise<void> {
  for (const { ref, sha, before } of await repository.git.adoptPush()) {
    repository.pushedAt = world.now;
    const [, branch] = /^refs\/heads\/(.*)$/.exec(ref) ?? [];
    if (branch === repository.defaultBranch) {
      await world.refreshWorkflows(repository);
    }
    if (branch) await movePulls(world, repository, branch, sha);
    await announcePush(world, repository, {
      ...{ ref, before, sha, actor },
      outcomes: {},
    });
  }
}

/** A tag is set on a commit and pushed. */
export async function pushTag(
  world: World,
  repository: Repository,
  request: { tag: string; sha: string; actor: Account; outcomes: Outcomes },
): Promise<WorkflowRun[]> {
  await repository.git.tag(request.tag, request.sha);
  return announcePush(world, repository, {
    ref: `refs/tags/${request.tag}`,
    before: undefined,
    sha: request.sha,
    actor: request.actor,
    outcomes: request.outcomes,
  });
}

/** The `push` event of what is in the repository already, and its runs. */
export async function announcePush(
  world: World,
  repository: Repository,
  pushed: {
    ref: string;
    before: string | undefined;
    sha: string;
    actor: Account;
    outcomes: Outcomes;
  },
): Promise<WorkflowRun[]> {
  const { ref, sha, actor } = pushed;
  const commit = await repository.git.info(sha);
  const changes = await repository.git.changes(
    pushed.before ?? commit.parents[0],
    sha,
  );
  const changedFiles = changes.map(change => change.path);
  const payload = await pushPayload(world, repository, pushed);
  world.webhooks.emit({
    event: 'push',
    action: undefined,
    repository,
    sender: actor,
    at: world.now,
    payload,
  });
  const isTag = ref.startsWith('refs/tags/');
  const headBranch = ref.replace(/^refs\/(heads|tags)\//, '');
  const runs: WorkflowRun[] = [];
  for (const definition of await world.definitions(repository, sha)) {
    if (!triggersOnPush(definition.events, ref, isTag ? [] : changedFiles)) {
      continue;
    }
    const known = repository.workflows.get(definition.path);
    if (known && known.state !== 'active') continue;
    runs.push(
      await startRun(world, repository, {
        definition,
        event: 'push',
        ref,
        headBranch,
        headSha: sha,
        actor,
        displayTitle: undefined,
        eventPayload: payload,
        changedFiles,
        outcomes: pushed.outcomes,
      }),
    );
  }
  return runs;
}

async function pushPayload(
  world: World,
  repository: Repository,
  pushed: {
    ref: string;
    before: string | undefined;
    sha: string;
    actor: Account;
  },
): Promise<JsonObject> {
  const { ref, before, sha, actor } = pushed;
  const isTag = ref.startsWith('refs/tags/');
  const range = isTag
    ? []
    : await repository.git.log(before ? [sha, `^${before}`] : [sha], {
        limit: before ? 20 : 1,
      });
  const commits = await Promise.all(
    range.reverse().map(commit => commitOfPush(world, repository, commit.sha)),
  );
  const page = world.urls.page(repository);
  return {
    ref,
    before: before ?? NOTHING,
    after: sha,
    base_ref: isTag ? `refs/heads/${repository.defaultBranch}` : null,
    compare: before
      ? `${page}/compare/${before.slice(0, 12)}...${sha.slice(0, 12)}`
      : `${page}/commit/${sha.slice(0, 12)}`,
    created: before === undefined,
    deleted: false,
    forced: false,
    commits,
    head_commit: await commitOfPush(world, repository, sha),
    pusher: { name: actor.login, email: actor.email },
    // A push tells these times as numbers, and more of the owner.
    repository: {
      ...repositoryPayload(world.urls, repository),
      owner: {
        ...simpleUser(world.urls, repository.owner),
        name: repository.owner.login,
        email: null,
      },
      created_at: Math.floor(repository.createdAt / 1000),
      pushed_at: Math.floor(repository.pushedAt / 1000),
      stargazers: 0,
      master_branch: repository.defaultBranch,
      organization: repository.owner.login,
    },
  };
}

async function commitOfPush(
  world: World,
  repository: Repository,
  sha: string,
): Promise<JsonObject> {
  const commit = await repository.git.info(sha);
  const changes = await repository.git.changes(commit.parents[0], sha);
  const paths = (status: string) =>
    changes.filter(change => change.status === status).map(({ path }) => path);
  const person = {
    name: commit.author.name,
    email: commit.author.email,
    username: world.accountByEmail(commit.author.email)?.login,
  };
  return {
    id: sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: timestamp(commit.author.date),
    url: `${world.urls.page(repository)}/commit/${sha}`,
    author: person,
    committer: person,
    added: paths('added'),
    removed: paths('removed'),
    modified: paths('modified'),
  };
}
