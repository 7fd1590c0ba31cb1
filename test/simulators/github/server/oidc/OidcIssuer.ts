import {
  exportJWK,
  generateKeyPair,
  SignJWT,
  type JWK,
  type CryptoKey,
} from 'jose';
import type { JsonObject } from '../json';
import type { Urls } from '../serialize';
import type { WorkflowJob } from '../state/model';
import { actionsClaims } from './claims';

interface SigningKey {
  id: string;
  privateKey: CryptoKey;
  publicJwk: JWK;
}

const ALGORITHM = 'RS256';
const LIFETIME_SECONDS = 300;

export interface TokenRequest {
  audience: string;
  /** Claims that a test wants different. */
  overrides?: JsonObject;
  /** Seconds from now; negative for a token that has expired. */
  expiresIn?: number;
}

/** Mints the ID tokens that GitHub gives to a workflow's jobs. */
export class OidcIssuer {
  readonly issuer: string;
  readonly #keys: SigningKey[];
  #count = 1;

  private constructor(issuer: string, key: SigningKey) {
    this.issuer = issuer;
    this.#keys = [key];
  }

  static async create(urls: Urls): Promise<OidcIssuer> {
    return new OidcIssuer(`${urls.web}/_oidc`, await newKey(1));
  }

  /** Signs with a new key from now on; old keys stay known unless forgotten. */
  async rotate(options: { forget: boolean }): Promise<void> {
    this.#count += 1;
    const key = await newKey(this.#count);
    if (options.forget) this.#keys.length = 0;
    this.#keys.unshift(key);
  }

  discovery(): JsonObject {
    return {
      issuer: this.issuer,
      jwks_uri: `${this.issuer}/.well-known/jwks`,
      subject_types_supported: ['public', 'pairwise'],
      response_types_supported: ['id_token'],
      claims_supported: [
        'sub',
        'aud',
        'exp',
        'iat',
        'iss',
        'jti',
        'nbf',
        'ref',
        'sha',
        'repository',
        'repository_id',
        'repository_owner',
        'repository_owner_id',
        'enterprise',
        'enterprise_id',
        'run_id',
        'run_number',
        'run_attempt',
        'actor',
        'actor_id',
        'workflow',
        'workflow_ref',
        'workflow_sha',
        'head_ref',
        'base_ref',
        'event_name',
        'ref_type',
        'ref_protected',
        'environment',
        'environment_node_id',
        'job_workflow_ref',
        'job_workflow_sha',
        'repository_visibility',
        'runner_environment',
        'issuer_scope',
        'check_run_id',
      ],
      id_token_signing_alg_values_supported: [ALGORITHM],
      scopes_supported: ['openid'],
    };
  }

  jwks(): { keys: JWK[] } {
    return { keys: this.#keys.map(key => key.publicJwk) };
  }

  async mint(job: WorkflowJob, request: TokenRequest): Promise<string> {
    const [key] = this.#keys;
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({
      ...actionsClaims(job),
      jti: `${job.id}-${now}`,
      iss: this.issuer,
      aud: request.audience,
      nbf: now - 600,
      iat: now,
      exp: now + (request.expiresIn ?? LIFETIME_SECONDS),
      ...request.overrides,
    })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid: key.id })
      .sign(key.privateKey);
  }
}

async function newKey(count: number): Promise<SigningKey> {
  const id = `simulated-${count}`;
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM, {
    extractable: true,
  });
  const publicJwk = {
    ...(await exportJWK(publicKey)),
    kid: id,
    use: 'sig',
    alg: ALGORITHM,
  };
  return { id, privateKey, publicJwk };
}
