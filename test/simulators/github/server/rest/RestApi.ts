import { createHash } from 'node:crypto';
import { isObject, type JsonObject } from '../json';
import type { World } from '../state/World';
import type {
  MatchedCall,
  RawCall,
  RestValidator,
} from '../validation/RestValidator';
import type { ValidationLedger } from '../validation/ValidationLedger';
import { appHandlers } from './apps';
import { branchProtectionHandlers } from './branchProtection';
import { checkHandlers } from './checks';
import { commentHandlers } from './comments';
import { commitHandlers } from './commits';
import { contentHandlers } from './contents';
import { deploymentHandlers } from './deployments';
import { environmentHandlers } from './environments';
import { gitDataHandlers } from './gitData';
import { answerGraphql } from './graphql';
import { jobHandlers } from './jobs';
import { encodeSegments } from './paths';
import { protectionHandlers } from './protection';
import { pullHandlers } from './pulls';
import { repositoryHandlers } from './repositories';
import { type RestFault, RestFaults } from './RestFaults';
import { runHandlers } from './runs';
import { statusHandlers } from './statuses';
import type { Tokens } from './Tokens';
import { RestError, type Handlers, type RestReply } from './types';
import { workflowHandlers } from './workflows';

export interface RestRequest {
  method: string;
  /** Below the API's root. */
  path: string;
  url: URL;
  headers: Record<string, string>;
  body: Buffer;
}

const DOCUMENTATION = 'https://docs.github.com/rest';

/** GitHub's REST API: authenticates, validates, answers, validates again. */
export class RestApi {
  readonly #world: World;
  readonly #tokens: Tokens;
  readonly #validator: RestValidator;
  readonly #ledger: ValidationLedger;
  readonly #handlers: Handlers;
  /** A body that a test wants instead of the right one, by operation. */
  readonly #overrides = new Map<string, unknown>();
  readonly faults = new RestFaults();

  constructor(options: {
    world: World;
    tokens: Tokens;
    validator: RestValidator;
    ledger: ValidationLedger;
  }) {
    this.#world = options.world;
    this.#tokens = options.tokens;
    this.#validator = options.validator;
    this.#ledger = options.ledger;
    this.#handlers = {
      ...appHandlers(options.tokens),
      ...branchProtectionHandlers,
      ...checkHandlers,
      ...commentHandlers,
      ...commitHandlers,
      ...contentHandlers,
      ...deploymentHandlers,
      ...environmentHandlers,
      ...gitDataHandlers,
      ...jobHandlers,
      ...protectionHandlers,
      ...pullHandlers,
      ...repositoryHandlers,
      ...runHandlers,
      ...statusHandlers,
      ...workflowHandlers,
    };
  }

  override(operationId: string, body: unknown): void {
    if (body === undefined) this.#overrides.delete(operationId);
    else this.#overrides.set(operationId, body);
  }

  graphql(request: {
    authorization: string | undefined;
    body: Buffer;
  }): Promise<RestReply> {
    return answerGraphql({ world: this.#world, tokens: this.#tokens }, request);
  }

  async handle(request: RestRequest): Promise<RestReply> {
    if (request.method === 'HEAD') {
      // As GET, whose body Node then keeps to itself
      return await this.handle({ ...request, method: 'GET' });
    }
    const raw: RawCall = {
      method: request.method,
      path: encodeSegments(request.path),
      query: request.url.search.slice(1),
      headers: request.headers,
      body: parseBody(request.body),
    };
    const matched = this.#validator.match(raw);
    if (!matched) {
      this.#ledger.addUnvalidated(`${request.method} ${request.path}`);
      return error(404, 'Not Found');
    }
    const fault = this.faults.next(matched.operationId, request.method);
    if (fault && !fault.carriedOut) return faultReply(fault);
    const reply = await this.#answer(request, raw, matched);
    if (fault) return faultReply(fault);
    if (!this.#validator.checkResponse(matched, reply.status, reply.body)) {
      return error(500, 'The simulator answered not as GitHub describes');
    }
    return withEntityTag(request, reply);
  }

  async #answer(
    request: RestRequest,
    raw: RawCall,
    matched: MatchedCall,
  ): Promise<RestReply> {
    try {
      const actor = this.#authenticate(request, matched);
      const problems = this.#validator.checkRequest(raw, matched);
      if (problems.length > 0) {
        return error(422, `Invalid request. ${problems.join('; ')}`);
      }
      const handler = this.#handlers[matched.operationId];
      if (!handler) throw new Error(`No handler for ${matched.operationId}`);
      const reply = await handler({
        world: this.#world,
        params: matched.params,
        query: request.url.searchParams,
        body: isObject(raw.body) ? raw.body : {},
        actor: actor && this.#world.account(actor.login),
        isTrusted: request.headers.authorization !== undefined,
        isInstallation: actor?.isInstallation ?? false,
        accept: request.headers.accept ?? '',
        url: request.url,
      });
      const override = this.#overrides.get(matched.operationId);
      return override === undefined ? reply : { ...reply, body: override };
    } catch (cause) {
      if (cause instanceof RestError) {
        return error(cause.status, cause.message, cause.errors);
      }
      throw cause;
    }
  }

  /** Who asks; a public read needs nobody, a wrong token is refused. */
  #authenticate(
    request: RestRequest,
    matched: MatchedCall,
  ): { login: string; isInstallation: boolean } | undefined {
    const header = request.headers.authorization;
    const isApp =
      /^\/app(\/|$)/.test(request.path) ||
      matched.operationId === 'apps/get-repo-installation';
    if (!header) {
      if (
        request.method === 'GET' &&
        request.path.startsWith('/repos/') &&
        !isApp
      ) {
        return undefined;
      }
      if (matched.operationId === 'rate-limit/get') return undefined;
      throw new RestError(401, 'Requires authentication');
    }
    const token = header.replace(/^(bearer|token)\s+/i, '');
    if (isApp) {
      if (isTokenOfApp(token, this.#world.app.id)) return undefined;
      throw new RestError(401, 'A JSON web token could not be decoded');
    }
    const login = this.#tokens.loginOf(token);
    if (login === undefined) throw new RestError(401, 'Bad credentials');
    return { login, isInstallation: this.#tokens.isInstallation(token) };
  }
}

/** An app proves itself by a token whose issuer is the app's id. */
function isTokenOfApp(token: string, appId: number): boolean {
  try {
    const [, payload] = token.split('.');
    const claims: JsonObject = JSON.parse(
      Buffer.from(payload, 'base64url').toString(),
    );
    return String(claims.iss) === String(appId);
  } catch {
    return false;
  }
}

function parseBody(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch {
    return body.toString();
  }
}

function faultReply(fault: RestFault): RestReply {
  const { status, message = 'Server Error', headers } = fault;
  const { cut, delayMilliseconds } = fault;
  return { ...error(status, message), headers, cut, delayMilliseconds };
}

function error(
  status: number,
  message: string,
  errors?: JsonObject[],
): RestReply {
  return {
    status,
    body: {
      message,
      ...(errors && { errors }),
      documentation_url: DOCUMENTATION,
      status: String(status),
    },
  };
}

/** `ETag`, and 304 for who has it already. */
function withEntityTag(request: RestRequest, reply: RestReply): RestReply {
  if (request.method !== 'GET' || reply.status !== 200) return reply;
  const content = Buffer.isBuffer(reply.body)
    ? reply.body
    : Buffer.from(JSON.stringify(reply.body ?? null));
  const tag = `W/"${createHash('sha256').update(content).digest('hex')}"`;
  const headers = { ...reply.headers, etag: tag };
  const known = (request.headers['if-none-match'] ?? '')
    .split(',')
    .map(one => one.trim().replace(/^W\//, ''));
  if (known.includes(tag.replace(/^W\//, ''))) {
    return { status: 304, headers };
  }
  return { ...reply, headers };
}
