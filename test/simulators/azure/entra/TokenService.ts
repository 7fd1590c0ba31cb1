import { randomBytes, randomUUID } from 'node:crypto';

/** An app registration that may sign in. */
export interface EntraClient {
  tenantId: string;
  clientId: string;
  clientSecret: string;
}

/** An answer of Entra ID. */
export interface EntraResponse {
  status: number;
  body: Record<string, unknown>;
}

const LIFETIME_SECONDS = 3_600;

/** Gives tokens for client credentials, and knows those that it gave. */
export class TokenService {
  readonly #clients: readonly EntraClient[];
  readonly #tokens = new Map<string, number>();

  constructor(clients: readonly EntraClient[]) {
    this.#clients = clients;
  }

  /** Answers what MSAL asks of an authority; `undefined` for other addresses. */
  handle(
    request: { method: string; path: string; form: URLSearchParams },
    baseUrl: string,
    expired: boolean,
  ): EntraResponse | undefined {
    const match =
      /^\/([^/]+)\/(v2\.0\/\.well-known\/openid-configuration|oauth2\/v2\.0\/token)$/.exec(
        request.path,
      );
    if (!match) {
      return undefined;
    }
    const [, tenantId, endpoint] = match;
    if (endpoint.startsWith('v2.0')) {
      return { status: 200, body: openIdConfiguration(baseUrl, tenantId) };
    }
    return request.method === 'POST'
      ? this.#issue(tenantId, request.form, expired)
      : failure(
          405,
          'invalid_request',
          900561,
          'The endpoint only accepts POST requests.',
        );
  }

  /** Whether the value of an Authorization header is a token of this service. */
  accepts(authorization: string | undefined): boolean {
    const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
    const expiresAt = token === undefined ? undefined : this.#tokens.get(token);
    return expiresAt !== undefined && expiresAt > Date.now();
  }

  #issue(
    tenantId: string,
    form: URLSearchParams,
    expired: boolean,
  ): EntraResponse {
    if (form.get('grant_type') !== 'client_credentials') {
      return failure(
        400,
        'unsupported_grant_type',
        70003,
        'The app requested an unsupported grant type.',
      );
    }
    const inTenant = this.#clients.filter(
      client => client.tenantId === tenantId,
    );
    if (inTenant.length === 0) {
      return failure(
        400,
        'invalid_request',
        90002,
        `Tenant '${tenantId}' not found.`,
      );
    }
    const clientId = form.get('client_id') ?? '';
    const client = inTenant.find(candidate => candidate.clientId === clientId);
    if (!client) {
      return failure(
        400,
        'unauthorized_client',
        700016,
        `Application with identifier '${clientId}' was not found in the directory.`,
      );
    }
    if (expired) {
      return failure(
        401,
        'invalid_client',
        7000222,
        `The provided client secret keys for app '${clientId}' are expired.`,
      );
    }
    if (form.get('client_secret') !== client.clientSecret) {
      return failure(
        401,
        'invalid_client',
        7000215,
        `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
      );
    }
    if (!/\/\.default( |$)/.test(form.get('scope') ?? '')) {
      return failure(
        400,
        'invalid_scope',
        1002012,
        'The provided value for scope is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.',
      );
    }
    const token = randomBytes(32).toString('base64url');
    this.#tokens.set(token, Date.now() + LIFETIME_SECONDS * 1000);
    return {
      status: 200,
      body: {
        token_type: 'Bearer',
        expires_in: LIFETIME_SECONDS,
        ext_expires_in: LIFETIME_SECONDS,
        access_token: token,
      },
    };
  }
}

function failure(
  status: number,
  error: string,
  code: number,
  message: string,
): EntraResponse {
  const traceId = randomUUID();
  const timestamp = new Date().toISOString().replace('T', ' ').slice(0, 19);
  return {
    status,
    body: {
      error,
      error_description: `AADSTS${code}: ${message} Trace ID: ${traceId} Timestamp: ${timestamp}Z`,
      error_codes: [code],
      timestamp: `${timestamp}Z`,
      trace_id: traceId,
      correlation_id: randomUUID(),
    },
  };
}

function openIdConfiguration(
  baseUrl: string,
  tenantId: string,
): Record<string, unknown> {
  const base = `${baseUrl}/${tenantId}`;
  return {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    issuer: `${base}/v2.0`,
    token_endpoint_auth_methods_supported: ['client_secret_post'],
    response_types_supported: ['code'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid'],
  };
}
