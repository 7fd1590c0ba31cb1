/** An answer with a `Status` object, worded as the API server words it. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details?: Record<string, unknown>;

  constructor(
    code: number,
    reason: string,
    message: string,
    details?: Record<string, unknown>,
  ) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  toStatus(): Record<string, unknown> {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      ...(this.reason && { reason: this.reason }),
      ...(this.details && { details: this.details }),
      code: this.code,
    };
  }
}

function qualified(resource: string, group: string): string {
  return group ? `${resource}.${group}` : resource;
}

export function notFound(resource: string, group: string, name: string) {
  return new ApiError(
    404,
    'NotFound',
    `${qualified(resource, group)} "${name}" not found`,
    { name, ...(group && { group }), kind: resource },
  );
}

export function alreadyExists(resource: string, group: string, name: string) {
  return new ApiError(
    409,
    'AlreadyExists',
    `${qualified(resource, group)} "${name}" already exists`,
    { name, ...(group && { group }), kind: resource },
  );
}

export function conflict(resource: string, group: string, name: string) {
  return new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(
      resource,
      group,
    )} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
    { name, ...(group && { group }), kind: resource },
  );
}

export function unauthorized() {
  return new ApiError(401, 'Unauthorized', 'Unauthorized');
}

export function forbidden(request: {
  user: string;
  verb: string;
  resource: string;
  group: string;
  name?: string;
  namespace: string;
}) {
  const { user, verb, resource, group, name, namespace } = request;
  const named = name ? ` "${name}"` : '';
  return new ApiError(
    403,
    'Forbidden',
    `${qualified(
      resource,
      group,
    )}${named} is forbidden: User "${user}" cannot ${verb} resource "${resource}" in API group "${group}" in the namespace "${namespace}"`,
    { ...(name && { name }), ...(group && { group }), kind: resource },
  );
}

export function badRequest(message: string) {
  return new ApiError(400, 'BadRequest', message);
}

export function invalid(
  kind: string,
  group: string,
  name: string,
  causes: { reason: string; field: string; message: string }[],
) {
  const texts = causes.map(({ field, message }) => `${field}: ${message}`);
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  return new ApiError(
    422,
    'Invalid',
    `${kind}${group ? `.${group}` : ''} "${name}" is invalid: ${list}`,
    { name, group, kind, causes },
  );
}
