const TIMEOUT_MS = 5_000;
const MAX_BYTES = 512 * 1024;

/**
 * Reads a small JSON document: within 5 seconds, at the most 512 KiB, following no redirect.
 * Throws an error that says what is wrong, without what was answered.
 */
export async function fetchJson(url: string): Promise<unknown> {
  const response = await fetch(url, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`${url} answered ${response.status}`);
  }
  const text = await readText(response, url);
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${url} answered something that is not JSON`);
  }
}

async function readText(response: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) {
      return Buffer.concat(chunks).toString('utf8');
    }
    size += part.value.byteLength;
    if (size > MAX_BYTES) {
      await reader?.cancel();
      throw new Error(`${url} answered more than ${MAX_BYTES} bytes`);
    }
    chunks.push(part.value);
  }
}
