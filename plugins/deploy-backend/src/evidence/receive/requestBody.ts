import { Readable } from 'node:stream';
import { InputError } from '@backstage/errors';
import { Request } from 'express';

/** How long a sender who was refused may go on sending. */
const LINGER_MS = 30_000;

/**
 * The body as it comes in. Giving up on it leaves the connection open, so that the sender can be told
 * why; a sender who hangs up makes it fail.
 */
export async function* bodyOf(request: Request): AsyncGenerator<Uint8Array> {
  yield* request.iterator({ destroyOnReturn: false });
  if (!request.complete) {
    throw new InputError('The report was cut off on its way; send it again');
  }
}

/**
 * Lets go of what is still coming of a body that nobody wants any more. A connection that is closed while
 * the other side is sending would lose the answer.
 */
export function discardRest(request: Request): void {
  const stream: Readable = request;
  if (stream.readableEnded || stream.destroyed) {
    return;
  }
  const timer = setTimeout(() => stream.destroy(), LINGER_MS).unref();
  stream.once('close', () => clearTimeout(timer));
  // Who hangs up now harms nobody.
  stream.on('error', () => {});
  stream.resume();
}

/** Throws an InputError for a body in an encoding that is not read. Gzip is known by its content. */
export function assertReadableEncoding(request: Request): void {
  const encoding = request.get('content-encoding')?.trim().toLowerCase();
  if (encoding && !['identity', 'gzip', 'x-gzip'].includes(encoding)) {
    throw new InputError(
      `Content-Encoding: ${encoding.slice(
        0,
        50,
      )} is not read; send the report as it is, or compressed by gzip`,
    );
  }
}
