import { UrlReaderServiceReadUrlResponse } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';

/** Reads an answer as text. Throws an InputError if it is longer than `maxBytes`. */
export async function readBounded(
  response: UrlReaderServiceReadUrlResponse,
  maxBytes: number,
): Promise<string> {
  if (!response.stream) {
    const buffer = await response.buffer();
    assertSize(buffer.length, maxBytes);
    return buffer.toString('utf8');
  }
  const stream = response.stream();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    // Leaving the loop destroys the stream.
    assertSize(size, maxBytes);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function assertSize(size: number, maxBytes: number): void {
  if (size > maxBytes) {
    throw new InputError(
      `deploy.yaml is larger than ${maxBytes} bytes. Describe one repository per file, and keep data out of it.`,
    );
  }
}
