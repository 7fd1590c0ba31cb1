import { createHash } from 'node:crypto';

/**
 * Ids by counter, so that the same story gives the same ids. One counter for
 * everything: no two things of a simulation share a number by chance.
 */
export class Ids {
  #next: number;

  constructor(first: number = 9_100_000_001) {
    this.#next = first;
  }

  next(): number {
    const id = this.#next;
    // An odd step: ids of one kind do not look consecutive to a careless reader.
    this.#next += 7;
    return id;
  }

  /** Ids set aside, so that what is left of a story has the same ids whatever else happens. */
  reserve(count: number): Ids {
    const reserved = new Ids(this.#next);
    this.skip(count);
    return reserved;
  }

  /** Moves on, so that what happens after a restart never reuses an id. */
  skip(count: number): void {
    this.#next += 7 * Math.max(0, Math.floor(count));
  }

  /** A UUID that depends on nothing but the counter. */
  uuid(): string {
    const hex = createHash('sha256')
      .update(`uuid-${this.next()}`)
      .digest('hex');
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `4${hex.slice(13, 16)}`,
      `8${hex.slice(17, 20)}`,
      hex.slice(20, 32),
    ].join('-');
  }
}

/** A whole number in `[minimum, maximum]` that depends on the text alone. */
export function hashedNumber(
  text: string,
  minimum: number,
  maximum: number,
): number {
  const value = createHash('sha256').update(text).digest().readUInt32BE(0);
  return minimum + (value % (maximum - minimum + 1));
}

/** GitHub's opaque global id of a thing. */
export function nodeId(kind: string, id: number | string): string {
  return Buffer.from(`${kind}${id}`).toString('base64');
}
