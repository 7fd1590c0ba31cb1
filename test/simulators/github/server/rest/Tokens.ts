import { randomBytes } from 'node:crypto';

/** Who a token speaks for. */
export class Tokens {
  readonly #logins: Map<string, string>;
  /** Nobody named tokens: every token is the portal's. */
  readonly #acceptsAny: boolean;
  readonly #issued = new Set<string>();

  constructor(logins: Record<string, string>) {
    this.#logins = new Map(Object.entries(logins));
    this.#acceptsAny = this.#logins.size === 0;
  }

  loginOf(token: string): string | undefined {
    const login = this.#logins.get(token);
    return login ?? (this.#acceptsAny ? 'deploy-portal[bot]' : undefined);
  }

  /** A token that nobody can guess, as an installation gets it. */
  issue(login: string): string {
    const token = `ghs_${randomBytes(18).toString('hex')}`;
    this.#logins.set(token, login);
    this.#issued.add(token);
    return token;
  }

  /** Whether it is the token of an app's installation. */
  isInstallation(token: string): boolean {
    return this.#issued.has(token);
  }
}
