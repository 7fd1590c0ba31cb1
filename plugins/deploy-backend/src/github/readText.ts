/**
 * Reads the body of an answer that Octokit left unread (`parseSuccessResponseBody: false`), whatever type it has for
 * it. Undefined if it is longer than `maxBytes`.
 */
export async function readText(
  data: unknown,
  maxBytes: number,
): Promise<string | undefined> {
  const stream = data as AsyncIterable<Uint8Array> | null | undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream ?? []) {
    size += chunk.length;
    if (size > maxBytes) {
      // Leaving the loop cancels the stream.
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
