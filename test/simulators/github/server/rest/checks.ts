import { isObject, type JsonObject } from '../json';
import { checkAnnotation, checkRun } from '../serialize';
import {
  isNewest,
  type CheckAnnotation,
  type CheckRun,
  type Repository,
} from '../state/model';
import { pageOf } from './paging';
import {
  notFound,
  repositoryOf,
  RestError,
  type Handlers,
  type RestCall,
} from './types';

const APP_ONLY = 'You must authenticate via a GitHub App.';

function assertApp(call: RestCall): void {
  if (!call.isInstallation) throw new RestError(403, APP_ONLY);
}

function checkOf(call: RestCall, repository: Repository): CheckRun {
  const id = Number(call.params.check_run_id);
  const check = repository.checks.find(candidate => candidate.id === id);
  if (!check) throw notFound();
  return check;
}

function body(call: RestCall, repository: Repository, check: CheckRun) {
  return checkRun(call.world.urls, call.world.app, repository, check);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function annotationOf(annotation: JsonObject): CheckAnnotation {
  const startLine = Number(annotation.start_line);
  const endLine = Number(annotation.end_line);
  const path = String(annotation.path);
  if (startLine < 1 || endLine < startLine || path.startsWith('/')) {
    throw new RestError(422, `Invalid annotation at ${path}:${startLine}`);
  }
  return {
    path,
    startLine,
    endLine,
    level: String(annotation.annotation_level),
    title: textOf(annotation.title),
    message: String(annotation.message),
    rawDetails: textOf(annotation.raw_details),
  };
}

/** What a request says of a check run; annotations are added to those that are there. */
function apply(call: RestCall, check: CheckRun): void {
  const { output, ...rest } = call.body;
  check.name = textOf(rest.name) ?? check.name;
  check.externalId = textOf(rest.external_id) ?? check.externalId;
  check.detailsUrl = textOf(rest.details_url) ?? check.detailsUrl;
  if (rest.conclusion !== undefined) {
    check.status = 'completed';
    check.conclusion = String(rest.conclusion);
    check.completedAt = call.world.now;
  } else if (rest.status === 'completed') {
    throw new RestError(422, 'Conclusion is required if status is completed');
  } else if (rest.status !== undefined) {
    check.status = String(rest.status);
    check.conclusion = undefined;
    check.completedAt = undefined;
  }
  if (!isObject(output)) return;
  const annotations = Array.isArray(output.annotations)
    ? output.annotations.map(one => annotationOf(one as JsonObject))
    : [];
  check.title = textOf(output.title) ?? check.title;
  check.summary = textOf(output.summary) ?? check.summary;
  check.text = textOf(output.text) ?? check.text;
  check.annotations.push(...annotations);
}

export const checkHandlers: Handlers = {
  'checks/create': async call => {
    const repository = repositoryOf(call);
    assertApp(call);
    const headSha = String(call.body.head_sha);
    if (!(await repository.git.resolve(headSha))) {
      throw new RestError(422, `No commit found for SHA: ${headSha}`);
    }
    const suite = repository.checks.find(one => one.headSha === headSha);
    const check: CheckRun = {
      id: call.world.ids.next(),
      suiteId: suite?.suiteId ?? call.world.ids.next(),
      name: String(call.body.name),
      headSha,
      externalId: undefined,
      detailsUrl: undefined,
      status: 'queued',
      conclusion: undefined,
      startedAt: call.world.now,
      completedAt: undefined,
      title: undefined,
      summary: undefined,
      text: undefined,
      annotations: [],
    };
    apply(call, check);
    repository.checks.push(check);
    return { status: 201, body: body(call, repository, check) };
  },

  'checks/update': call => {
    const repository = repositoryOf(call);
    assertApp(call);
    const check = checkOf(call, repository);
    apply(call, check);
    return { status: 200, body: body(call, repository, check) };
  },

  'checks/get': call => {
    const repository = repositoryOf(call);
    const check = checkOf(call, repository);
    return { status: 200, body: body(call, repository, check) };
  },

  'checks/list-annotations': call => {
    const repository = repositoryOf(call);
    const check = checkOf(call, repository);
    const page = pageOf(call, check.annotations);
    return {
      status: 200,
      headers: page.headers,
      body: page.items.map(annotation =>
        checkAnnotation(call.world.urls, repository, check, annotation),
      ),
    };
  },

  'checks/list-for-ref': async call => {
    const repository = repositoryOf(call);
    const sha = await repository.git.resolve(call.params.ref);
    if (!sha) {
      throw new RestError(422, `No commit found for SHA: ${call.params.ref}`);
    }
    const name = call.query.get('check_name');
    const all = call.query.get('filter') === 'all';
    const checks = repository.checks.filter(
      check =>
        check.headSha === sha &&
        (name === null || check.name === name) &&
        (all || isNewest(repository.checks, check)),
    );
    const page = pageOf(call, [...checks].reverse());
    return {
      status: 200,
      headers: page.headers,
      body: {
        total_count: checks.length,
        check_runs: page.items.map(check => body(call, repository, check)),
      },
    };
  },
};
