import { LookupAddress } from 'node:dns';
import { LookupFunction } from 'node:net';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { Agent, Dispatcher, request } from 'undici';
import { VersionProblem } from './VersionProblem';

type Decompress = (
  data: Buffer,
  options: { maxOutputLength: number },
) => Promise<Buffer>;

const decompressors = new Map<string, Decompress>([
  ['gzip', promisify(gunzip) as Decompress],
  ['deflate', promisify(inflate) as Decompress],
  ['br', promisify(brotliDecompress) as Decompress],
]);

/** What came back: a text, or where else to ask. */
export type VersionAnswer =
  | { text: string; contentType: string }
  | { location: string };

/**
 * Asks once, at the given addresses and nowhere else: the name is not resolved again, so that it cannot mean
 * another machine by now. Throws a {@link VersionProblem} for an answer that cannot be used.
 */
export async function fetchVersion(
  url: URL,
  addresses: readonly LookupAddress[],
  options: { maxBytes: number; signal: AbortSignal },
): Promise<VersionAnswer> {
  const agent = new Agent({
    connect: { lookup: lookupIn(addresses) },
    pipelining: 0,
  });
  try {
    const response = await request(url, {
      dispatcher: agent,
      signal: options.signal,
      headers: { accept: 'application/json', 'accept-encoding': 'identity' },
    });
    // Nobody else listens to a body that is cut off.
    response.body.on('error', () => undefined);
    return await read(response, shown(url), options.maxBytes);
  } finally {
    // Cuts off what is not read to its end.
    await agent.destroy();
  }
}

/** An address without what may be private in it. */
export function shown(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

function lookupIn(addresses: readonly LookupAddress[]): LookupFunction {
  return (_hostname, options, callback) => {
    if (options.all) {
      callback(null, [...addresses]);
    } else {
      callback(null, addresses[0].address, addresses[0].family);
    }
  };
}

async function read(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  from: string,
  maxBytes: number,
): Promise<VersionAnswer> {
  const location = String(headers.location ?? '');
  if ([301, 302, 303, 307, 308].includes(statusCode) && location) {
    return { location };
  }
  if (statusCode !== 200) {
    throw new VersionProblem(
      'failing',
      `${from} answered with status ${statusCode}.`,
      'See that version.url in deploy.yaml is right and that the service answers there without signing in.',
    );
  }
  if (Number(headers['content-length'] ?? 0) > maxBytes) {
    throw tooLarge(from, maxBytes);
  }
  const encoding = String(
    headers['content-encoding'] ?? 'identity',
  ).toLowerCase();
  const bytes = await collect(body, from, maxBytes);
  return {
    // Without the mark that some tools write before UTF-8, which is no JSON.
    text: new TextDecoder().decode(
      await decode(bytes, encoding, from, maxBytes),
    ),
    contentType: String(headers['content-type'] ?? ''),
  };
}

async function collect(
  body: AsyncIterable<Buffer>,
  from: string,
  maxBytes: number,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) {
      throw tooLarge(from, maxBytes);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function decode(
  bytes: Buffer,
  encoding: string,
  from: string,
  maxBytes: number,
): Promise<Buffer> {
  if (encoding === 'identity') {
    return bytes;
  }
  const decompress = decompressors.get(encoding);
  try {
    if (decompress) {
      return await decompress(bytes, { maxOutputLength: maxBytes });
    }
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') {
      throw tooLarge(from, maxBytes);
    }
  }
  throw new VersionProblem(
    'unusable',
    `${from} answered with something that cannot be unpacked.`,
    'Let it answer without compression.',
  );
}

function tooLarge(from: string, maxBytes: number): VersionProblem {
  return new VersionProblem(
    'unusable',
    `${from} answered with more than ${maxBytes / 1024} KiB.`,
    'Point version.url in deploy.yaml at a small JSON document.',
  );
}
