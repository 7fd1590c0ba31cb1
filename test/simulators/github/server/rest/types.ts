import type { JsonObject } from '../json';
import type { Account, Repository } from '../state/model';
import type { World } from '../state/World';

/** A REST call that GitHub's description knows. */
export interface RestCall {
  world: World;
  params: Record<string, string>;
  query: URLSearchParams;
  body: JsonObject;
  /** Who asks; `undefined` for a public read without a token. */
  actor: Account | undefined;
  /** Whether somebody asks, be it the app by its own token. */
  isTrusted: boolean;
  /** Whether an installation of the app asks: with a token of a person or machine, some things cannot be done. */
  isInstallation: boolean;
  accept: string;
  /** The address as asked, for links to other pages. */
  url: URL;
}

export interface RestReply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** The connection ends without an answer. */
  cut?: boolean;
  delayMilliseconds?: number;
}

export type Handler = (call: RestCall) => Promise<RestReply> | RestReply;
export type Handlers = Record<string, Handler>;

/** Ends a call with an error in GitHub's form. */
export class RestError extends Error {
  readonly status: number;
  /** What is wrong with which field. */
  readonly errors: JsonObject[] | undefined;

  constructor(status: number, message: string, errors?: JsonObject[]) {
    super(message);
    this.name = 'RestError';
    this.status = status;
    this.errors = errors;
  }
}

export function notFound(): RestError {
  return new RestError(404, 'Not Found');
}

/** The repository that a call names; of a private one nobody learns without a token. */
export function repositoryOf(call: RestCall): Repository {
  const repository = call.world.repository(call.params.owner, call.params.repo);
  if (!repository || (repository.private && !call.isTrusted)) throw notFound();
  return repository;
}

/** Who writes; a token is needed. */
export function actorOf(call: RestCall): Account {
  if (!call.actor) throw new RestError(401, 'Requires authentication');
  return call.actor;
}
