import { createHash, timingSafeEqual } from 'node:crypto';
import { Config } from '@backstage/config';

const KEY = 'deploy.deploymentTests.keys';

/** The API keys of one endpoint. Kept as digests, and good for nothing else. */
export class ApiKeys {
  readonly #keys: readonly { name: string; digest: Buffer }[];

  private constructor(keys: readonly { name: string; digest: Buffer }[]) {
    this.#keys = keys;
  }

  /** Reads `deploy.deploymentTests.keys`. Throws an error that names the entry, never a key. */
  static fromConfig(config: Config): ApiKeys {
    const keys = (config.getOptionalConfigArray(KEY) ?? []).map(entry => ({
      name: entry.getString('name'),
      digest: digestOf(entry.getString('key')),
    }));
    for (const [index, { name, digest }] of keys.entries()) {
      const before = keys.slice(0, index);
      if (before.some(other => other.name === name)) {
        throw new Error(
          `${KEY}[${index}]: the name ${name} is there twice. Give each key a name of its own.`,
        );
      }
      if (before.some(other => other.digest.equals(digest))) {
        throw new Error(
          `${KEY}[${index}]: ${name} has the key of another entry. Give each sender a key of its own.`,
        );
      }
    }
    return new ApiKeys(keys);
  }

  /** Whose key it is; undefined if nobody's. Takes as long for a wrong key as for a right one. */
  nameOf(key: string | undefined): string | undefined {
    const digest = digestOf(key ?? '');
    let found: string | undefined;
    for (const known of this.#keys) {
      if (timingSafeEqual(known.digest, digest)) {
        found = known.name;
      }
    }
    return key ? found : undefined;
  }
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
