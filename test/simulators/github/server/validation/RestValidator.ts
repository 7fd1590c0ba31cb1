import { readFileSync } from 'node:fs';
import { OpenAPIBackend, type Operation } from 'openapi-backend';
import { fixturePath } from './fixtures';
import { addGithubFormats, describeErrors } from './formats';
import { mendDescription } from './mendDescription';
import type { ValidationLedger } from './ValidationLedger';

/** A REST call as GitHub's description sees it. */
export interface MatchedCall {
  operationId: string;
  /** Path parameters, decoded. */
  params: Record<string, string>;
  described: Set<string>;
}

export interface RawCall {
  method: string;
  /** Path below the API's root, with multi-segment parameters encoded. */
  path: string;
  query: string;
  headers: Record<string, string>;
  body: unknown;
}

/** Validates requests and responses against GitHub's OpenAPI description. */
export class RestValidator {
  readonly #ledger: ValidationLedger;
  readonly #backend: OpenAPIBackend;

  private constructor(ledger: ValidationLedger, backend: OpenAPIBackend) {
    this.#ledger = ledger;
    this.#backend = backend;
  }

  static async create(ledger: ValidationLedger): Promise<RestValidator> {
    const definition = mendDescription(
      JSON.parse(readFileSync(fixturePath('openapi.json'), 'utf8')),
    );
    const backend = new OpenAPIBackend({
      definition,
      quick: true,
      strict: false,
      coerceTypes: true,
      ajvOpts: { strict: false, allErrors: true },
      customizeAjv: ajv => addGithubFormats(ajv),
    });
    await backend.init();
    // It would put them together anew for each call.
    const operations = backend.router.getOperations();
    backend.router.getOperations = () => operations;
    return new RestValidator(ledger, backend);
  }

  /** The operation that a call is, if GitHub's description has it. */
  match(call: RawCall): MatchedCall | undefined {
    const operation = this.#operation(call);
    if (!operation?.operationId) return undefined;
    const parsed = this.#backend.router.parseRequest(request(call), operation);
    const params = Object.entries(parsed.params).map(([name, value]) => [
      name,
      safeDecode(String(value)),
    ]);
    return {
      operationId: operation.operationId,
      params: Object.fromEntries(params),
      described: new Set(Object.keys(operation.responses ?? {})),
    };
  }

  /** What is wrong with the request, in words; recorded. */
  checkRequest(call: RawCall, matched: MatchedCall): string[] {
    const result = this.#backend.validator.validateRequest(
      request(call),
      matched.operationId,
    );
    if (result.valid) return [];
    const errors = describeErrors(result.errors);
    this.#ledger.addViolation({
      kind: 'request',
      where: `${matched.operationId} ${call.method} ${call.path}`,
      errors,
    });
    return errors;
  }

  /** Whether the response is as described; counted or recorded. */
  checkResponse(matched: MatchedCall, status: number, body: unknown): boolean {
    this.#ledger.countRest(matched.operationId);
    // A matching ETag is HTTP's, not the description's.
    if (status === 304) return true;
    const errors = this.#responseErrors(matched, status, body);
    if (errors.length === 0) return true;
    this.#ledger.addViolation({
      kind: 'response',
      where: `${matched.operationId} ${status}`,
      errors,
    });
    return false;
  }

  #responseErrors(
    matched: MatchedCall,
    status: number,
    body: unknown,
  ): string[] {
    if (!matched.described.has(String(status))) {
      return isBasicError(status, body)
        ? []
        : [`the description has no response ${status}`];
    }
    if (body === undefined || Buffer.isBuffer(body)) return [];
    const result = this.#backend.validator.validateResponse(
      body,
      matched.operationId,
      status,
    );
    return result.errors ? describeErrors(result.errors) : [];
  }

  #operation(call: RawCall): Operation | undefined {
    try {
      return this.#backend.router.matchOperation(request(call));
    } catch {
      return undefined;
    }
  }
}

function request(call: RawCall) {
  return {
    method: call.method,
    path: call.path,
    query: call.query,
    headers: call.headers,
    body:
      call.body === undefined
        ? undefined
        : JSON.parse(JSON.stringify(call.body)),
  };
}

/** GitHub answers any operation with these, whether described there or not. */
function isBasicError(status: number, body: unknown): boolean {
  return (
    [401, 403, 404, 406, 422, 429].includes(status) &&
    typeof body === 'object' &&
    body !== null &&
    'message' in body
  );
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
