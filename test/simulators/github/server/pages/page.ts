import type { RestReply } from '../rest/types';
import type { Repository } from '../state/model';
import { latestAttempt } from '../state/model';
import { timestamp } from '../state/time';
import type { Simulator } from '../Simulator';
import { checkPage, comments, verdicts } from './feedback';
import { answer, NOT_FOUND } from './answer';
import { html, link, table } from './html';

/** The few pages that links in the portal lead to. */
export async function page(simulator: Simulator, url: URL): Promise<RestReply> {
  const { world } = simulator;
  const parts = decodeURIComponent(url.pathname).split('/').filter(Boolean);
  if (parts.length === 0) {
    const names = [...world.repositories.values()].map(one => one.fullName);
    return answer(
      'Repositories',
      table(
        ['Repository'],
        names.map(name => [link(`/${name}`, name)]),
      ),
    );
  }
  if (parts[0] === '_codeload') return archive(simulator, parts);
  const [owner, name = ''] = parts;
  const repository = world.repository(owner, name);
  if (!repository) {
    // The address of a clone leads to the page as well.
    const cloned = world.repository(owner, name.replace(/\.git$/, ''));
    return cloned && parts.length === 2
      ? { status: 301, headers: { location: `/${cloned.fullName}` } }
      : NOT_FOUND;
  }
  const [, , kind, ...rest] = parts;
  if (kind === undefined) return repositoryPage(simulator, repository);
  if (kind === 'commit') return commitPage(simulator, repository, rest[0]);
  if (kind === 'runs') return checkPage(repository, Number(rest[0]));
  if (kind === 'pull') return pullPage(repository, Number(rest[0]));
  if (kind === 'actions' && rest[0] === 'runs') {
    return runPage(simulator, repository, Number(rest[1]));
  }
  if (kind === 'blob' || kind === 'raw') {
    return filePage(
      repository,
      rest[0],
      rest.slice(1).join('/'),
      kind === 'raw',
    );
  }
  // The host of raw files has no `raw` in its paths.
  return filePage(repository, kind, rest.join('/'), true);
}

async function archive(
  simulator: Simulator,
  parts: string[],
): Promise<RestReply> {
  const [, owner, name, , sha] = parts;
  const repository = simulator.world.repository(owner, name);
  if (!repository || !sha) return NOT_FOUND;
  const prefix = `${owner}-${name}-${sha.slice(0, 7)}`;
  return {
    status: 200,
    headers: { 'content-type': 'application/x-gzip' },
    body: await repository.git.archive(sha, prefix),
  };
}

async function repositoryPage(
  simulator: Simulator,
  repository: Repository,
): Promise<RestReply> {
  const base = `/${repository.fullName}`;
  const commits = repository.git.isEmpty
    ? []
    : await repository.git.log([repository.defaultBranch], { limit: 20 });
  const runs = repository.runs.slice(-20).reverse();
  return answer(
    repository.fullName,
    html`<p>${repository.description}</p>
      <p><code>git clone ${simulator.world.urls.web}${base}.git</code></p>
      <h2>Runs</h2>
      ${table(
        ['Run', 'Title', 'Event', 'State', 'Started'],
        runs.map(run => [
          link(
            `${base}/actions/runs/${run.id}`,
            `${run.name} #${run.runNumber}`,
          ),
          run.displayTitle,
          run.event,
          latestAttempt(run).conclusion ?? latestAttempt(run).status,
          timestamp(run.createdAt),
        ]),
      )}
      <h2>Commits</h2>
      ${table(
        ['Commit', 'Message', 'Author', 'When'],
        commits.map(commit => [
          link(`${base}/commit/${commit.sha}`, commit.sha.slice(0, 7)),
          commit.message.split('\n')[0],
          commit.author.name,
          timestamp(commit.author.date),
        ]),
      )}`,
  );
}

async function commitPage(
  simulator: Simulator,
  repository: Repository,
  name: string,
): Promise<RestReply> {
  const sha = await repository.git.resolve(name ?? '');
  if (!sha) return NOT_FOUND;
  const commit = await repository.git.info(sha);
  const changes = await repository.git.changes(commit.parents[0], sha);
  const account = simulator.world.accountByEmail(commit.author.email);
  return answer(
    commit.message.split('\n')[0],
    html`<p>
        <code>${sha}</code> by ${account?.login ?? commit.author.name} at
        ${timestamp(commit.author.date)} in
        ${link(`/${repository.fullName}`, repository.fullName)}
      </p>
      <pre>${commit.message}</pre>
      ${table(
        ['File', 'Change', 'Added', 'Removed'],
        changes.map(change => [
          link(
            `/${repository.fullName}/blob/${sha}/${change.path}`,
            change.path,
          ),
          change.status,
          String(change.additions),
          String(change.deletions),
        ]),
      )}
      ${verdicts(repository, sha)}`,
  );
}

function runPage(
  simulator: Simulator,
  repository: Repository,
  id: number,
): RestReply {
  const run = simulator.world.run(repository, id);
  if (!run) return NOT_FOUND;
  const base = `/${repository.fullName}`;
  const attempt = latestAttempt(run);
  return answer(
    `${run.name} #${run.runNumber}: ${run.displayTitle}`,
    html`<p>
        ${attempt.conclusion ?? attempt.status}, attempt
        ${String(attempt.number)}, started by ${run.event} of
        ${attempt.triggeringActor.login} at
        ${link(`${base}/commit/${run.headSha}`, run.headSha.slice(0, 7))}
      </p>
      ${table(
        ['Job', 'State', 'Environment', 'Started', 'Ended'],
        attempt.jobs.map(job => [
          link(`${base}/actions/runs/${run.id}/job/${job.id}`, job.name),
          job.conclusion ?? job.status,
          job.environment?.name ?? '',
          timestamp(job.startedAt),
          job.completedAt === undefined ? '' : timestamp(job.completedAt),
        ]),
      )}`,
  );
}

function pullPage(repository: Repository, number: number): RestReply {
  const pull = repository.pulls.find(one => one.number === number);
  if (!pull) return NOT_FOUND;
  return answer(
    `${pull.title} (#${pull.number})`,
    html`<p>
        ${pull.headBranch} into ${pull.baseBranch} by ${pull.author.login},
        ${pull.mergedAt === undefined ? 'open' : 'merged'}
      </p>
      <pre>${pull.body}</pre>
      ${pull.closedAt === undefined
        ? html`<form
            method="post"
            action="${`/${repository.fullName}/pull/${number}/merge`}"
          >
            <button>Merge pull request</button>
          </form>`
        : ''}
      ${verdicts(repository, pull.headSha)} ${comments(repository, number)}`,
  );
}

async function filePage(
  repository: Repository,
  ref: string,
  path: string,
  isRaw: boolean,
): Promise<RestReply> {
  const sha = await repository.git.resolve(ref ?? '');
  const content = sha ? await repository.git.file(sha, path) : undefined;
  if (!content) return NOT_FOUND;
  if (isRaw) {
    return {
      status: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: content,
    };
  }
  return answer(path, html`<pre>${content.toString()}</pre>`);
}
