import { Readable, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InputError } from '@backstage/errors';
import { ReportLimits } from './limits';
import { PayloadTooLargeError } from './PayloadTooLargeError';

/** Below this size no ratio is held against a report: a short file of one repeated line is no attack. */
const ratioGrace = 1024 * 1024;

/** Counts the bytes of a body as they come. */
class SentBytes {
  readonly #body: AsyncIterable<Uint8Array>;
  readonly #limit: number;
  bytes = 0;

  constructor(body: AsyncIterable<Uint8Array>, limit: number) {
    this.#body = body;
    this.#limit = limit;
  }

  async *pieces(): AsyncGenerator<Uint8Array> {
    for await (const piece of this.#body) {
      this.bytes += piece.length;
      if (this.bytes > this.#limit) {
        throw new PayloadTooLargeError(
          `The report is larger than ${this.#limit} bytes as sent`,
        );
      }
      yield piece;
    }
  }
}

/**
 * The bytes of a report as its tool wrote them: decompressed if they begin as gzip does.
 *
 * @throws PayloadTooLargeError beyond a limit, as soon as it is passed
 * @throws InputError for damaged gzip, or gzip inside of gzip
 */
export async function* inflate(
  body: AsyncIterable<Uint8Array>,
  limits: ReportLimits,
): AsyncGenerator<Uint8Array> {
  const sent = new SentBytes(body, limits.body);
  const pieces = sent.pieces();
  const head = await readHead(pieces);
  const whole = joined(head, pieces);
  if (!isGzip(head)) {
    yield* whole;
    return;
  }
  let bytes = 0;
  for await (const piece of gunzip(whole)) {
    if (bytes === 0 && isGzip(piece)) {
      throw new InputError(
        'The report is compressed twice; compress it once or not at all',
      );
    }
    bytes += piece.length;
    if (bytes > ratioGrace && bytes > sent.bytes * limits.ratio) {
      throw new PayloadTooLargeError(
        `The report grows more than ${limits.ratio}-fold when decompressed; send it uncompressed`,
      );
    }
    yield piece;
  }
}

/** The first two bytes at least, if there are as many; they may come one by one. */
async function readHead(
  pieces: AsyncGenerator<Uint8Array>,
): Promise<Uint8Array> {
  let head: Uint8Array = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await pieces.next();
    if (next.done) {
      break;
    }
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  return head;
}

async function* joined(
  head: Uint8Array,
  rest: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) {
      yield head;
    }
    yield* rest;
  } finally {
    // Who stops at the head has not begun with the rest, so nothing else closes the body.
    await rest.return(undefined);
  }
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function* gunzip(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const stream = createGunzip();
  // Errors arrive at the reader of the stream, which the pipeline destroys.
  pipeline(Readable.from(pieces, { objectMode: false }), stream, () => {});
  try {
    for await (const piece of stream) {
      yield piece;
    }
  } catch (error) {
    if (String((error as NodeJS.ErrnoException).code).startsWith('Z_')) {
      throw new InputError(
        'The gzip compression of the report is damaged or ends too early',
      );
    }
    throw error;
  }
}
