import type { IncomingMessage } from 'node:http';

const MOST_BYTES = 25 * 1024 * 1024;

/** The whole body of a request; more than GitHub takes is refused. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error('The request body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
