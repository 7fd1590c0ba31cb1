import { setTimeout as delay } from 'node:timers/promises';
import {
  PipelinePolicy,
  PipelineRequest,
  PipelineResponse,
  RestError,
} from '@azure/core-rest-pipeline';
import { retryAfterMs } from './retryAfter';

const REQUEST_TIMEOUT_MS = 60_000;
const READ_ATTEMPTS = 3;
const FIRST_DELAY_MS = 250;
/** Whoever waits for an answer is not kept longer; the engine tries again later. */
const LONGEST_DELAY_MS = 5_000;

/** Statuses that say that the same request may go well later. */
const transientStatuses: readonly number[] = [408, 429, 500, 502, 503, 504];

/**
 * How long to wait before a request is sent again; `undefined`: not at all. Changes are never sent again
 * here: the engine does that, where it is seen.
 *
 * @param attempt - that just failed, counted from 1
 * @param status - of the answer; absent if none came
 */
export function delayBeforeRetry(failed: {
  method: string;
  attempt: number;
  status?: number;
  retryAfterMs?: number;
}): number | undefined {
  const mayHelp =
    failed.status === undefined || transientStatuses.includes(failed.status);
  if (failed.method !== 'GET' || !mayHelp || failed.attempt >= READ_ATTEMPTS) {
    return undefined;
  }
  const wait = failed.retryAfterMs ?? FIRST_DELAY_MS * 2 ** failed.attempt;
  return wait <= LONGEST_DELAY_MS ? wait : undefined;
}

/** Limits the time of every request, and sends those that only read again after passing failures. */
export const requestPolicy: PipelinePolicy = {
  name: 'deployRequestPolicy',
  async sendRequest(request, next) {
    request.timeout ||= REQUEST_TIMEOUT_MS;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await next(request).catch(asFailure);
      const wait = delayBeforeRetry({
        method: request.method,
        attempt,
        ...(answer instanceof RestError
          ? {}
          : {
              status: answer.status,
              retryAfterMs: retryAfterMs(name => answer.headers.get(name)),
            }),
      });
      if (wait === undefined || request.abortSignal?.aborted) {
        return unwrap(answer);
      }
      await delay(wait, undefined, { signal: realSignal(request) });
    }
  },
};

/** Whatever is not a failure of the connection is thrown on at once. */
function asFailure(cause: unknown): RestError {
  if (cause instanceof RestError && cause.statusCode === undefined) {
    return cause;
  }
  throw cause;
}

function unwrap(answer: PipelineResponse | RestError): PipelineResponse {
  if (answer instanceof RestError) {
    throw answer;
  }
  return answer;
}

function realSignal(request: PipelineRequest): AbortSignal | undefined {
  return request.abortSignal instanceof AbortSignal
    ? request.abortSignal
    : undefined;
}
