import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import {
  CryptoKey,
  exportJWK,
  generateKeyPair,
  JWK,
  JWTPayload,
  SignJWT,
} from 'jose';

const KEYS = '/_oidc/jwks';

export const SHA = 'a'.repeat(40);

interface KeyPair {
  privateKey: CryptoKey;
  jwk: JWK;
}

interface SigningKey extends KeyPair {
  kid: string;
}

/** Pairs that no issuer has any more: to find the primes of one takes longer than a test. No two issuers have the same. */
const idle: KeyPair[] = [];

let count = 0;

/** An issuer of ID tokens on loopback, which can rotate its keys and fail. */
export class LoopbackIssuer {
  readonly #server: Server;
  #keys: SigningKey[] = [];
  /** All that it ever signed with. */
  readonly #had: KeyPair[] = [];
  /** Requests so far. */
  keyRequests = 0;
  discoveryRequests = 0;
  /** While true, every request is answered with 503. */
  down = false;
  /** Takes the place of parts of the discovery document. */
  discovery: Record<string, unknown> = {};
  /** Takes the place of the published keys. */
  published?: unknown;
  /** Where it leads on whoever asks for its keys. */
  keysAt?: string;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<LoopbackIssuer> {
    const server = createServer();
    const issuer = new LoopbackIssuer(server);
    server.on('request', (request, response) => {
      const path = request.url ?? '';
      const answer = issuer.#answer(path);
      if (issuer.keysAt && path === KEYS) {
        response.writeHead(302, { location: issuer.keysAt }).end();
        return;
      }
      response.writeHead(answer ? 200 : 503, {
        'content-type': 'application/json',
      });
      response.end(JSON.stringify(answer ?? {}));
    });
    await new Promise<void>(resolve =>
      server.listen(0, '127.0.0.1', () => resolve()),
    );
    await issuer.rotate();
    return issuer;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/_oidc`;
  }

  get host(): string {
    return new URL(this.url).host;
  }

  /** Id of the key that it signs with. */
  get kid(): string {
    return this.#keys[0].kid;
  }

  /** Signs with a new key from now on, and publishes no other. */
  async rotate(): Promise<void> {
    const pair = idle.pop() ?? (await newPair());
    this.#had.push(pair);
    count += 1;
    const kid = `key-${count}`;
    this.#keys = [{ ...pair, kid, jwk: { ...pair.jwk, kid } }];
  }

  /** A token as GitHub gives it to a job, unless told otherwise; undefined leaves a claim out. */
  async token(
    overrides: JWTPayload = {},
    options: { key?: CryptoKey; kid?: string } = {},
  ): Promise<string> {
    const [key] = this.#keys;
    return new SignJWT(this.claims(overrides))
      .setProtectedHeader({ alg: 'RS256', kid: options.kid ?? key.kid })
      .sign(options.key ?? key.privateKey);
  }

  claims(overrides: JWTPayload = {}): JWTPayload {
    const now = Math.floor(Date.now() / 1000);
    return JSON.parse(
      JSON.stringify({
        iss: this.url,
        aud: 'deploy',
        iat: now,
        nbf: now,
        exp: now + 300,
        repository: 'Example-Org/vvp',
        ref: 'refs/heads/main',
        sha: SHA,
        event_name: 'push',
        job_workflow_ref:
          'Example-Org/vvp/.github/workflows/deploy.yml@refs/heads/main',
        run_id: '7',
        run_attempt: '2',
        actor: 'dana',
        head_ref: '',
        ...overrides,
      }),
    );
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
    idle.push(...this.#had.splice(0));
  }

  #answer(path: string): unknown {
    if (path === KEYS) {
      this.keyRequests += 1;
    } else {
      this.discoveryRequests += 1;
    }
    if (this.down) {
      return undefined;
    }
    return path === KEYS
      ? this.published ?? { keys: this.#keys.map(key => key.jwk) }
      : {
          issuer: this.url,
          jwks_uri: `${this.url}/jwks`,
          ...this.discovery,
        };
  }
}

async function newPair(): Promise<KeyPair> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), use: 'sig', alg: 'RS256' };
  return { privateKey, jwk };
}
