import { randomUUID } from 'node:crypto';
import { RegistryError, RegistryFaults, RegistryResponse } from './types';

const LIFETIME_SECONDS = 3 * 3_600;

/**
 * The registry's own tokens: one of Entra ID is exchanged for a refresh token, that for an access token
 * with one scope.
 */
export class RegistryTokens {
  readonly #loginServer: string;
  readonly #acceptsEntra: (authorization: string) => boolean;
  readonly #refreshTokens = new Set<string>();
  readonly #scopes = new Map<string, string>();

  /** @param acceptsEntra - whether an Authorization header holds a token of Entra ID */
  constructor(
    loginServer: string,
    acceptsEntra: (authorization: string) => boolean,
  ) {
    this.#loginServer = loginServer;
    this.#acceptsEntra = acceptsEntra;
  }

  /** `POST /oauth2/exchange` */
  exchange(form: URLSearchParams, faults: RegistryFaults): RegistryResponse {
    this.#checkService(form);
    if (form.get('grant_type') !== 'access_token') {
      throw new RegistryError(
        400,
        'UNSUPPORTED',
        'The grant type is not supported.',
      );
    }
    const isKnown = this.#acceptsEntra(`Bearer ${form.get('access_token')}`);
    if (!isKnown || faults.denied === 'exchange') {
      throw unauthorized();
    }
    const token = this.#issue('refresh_token');
    this.#refreshTokens.add(token);
    return { status: 200, body: { refresh_token: token } };
  }

  /** `POST /oauth2/token` */
  token(form: URLSearchParams, faults: RegistryFaults): RegistryResponse {
    this.#checkService(form);
    const isKnown = this.#refreshTokens.has(form.get('refresh_token') ?? '');
    if (!isKnown || faults.denied === 'token') {
      throw unauthorized();
    }
    const token = this.#issue('access_token');
    this.#scopes.set(token, form.get('scope') ?? '');
    return { status: 200, body: { access_token: token } };
  }

  /** Asks for a token with the scope, as long as the request has none. */
  require(
    scope: string,
    authorization: string | undefined,
    faults: RegistryFaults,
  ): void {
    const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? '';
    if (this.#scopes.get(token) !== scope) {
      throw unauthorized(this.#challenge(scope));
    }
    if (faults.denied === 'access') {
      throw unauthorized(
        `${this.#challenge(scope)},error="insufficient_scope"`,
      );
    }
  }

  #challenge(scope: string): string {
    return `Bearer realm="https://${this.#loginServer}/oauth2/token",service="${
      this.#loginServer
    }",scope="${scope}"`;
  }

  #checkService(form: URLSearchParams): void {
    if (form.get('service') !== this.#loginServer) {
      throw new RegistryError(
        404,
        'NOT_FOUND',
        'The service is not this registry.',
      );
    }
  }

  /** In the form of a JWT; whoever has it can read when it ends, and nobody checks its signature. */
  #issue(grantType: string): string {
    const now = Math.floor(Date.now() / 1000);
    return [
      { typ: 'JWT', alg: 'none' },
      {
        jti: randomUUID(),
        iat: now,
        exp: now + LIFETIME_SECONDS,
        iss: 'Azure Container Registry',
        aud: this.#loginServer,
        grant_type: grantType,
      },
      'no-signature',
    ]
      .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
  }
}

function unauthorized(challenge?: string): RegistryError {
  return new RegistryError(401, 'UNAUTHORIZED', 'authentication required', {
    ...(challenge !== undefined && {
      headers: { 'WWW-Authenticate': challenge },
    }),
  });
}
