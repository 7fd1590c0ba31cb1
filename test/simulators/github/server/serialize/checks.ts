import type { JsonObject } from '../json';
import { nodeId } from '../state/Ids';
import type { CheckAnnotation, CheckRun, Repository } from '../state/model';
import { timestamp } from '../state/time';
import { productApp } from './apps';
import { pathOfUrl } from './commits';
import type { Urls } from './Urls';

/** `check-run`. */
export function checkRun(
  urls: Urls,
  app: { id: number; slug: string },
  repository: Repository,
  check: CheckRun,
): JsonObject {
  const url = `${urls.repository(repository)}/check-runs/${check.id}`;
  const page = `${urls.page(repository)}/runs/${check.id}`;
  return {
    id: check.id,
    name: check.name,
    node_id: nodeId('CheckRun', check.id),
    head_sha: check.headSha,
    external_id: check.externalId ?? '',
    url,
    html_url: page,
    details_url: check.detailsUrl ?? page,
    status: check.status,
    conclusion: check.conclusion ?? null,
    started_at: timestamp(check.startedAt),
    completed_at:
      check.completedAt === undefined ? null : timestamp(check.completedAt),
    output: {
      title: check.title ?? null,
      summary: check.summary ?? null,
      text: check.text ?? null,
      annotations_count: check.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: check.suiteId },
    app: productApp(urls, app, repository.owner),
    pull_requests: [],
  };
}

/** `check-annotation`. */
export function checkAnnotation(
  urls: Urls,
  repository: Repository,
  check: CheckRun,
  annotation: CheckAnnotation,
): JsonObject {
  return {
    path: annotation.path,
    blob_href: `${urls.page(repository)}/blob/${check.headSha}/${pathOfUrl(
      annotation.path,
    )}`,
    start_line: annotation.startLine,
    start_column: null,
    end_line: annotation.endLine,
    end_column: null,
    annotation_level: annotation.level,
    title: annotation.title ?? null,
    message: annotation.message,
    raw_details: annotation.rawDetails ?? null,
  };
}
