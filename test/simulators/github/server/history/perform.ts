import { parseDocument } from 'yaml';
import { announcePush, playerOf, push, pushTag, rerun } from '../engine';
import { closePull, openPull } from '../control/pulls';
import { startWorkflow } from '../control/startWorkflow';
import type { Repository, WorkflowRun } from '../state/model';
import { latestAttempt } from '../state/model';
import { MINUTE, SECOND } from '../state/time';
import type { World } from '../state/World';
import { approveAtOnce } from './approvals';
import type { ForwardEntry, PushEntry, StoryEntry } from './story';

const COMMENT: Record<string, (text: string) => string> = {
  py: text => `# ${text}\n`,
  sh: text => `# ${text}\n`,
  rs: text => `// ${text}\n`,
  ts: text => `// ${text}\n`,
  tsx: text => `// ${text}\n`,
  js: text => `// ${text}\n`,
  md: text => `\n${text}\n`,
};

/** A file of the folder, or the file itself, with a line more; a list of changes where none fits. */
async function changeIn(
  repository: Repository,
  branch: string,
  folder: string,
  text: string,
): Promise<[string, string] | undefined> {
  const sha = await repository.git.resolve(branch);
  const entries = sha ? await repository.git.tree(sha) : [];
  const inside = entries.filter(
    entry =>
      entry.type === 'blob' &&
      (entry.path === folder || entry.path.startsWith(`${folder}/`)),
  );
  if (inside.length === 0) return undefined;
  const extension = (path: string) => path.slice(path.lastIndexOf('.') + 1);
  const source = inside.find(
    ({ path: file }) =>
      file === folder || (COMMENT[extension(file)] && extension(file) !== 'md'),
  );
  const path = source?.path ?? `${folder}/CHANGES.md`;
  const known = sha ? await repository.git.file(sha, path) : undefined;
  const line = (COMMENT[extension(path)] ?? COMMENT.sh)(text);
  return [path, `${known?.toString() ?? ''}${line}`];
}

async function filesOf(
  repository: Repository,
  branch: string,
  entry: PushEntry,
): Promise<Record<string, string>> {
  const changes = await Promise.all(
    entry.areas.map(area =>
      changeIn(repository, branch, area, `${entry.message}.`),
    ),
  );
  const found = changes.filter(change => change !== undefined);
  const files =
    found.length > 0
      ? Object.fromEntries(found)
      : { 'CHANGES.md': `${entry.message}\n` };
  return { ...files, ...(await settingsOf(repository, branch, entry)) };
}

/** The `deploy.yaml` with what an entry sets in it; nothing where it sets nothing. */
async function settingsOf(
  repository: Repository,
  branch: string,
  { settings = [] }: PushEntry,
): Promise<Record<string, string>> {
  const sha = await repository.git.resolve(branch);
  const text =
    sha && settings.length > 0
      ? await repository.git.file(sha, 'deploy.yaml')
      : undefined;
  if (text === undefined) return {};
  const document = parseDocument(text.toString());
  for (const { path, value } of settings) document.setIn(path, value);
  return { 'deploy.yaml': document.toString({ lineWidth: 0 }) };
}

async function performPush(
  world: World,
  repository: Repository,
  entry: PushEntry,
): Promise<void> {
  const branch = entry.branch ?? repository.defaultBranch;
  const isNew =
    (await repository.git.resolve(`refs/heads/${branch}`)) === undefined;
  const files = await filesOf(
    repository,
    isNew ? repository.defaultBranch : branch,
    entry,
  );
  if (entry.byPullRequest) {
    const number = repository.pulls.length + 1;
    await openPull(world, repository, {
      branch: `${entry.author}/change-${number}`,
      title: entry.message,
      body: `${entry.message}.`,
      author: entry.author,
      files,
    });
    world.scheduler.schedule(world.now + 25 * MINUTE, async () => {
      const { runs } = await closePull(world, repository, number, {
        merge: true,
        outcomes: entry.outcomes ?? {},
      });
      follow(
        world,
        entry,
        runs.flatMap(id => world.run(repository, id) ?? []),
      );
    });
    return;
  }
  const { runs } = await push(world, repository, {
    branch,
    author: world.account(entry.author),
    message: `${entry.message}\n`,
    files: new Map(
      Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]),
    ),
    outcomes: entry.outcomes ?? {},
  });
  follow(world, entry, runs);
}

/** Somebody approves it at once, cancels the run, or runs again what failed. */
function follow(world: World, entry: PushEntry, runs: WorkflowRun[]): void {
  for (const run of runs) {
    if (entry.approvedAtOnce) approveAtOnce(world, run);
    if (entry.cancelAfterSeconds !== undefined) {
      world.scheduler.schedule(
        world.now + entry.cancelAfterSeconds * SECOND,
        async () =>
          // The deploy jobs say `!failure()`, which a plain cancel leaves running.
          playerOf(latestAttempt(run))?.cancel({ force: true }),
      );
    }
    if (entry.rerunAfterMinutes !== undefined) {
      world.scheduler.schedule(
        world.now + entry.rerunAfterMinutes * MINUTE,
        async () => {
          if (latestAttempt(run).conclusion !== 'failure') return;
          await rerun(world, run, {
            actor: world.account('omar'),
            failedOnly: true,
          });
        },
      );
    }
  }
}

async function performForward(
  world: World,
  repository: Repository,
  entry: ForwardEntry,
): Promise<void> {
  const [before, sha] = await Promise.all([
    repository.git.resolve(`refs/heads/${entry.to}`),
    repository.git.resolve(`refs/heads/${entry.from}`),
  ]);
  if (!sha || sha === before) return;
  await repository.git.setBranch(entry.to, sha);
  repository.pushedAt = world.now;
  await announcePush(world, repository, {
    ref: `refs/heads/${entry.to}`,
    before,
    sha,
    actor: world.account(entry.author),
    outcomes: entry.outcomes ?? {},
  });
}

/** Makes an entry of a story happen, now. */
export async function perform(
  world: World,
  repository: Repository,
  entry: StoryEntry,
): Promise<void> {
  switch (entry.kind) {
    case 'push':
      await performPush(world, repository, entry);
      return;
    case 'forward':
      await performForward(world, repository, entry);
      return;
    case 'tag': {
      const sha = await repository.git.resolve(repository.defaultBranch);
      if (!sha) return;
      await pushTag(world, repository, {
        tag: entry.tag,
        sha,
        actor: world.account(entry.author),
        outcomes: entry.outcomes ?? {},
      });
      return;
    }
    default: {
      const exists = [...repository.workflows.keys()].some(path =>
        path.endsWith(`/${entry.workflow}`),
      );
      if (!exists) return;
      await startWorkflow(world, repository, {
        workflow: entry.workflow,
        event: entry.event,
        inputs: entry.inputs,
        actor: entry.author,
        outcomes: entry.outcomes,
      });
    }
  }
}
