import { ApiException } from '@kubernetes/client-node';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';

/** What was tried, for the message: "read", "Deployment shop/api". */
export interface Attempt {
  verb: string;
  what: string;
  connection: string;
}

const TLS_ERROR = /^(ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/**
 * What a failed call means. `Status` objects of the API server are read as its conventions describe them
 * (https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md);
 * their text is cut, headers and the rest of the answer are left out.
 */
export function toTargetError(error: unknown, attempt: Attempt): TargetError {
  if (error instanceof TargetError) {
    return error;
  }
  if (isApiException(error)) {
    return fromStatus(error, attempt);
  }
  const code = codeOf(error);
  if (code !== undefined && TLS_ERROR.test(code)) {
    return new TargetError(
      'credentials',
      `The certificate of the cluster "${attempt.connection}" is not trusted (${code}).`,
      {
        remedy:
          'Give its certificate authority as caFile or caData in deploy.targets.kubernetes.connections.',
      },
    );
  }
  if (error instanceof SyntaxError) {
    return new TargetError(
      'transient',
      `The answer of the cluster "${attempt.connection}" is not whole JSON.`,
    );
  }
  return new TargetError(
    'transient',
    `The cluster "${attempt.connection}" did not answer (${
      code ?? 'no connection'
    }).`,
    { remedy: 'Check that the portal reaches its API server.' },
  );
}

/** Whether a change was refused because the object has changed since it was read. */
export function isConflict(error: unknown): boolean {
  return isApiException(error) && error.code === 409;
}

export function isNotFound(error: unknown): boolean {
  return isApiException(error) && error.code === 404;
}

function isApiException(error: unknown): error is ApiException<unknown> {
  return (
    error instanceof Error &&
    typeof (error as { code?: unknown }).code === 'number' &&
    'headers' in error
  );
}

function codeOf(error: unknown): string | undefined {
  const own = (error as { code?: unknown })?.code;
  if (typeof own === 'string') {
    return own;
  }
  const name = (error as { name?: unknown })?.name;
  return name === 'TimeoutError' || name === 'AbortError' ? name : undefined;
}

function fromStatus(
  error: ApiException<unknown>,
  attempt: Attempt,
): TargetError {
  const { verb, what, connection } = attempt;
  const said = statusMessage(error.body);
  const because = said ? `: ${said}` : '';
  switch (error.code) {
    case 401:
      return new TargetError(
        'credentials',
        `The cluster "${connection}" does not accept the credentials (401).`,
        {
          remedy:
            'Renew the token of this connection in deploy.targets.kubernetes.connections.',
        },
      );
    case 403:
      return new TargetError(
        'denied',
        `The cluster "${connection}" does not allow to ${verb} ${what}${because}`,
        {
          remedy:
            'Bind the Role in docs/kubernetes/rbac.yaml to the service account of this connection.',
        },
      );
    case 404:
      return new TargetError('not-found', `${what} is not there${because}`, {
        remedy:
          'Check namespace, workload and name of the target in deploy.yaml.',
      });
    case 409:
      return new TargetError(
        'transient',
        `${what} is being changed by something else at the same time (409).`,
      );
    case 429:
      return new TargetError(
        'transient',
        `The cluster "${connection}" asks to be asked less often (429).`,
        { retryAfterMs: retryAfter(error.headers) },
      );
    default:
      return error.code >= 500
        ? new TargetError(
            'transient',
            `The cluster "${connection}" failed (${error.code})${because}`,
            { retryAfterMs: retryAfter(error.headers) },
          )
        : new TargetError(
            'invalid',
            `The cluster "${connection}" refused to ${verb} ${what} (${error.code})${because}`,
          );
  }
}

function statusMessage(body: unknown): string | undefined {
  let status = body;
  if (typeof body === 'string') {
    try {
      status = JSON.parse(body);
    } catch {
      return undefined;
    }
  }
  const message = (status as { message?: unknown } | undefined)?.message;
  return typeof message === 'string' ? oneLine(message, 300) : undefined;
}

function oneLine(text: string, max: number): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, max);
}

function retryAfter(headers: unknown): number | undefined {
  const value = Number((headers as Record<string, string>)?.['retry-after']);
  return Number.isFinite(value) && value >= 0
    ? Math.min(value, 300) * 1000
    : undefined;
}
