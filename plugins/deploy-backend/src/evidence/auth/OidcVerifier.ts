import { LoggerService } from '@backstage/backend-plugin-api';
import { AuthenticationError } from '@backstage/errors';
import {
  decodeJwt,
  decodeProtectedHeader,
  JSONWebKeySet,
  JWTPayload,
  jwtVerify,
} from 'jose';
import { discoverKeys } from './discoverKeys';
import { IssuerKeys } from './IssuerKeys';
import { OidcIssuer } from './oidcConfig';
import { whyUntrusted } from './whyUntrusted';

/** Asymmetric ones alone: whoever can check a token must not be able to make one. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
];
const CLOCK_TOLERANCE_SECONDS = 60;

/** A token that stood the check, and who vouches for it. */
export interface VerifiedToken {
  issuer: OidcIssuer;
  claims: JWTPayload;
}

/** Checks who issued an ID token, for whom, and whether it is still good. Not what it permits. */
export class OidcVerifier {
  readonly #issuers: Map<string, { trusted: OidcIssuer; keys: IssuerKeys }>;
  readonly #now: () => number;

  constructor(options: {
    issuers: readonly OidcIssuer[];
    logger: LoggerService;
    /** Milliseconds since 1970; default the clock. */
    now?: () => number;
    /** Default: by HTTP, from the issuer's discovery document. */
    discover?: (issuer: string) => Promise<JSONWebKeySet>;
  }) {
    const { logger, now = Date.now, discover = discoverKeys } = options;
    this.#now = now;
    this.#issuers = new Map(
      options.issuers.map(trusted => [
        trusted.issuer,
        {
          trusted,
          keys: new IssuerKeys({
            issuer: trusted.issuer,
            discover,
            logger,
            now,
          }),
        },
      ]),
    );
  }

  /** The issuers that are trusted. */
  get issuers(): string[] {
    return [...this.#issuers.keys()];
  }

  /** Whether a token says that it comes from an issuer that is trusted. Not whether that is true. */
  knows(claims: JWTPayload): boolean {
    return typeof claims.iss === 'string' && this.#issuers.has(claims.iss);
  }

  /**
   * Throws an AuthenticationError that names the claim, or a ServiceUnavailableError while the
   * issuer's keys cannot be had.
   */
  async verify(token: string): Promise<VerifiedToken> {
    const from = this.#issuers.get(unverifiedClaims(token)?.iss ?? '');
    if (!from) {
      throw new AuthenticationError(
        'The OIDC token is of an issuer that is not trusted (iss). Add the issuer to deploy.evidence.oidc in app-config.',
      );
    }
    const { trusted, keys } = from;
    const keySet = await keys.keysFor(keyIdOf(token));
    try {
      const { payload } = await jwtVerify(token, keySet, {
        issuer: trusted.issuer,
        audience: trusted.audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(this.#now()),
        requiredClaims: ['exp', 'iat'],
      });
      return { issuer: trusted, claims: payload };
    } catch (error) {
      throw whyUntrusted(error, trusted);
    }
  }
}

/** What a token says of itself; undefined if it is no JWT. */
export function unverifiedClaims(token: string): JWTPayload | undefined {
  try {
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}

function keyIdOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).kid;
  } catch {
    return undefined;
  }
}
