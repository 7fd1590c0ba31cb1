import { randomUUID } from 'node:crypto';
import { JsonObject, JsonValue } from '@backstage/types';
import { MatchedCall } from '../model/VendorModel';
import { ArmError, ArmRequest, ArmResponse } from './types';

/** How an operation came out. */
export interface OperationResult {
  status: 'Succeeded' | 'Failed' | 'Canceled';
  error?: { code: string; message: string };
  /** What the address in `Location` answers in the end. */
  body?: JsonValue;
}

interface StartedOperation {
  id: string;
  /** What started it, which also describes its result. */
  call?: MatchedCall;
  namespace: string;
  subscriptionId: string;
  startedAt: number;
  /** `undefined` as long as it runs. */
  result(): OperationResult | undefined;
  retryAfterSeconds: number;
}

/** Where a provider keeps its operations; the names differ from one to the other. */
export interface OperationPaths {
  namespace: string;
  location: string;
  /** Segment for `Azure-AsyncOperation`, such as `containerappOperationStatuses`. */
  statuses: string;
  /** Segment for `Location`; the same as `statuses` is told apart by `monitor=true`. */
  results: string;
}

/**
 * Operations that go on after the answer 202, asked about by `Azure-AsyncOperation` and `Location`.
 */
export class AsyncOperations {
  readonly #operations = new Map<string, StartedOperation>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Begins one; the answer is 202 with the addresses.
   *
   * @param result - asked each time; answers once the operation is over
   */
  start(
    request: ArmRequest,
    paths: OperationPaths,
    result: () => OperationResult | undefined,
    options: { retryAfterSeconds?: number } = {},
  ): ArmResponse {
    const id = randomUUID();
    const retryAfterSeconds = options.retryAfterSeconds ?? 0;
    this.#operations.set(id, {
      id,
      call: request.call,
      namespace: paths.namespace.toLowerCase(),
      subscriptionId: request.subscriptionId,
      startedAt: this.#now(),
      result,
      retryAfterSeconds,
    });
    const base = `${request.baseUrl}/subscriptions/${request.subscriptionId}/providers/${paths.namespace}/locations/${paths.location}`;
    const version = `api-version=${request.apiVersion}`;
    const monitor = paths.results === paths.statuses ? '&monitor=true' : '';
    return {
      status: 202,
      headers: {
        'Azure-AsyncOperation': `${base}/${paths.statuses}/${id}?${version}`,
        Location: `${base}/${paths.results}/${id}?${version}${monitor}`,
        'Retry-After': String(retryAfterSeconds),
      },
    };
  }

  /** Whether the address is one of an operation: `locations/<location>/<segment>/<id>`. */
  owns(request: ArmRequest): boolean {
    return (
      request.path.length === 4 &&
      request.path[0].toLowerCase() === 'locations' &&
      /operation/i.test(request.path[2])
    );
  }

  /** What describes the answer: the call that started the operation if the address is that of its result. */
  callOf(request: ArmRequest): MatchedCall | undefined {
    return wantsResult(request)
      ? this.#operations.get(request.path[3])?.call
      : undefined;
  }

  /** Answers for {@link AsyncOperations.owns}. */
  handle(request: ArmRequest, namespace: string): ArmResponse {
    const operation = this.#operations.get(request.path[3]);
    if (
      request.method !== 'GET' ||
      !operation ||
      operation.namespace !== namespace.toLowerCase() ||
      operation.subscriptionId !== request.subscriptionId
    ) {
      throw new ArmError(
        404,
        'NotFound',
        'The operation does not exist, or is long over.',
      );
    }
    const result = operation.result();
    const headers = { 'Retry-After': String(operation.retryAfterSeconds) };
    if (!wantsResult(request)) {
      return { status: 200, headers, body: this.#status(operation, result) };
    }
    if (!result) {
      return { status: 202, headers };
    }
    if (result.error) {
      throw new ArmError(400, result.error.code, result.error.message);
    }
    return { status: 200, body: result.body };
  }

  #status(
    operation: StartedOperation,
    result: OperationResult | undefined,
  ): JsonObject {
    return {
      name: operation.id,
      status: result?.status ?? 'InProgress',
      startTime: new Date(operation.startedAt).toISOString(),
      ...(result && { endTime: new Date(this.#now()).toISOString() }),
      ...(result?.error && { error: { ...result.error } }),
    };
  }
}

function wantsResult(request: ArmRequest): boolean {
  return (
    request.query.get('monitor') === 'true' || /results$/i.test(request.path[2])
  );
}
