import type { RestReply } from '../rest/types';
import { isNewest, type Repository } from '../state/model';
import { timestamp } from '../state/time';
import { answer, NOT_FOUND } from './answer';
import { html, Html, link, table } from './html';

/** Check runs and statuses of a commit, as its page shows them: the newest of each name. */
export function verdicts(repository: Repository, sha: string): Html {
  const checks = repository.checks.filter(
    check => check.headSha === sha && isNewest(repository.checks, check),
  );
  const statuses = new Map(
    repository.statuses
      .filter(status => status.sha === sha)
      .map(status => [status.context, status]),
  );
  if (checks.length + statuses.size === 0) return html``;
  return html`<h2>Checks</h2>
    ${table(
      ['Check', 'State', 'Why'],
      [
        ...checks.map(check => [
          link(`/${repository.fullName}/runs/${check.id}`, check.name),
          check.conclusion ?? check.status,
          check.title ?? '',
        ]),
        ...[...statuses.values()].map(status => [
          status.targetUrl
            ? link(status.targetUrl, status.context)
            : status.context,
          status.state,
          status.description ?? '',
        ]),
      ],
    )}`;
}

/** Comments on a pull request, as they were written. */
export function comments(repository: Repository, number: number): Html {
  const all = repository.comments.filter(comment => comment.number === number);
  const each = all.map(
    comment =>
      html`<h3>${comment.author.login} at ${timestamp(comment.updatedAt)}</h3>
        <pre>${comment.body}</pre>`.text,
  );
  return all.length > 0
    ? html`<h2>Comments</h2>
        ${new Html(each.join(''))}`
    : html``;
}

/** A check run with what it points at. */
export function checkPage(repository: Repository, id: number): RestReply {
  const check = repository.checks.find(one => one.id === id);
  if (!check) return NOT_FOUND;
  const base = `/${repository.fullName}`;
  return answer(
    check.name,
    html`<p>
        ${check.conclusion ?? check.status} at
        ${link(`${base}/commit/${check.headSha}`, check.headSha.slice(0, 7))}
      </p>
      <h2>${check.title ?? ''}</h2>
      <pre>${check.summary ?? ''}</pre>
      ${table(
        ['Where', 'What'],
        check.annotations.map(annotation => [
          link(
            `${base}/blob/${check.headSha}/${annotation.path}`,
            `${annotation.path}:${annotation.startLine}`,
          ),
          `${annotation.title ?? ''} ${annotation.message}`,
        ]),
      )}`,
  );
}
