import { isAscii } from 'node:buffer';
import { InputError } from '@backstage/errors';

/** Enough bytes to tell the encoding: an XML declaration is shorter. */
export const encodingHead = 1024;

const byteOrderMarks: [bytes: number[], encoding: string][] = [
  [[0xff, 0xfe, 0, 0], 'utf-32le'],
  [[0, 0, 0xfe, 0xff], 'utf-32be'],
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
  [[0x3c, 0], 'utf-16le'],
  [[0, 0x3c], 'utf-16be'],
];

const declaredEncoding =
  /^\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([^"']{1,40})["']/;

/**
 * Turns the bytes of a report into text: by byte order mark, else as its XML declaration says, else UTF-8.
 * Bytes that are none in that encoding are refused with an InputError that names encoding and line.
 */
export class TextDecoding {
  readonly encoding: string;
  readonly #decoder: TextDecoder;
  #line = 1;
  #betweenCharacters = false;

  /** @param head - the first {@link encodingHead} bytes, or all there are */
  constructor(head: Uint8Array) {
    this.encoding = encodingOf(head);
    this.#decoder = createDecoder(this.encoding);
  }

  write(bytes: Uint8Array): string {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const text = this.#decodeFast(buffer) ?? this.#decode(buffer);
    this.#line += lineBreaks(buffer);
    return text;
  }

  end(): string {
    return this.#decode();
  }

  /** Most reports are ASCII, which takes no decoder unless the last piece ended within a character. */
  #decodeFast(bytes: Buffer): string | undefined {
    if (this.encoding !== 'utf-8') {
      return undefined;
    }
    const ascii = isAscii(bytes);
    const text =
      ascii && this.#betweenCharacters ? bytes.toString('latin1') : undefined;
    this.#betweenCharacters = ascii || bytes[bytes.length - 1] < 0x80;
    return text;
  }

  #decode(bytes?: Buffer): string {
    try {
      return bytes
        ? this.#decoder.decode(bytes, { stream: true })
        : this.#decoder.decode();
    } catch {
      const line = this.#line + (bytes ? validLineBreaks(bytes) : 0);
      throw new InputError(
        `Line ${line}: the bytes are not ${this.encoding}; write the report in UTF-8, or declare its encoding`,
      );
    }
  }
}

function encodingOf(head: Uint8Array): string {
  const mark = byteOrderMarks.find(([bytes]) =>
    bytes.every((byte, at) => head[at] === byte),
  );
  if (mark) {
    return mark[1];
  }
  const start = Buffer.from(head.subarray(0, encodingHead)).toString('latin1');
  const declared = declaredEncoding.exec(start)?.[1].toLowerCase() ?? 'utf-8';
  if (/^(utf-?(16|32)|ucs|iso-10646)/.test(declared)) {
    throw new InputError(
      `Line 1: encoding "${declared}" is declared, but the file is not in it`,
    );
  }
  return declared;
}

function createDecoder(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch {
    throw new InputError(
      `Line 1: encoding "${encoding}" is not known; write the report in UTF-8`,
    );
  }
}

/** Line breaks before the first line that is not UTF-8; 0 where that cannot be told line by line. */
function validLineBreaks(buffer: Buffer): number {
  for (let from = 0, line = 0; from < buffer.length; line += 1) {
    const end = buffer.indexOf(10, from);
    const until = end < 0 ? buffer.length : end;
    if (buffer.toString('utf8', from, until).includes('\ufffd')) {
      return line;
    }
    from = until + 1;
  }
  return 0;
}

function lineBreaks(bytes: Buffer): number {
  let breaks = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) {
    breaks += 1;
  }
  return breaks;
}
