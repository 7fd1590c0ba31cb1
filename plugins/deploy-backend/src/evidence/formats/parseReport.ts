import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { InputError } from '@backstage/errors';
import {
  EvidenceFormat,
  EvidenceType,
  evidenceFormats,
} from '@vvp/backstage-plugin-deploy-common';
import { chooseFormat } from './chooseFormat';
import { reportFormats } from './index';
import { inflate } from './inflate';
import { defaultLimits, ReportLimits } from './limits';
import { PayloadTooLargeError } from './PayloadTooLargeError';
import { encodingHead, TextDecoding } from './TextDecoding';
import { Report, ReportFormat, ReportParser } from './types';

/** What is known of a report before it is read. */
export interface ParseReportOptions {
  /** What the report must be about. */
  type?: EvidenceType;
  /** Detected if absent. */
  format?: EvidenceFormat;
  limits?: Partial<ReportLimits>;
  /** Formats to choose from; by default all. */
  formats?: readonly ReportFormat[];
}

/** A report that was read. */
export interface ParsedReport {
  report: Report;
  /** SHA-256 of the uncompressed bytes, in hexadecimal. */
  digest: string;
  /** Uncompressed. */
  bytes: number;
}

/** Text that formats are detected by, in characters. */
const detectionHead = 64 * 1024;

/** The event loop gets its turn after as many bytes: some milliseconds of parsing. */
const breath = 256 * 1024;

/** A report under way: bytes go in, text goes to the parser as soon as the format is known. */
class Reading {
  readonly #options: ParseReportOptions;
  readonly #limits: ReportLimits;
  readonly #hash = createHash('sha256');
  #bytes = 0;
  #firstBytes: Uint8Array = Buffer.alloc(0);
  #decoding?: TextDecoding;
  #head = '';
  #json = false;
  #parser?: ReportParser;

  constructor(options: ParseReportOptions, limits: ReportLimits) {
    this.#options = options;
    this.#limits = limits;
  }

  write(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    this.#checkSize();
    if (this.#decoding) {
      this.#takeText(this.#decoding.write(bytes));
      return;
    }
    this.#firstBytes = Buffer.concat([this.#firstBytes, bytes]);
    if (this.#firstBytes.length >= encodingHead) {
      this.#startDecoding();
    }
  }

  end(): ParsedReport {
    if (this.#bytes === 0) {
      throw new InputError('The report is empty');
    }
    if (!this.#decoding) {
      this.#startDecoding();
    }
    this.#takeText(this.#decoding!.end());
    const parser = this.#parser ?? this.#startParser();
    return {
      report: parser.end(),
      digest: this.#hash.digest('hex'),
      bytes: this.#bytes,
    };
  }

  #startDecoding() {
    this.#decoding = new TextDecoding(this.#firstBytes);
    this.#takeText(this.#decoding.write(this.#firstBytes));
    this.#firstBytes = Buffer.alloc(0);
  }

  #takeText(text: string) {
    if (this.#parser) {
      this.#parser.write(text);
      return;
    }
    this.#head += text;
    if (this.#head.length >= detectionHead) {
      this.#startParser();
    }
  }

  #startParser(): ReportParser {
    const head = this.#head;
    this.#head = '';
    this.#json = /^\s*[[{]/.test(head);
    this.#checkSize();
    const { formats = reportFormats, format, type } = this.#options;
    const chosen = chooseFormat(formats, head.slice(0, detectionHead), format);
    const found = evidenceFormats[chosen.format];
    if (type && found !== type) {
      throw new InputError(
        `The report is of format ${chosen.format}, which is evidence of type ${found}, not ${type}`,
      );
    }
    this.#parser = chosen.createParser();
    this.#parser.write(head);
    return this.#parser;
  }

  #checkSize() {
    const limit = this.#json ? this.#limits.json : this.#limits.uncompressed;
    if (this.#bytes > limit) {
      throw new PayloadTooLargeError(
        `The report is larger than ${limit} bytes${
          this.#json ? ', the limit of JSON' : ''
        }`,
      );
    }
  }
}

/**
 * Reads a report of any format as it streams in, compressed by gzip or not; it is never in memory whole.
 *
 * @throws InputError that names the line or field: malformed, of unknown format, not what it should be
 * @throws PayloadTooLargeError beyond a limit
 */
export async function parseReport(
  body: AsyncIterable<Uint8Array>,
  options: ParseReportOptions = {},
): Promise<ParsedReport> {
  const limits = { ...defaultLimits, ...options.limits };
  const reading = new Reading(options, limits);
  let sinceBreath = 0;
  for await (const piece of inflate(body, limits)) {
    for (let from = 0; from < piece.length; from += breath) {
      const part = piece.subarray(from, from + breath);
      reading.write(part);
      sinceBreath += part.length;
      if (sinceBreath >= breath) {
        sinceBreath = 0;
        await setImmediate();
      }
    }
  }
  return reading.end();
}
