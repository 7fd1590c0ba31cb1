import { LoggerService } from '@backstage/backend-plugin-api';
import { ServiceUnavailableError } from '@backstage/errors';
import { createLocalJWKSet, JSONWebKeySet } from 'jose';

const MINUTE_MS = 60_000;
/** Keys this old are read again before they are used. */
const FRESH_MS = 10 * MINUTE_MS;
/** Keys this old are used if the issuer cannot be reached. */
const USABLE_MS = 24 * 60 * MINUTE_MS;
/** How long to leave the issuer alone after it failed, or was asked for a key that was not known. */
const PAUSE_MS = MINUTE_MS / 2;
/** The same after it failed while there are no keys at all. */
const PAUSE_WITHOUT_KEYS_MS = 5_000;

type KeySet = ReturnType<typeof createLocalJWKSet>;

/**
 * The public keys of one issuer, read when needed: a key that is not known is looked for at most
 * every 30 seconds, and an outage of up to a day is survived with the keys that were read last.
 */
export class IssuerKeys {
  readonly #issuer: string;
  readonly #discover: (issuer: string) => Promise<JSONWebKeySet>;
  readonly #logger: LoggerService;
  readonly #now: () => number;
  #read?: { at: number; kids: Set<string | undefined>; keySet: KeySet };
  #failedAt?: number;
  #searchedAt?: number;
  #pending?: Promise<void>;

  constructor(options: {
    issuer: string;
    discover: (issuer: string) => Promise<JSONWebKeySet>;
    logger: LoggerService;
    /** Milliseconds since 1970. */
    now: () => number;
  }) {
    this.#issuer = options.issuer;
    this.#discover = options.discover;
    this.#logger = options.logger;
    this.#now = options.now;
  }

  /**
   * Keys to check a token with, read anew if they are old or lack its key. Throws a
   * ServiceUnavailableError if the issuer's keys cannot be known now.
   *
   * @param kid - id of the key that the token names
   */
  async keysFor(kid: string | undefined): Promise<KeySet> {
    if (this.#isToBeRead(kid)) {
      this.#pending ??= this.#ask().finally(() => {
        this.#pending = undefined;
      });
    }
    // Whoever comes while the issuer is being asked waits for that answer.
    await this.#pending;
    const read = this.#read;
    const usable = read && this.#now() - read.at <= USABLE_MS;
    // During an outage nobody can tell a new key from a false one.
    const unclear = this.#failedAt !== undefined && !read?.kids.has(kid);
    if (!usable || unclear) {
      throw new ServiceUnavailableError(
        `The keys of the issuer ${
          this.#issuer
        } cannot be read now, so its tokens cannot be checked. Post the report again in a minute; the backend needs to reach that address.`,
      );
    }
    return read.keySet;
  }

  #isToBeRead(kid: string | undefined): boolean {
    const now = this.#now();
    const pause = this.#read ? PAUSE_MS : PAUSE_WITHOUT_KEYS_MS;
    if (this.#failedAt !== undefined && now - this.#failedAt < pause) {
      return false;
    }
    if (!this.#read || now - this.#read.at >= FRESH_MS) {
      return true;
    }
    if (
      this.#read.kids.has(kid) ||
      (this.#searchedAt !== undefined && now - this.#searchedAt < PAUSE_MS)
    ) {
      return false;
    }
    this.#searchedAt = now;
    return true;
  }

  async #ask(): Promise<void> {
    const at = this.#now();
    try {
      const keys = await this.#discover(this.#issuer);
      this.#read = {
        at,
        kids: new Set(keys.keys.map(key => key.kid)),
        keySet: createLocalJWKSet(keys),
      };
      this.#failedAt = undefined;
    } catch (error) {
      this.#failedAt = this.#now();
      this.#logger.warn('Keys of an OIDC issuer could not be read', {
        issuer: this.#issuer,
        cause: error instanceof Error ? error.message : String(error),
      });
    }
  }
}
