import { InputError } from '@backstage/errors';
import { JSONParser, TokenType } from '@streamparser/json';
import { JsonPlace } from './JsonPlace';

/** What is wanted of a JSON file. */
export interface JsonReaderOptions {
  /** Where the wanted values are, `*` for any key or index: `$.runs.*.results.*`. */
  paths: string[];
  /**
   * Takes each wanted value when it is complete; it is dropped afterwards. A value inside of another wanted
   * one comes first.
   *
   * @param path - keys and indices that lead to the value
   */
  onValue(value: unknown, path: readonly (string | number)[]): void;
  /** Told where each list begins that is not inside of a wanted value, an empty one too. */
  onList?(path: readonly (string | number)[]): void;
}

const maxDepth = 256;

/** Longest wanted value, and longest string, in bytes of text. */
const maxValue = 16 * 1024 * 1024;

const pieceLength = 64 * 1024;

/**
 * Reads JSON as a stream and keeps nothing but the wanted value under way.
 *
 * Refuses malformed, truncated and empty files, more than 256 levels, numbers beyond what a double holds, and
 * wanted values beyond 16 MiB, all with an InputError that names the line.
 */
export class JsonReader {
  readonly #parser: JSONParser;
  readonly #place: JsonPlace;
  #piece = '';
  #pieceStart = 0;
  #pieceLine = 1;
  #tokenEnd = 0;
  #empty = true;

  constructor(options: JsonReaderOptions) {
    const { paths, onValue, onList } = options;
    this.#place = new JsonPlace(paths);
    this.#parser = new JSONParser({
      paths,
      keepStack: false,
      stringBufferSize: pieceLength,
    });
    this.#parser.onToken = ({ token, value, offset }) => {
      this.#empty = false;
      this.#tokenEnd = offset;
      if (
        onList &&
        token === TokenType.LEFT_BRACKET &&
        this.#place.wantedSince === undefined
      ) {
        onList(this.#place.path);
      }
      this.#place.take(token, value, offset);
      if (this.#place.depth > maxDepth) {
        this.#refuse(`nested deeper than ${maxDepth} levels`);
      }
      if (token === TokenType.NUMBER && !Number.isFinite(value)) {
        this.#refuse('a number is too large');
      }
    };
    this.#parser.onValue = ({ value, key, stack }) => {
      const path = [...stack.map(item => item.key), key].slice(1);
      onValue(value, path as (string | number)[]);
    };
    this.#parser.onError = error => this.#refuseSyntax(error);
  }

  write(text: string): void {
    for (let from = 0; from < text.length; from += pieceLength) {
      this.#piece = text.slice(from, from + pieceLength);
      this.#parser.write(this.#piece);
      this.#pieceStart += Buffer.byteLength(this.#piece);
      this.#pieceLine += lineBreaks(this.#piece);
      const since = Math.min(
        this.#tokenEnd,
        this.#place.wantedSince ?? Infinity,
      );
      if (this.#pieceStart - since > maxValue) {
        this.#refuse('a value is too long to be read');
      }
    }
  }

  end(): void {
    this.#piece = '';
    if (!this.#parser.isEnded) {
      this.#parser.end();
    }
    if (this.#empty) {
      this.#refuse('the file is empty');
    }
  }

  /** Turns the parser's own errors into refusals; others came from the taker of values. */
  #refuseSyntax(error: Error): never {
    const unexpected = /^Unexpected "?([^\s"(]+)/.exec(error.message);
    if (unexpected) {
      const position = /absolute position "(\d+)"/.exec(error.message);
      this.#tokenEnd = position ? Number(position[1]) : this.#tokenEnd;
      this.#refuse(`unexpected ${unexpected[1]}`);
    }
    if (/^(Parser|Tokenizer) ended in/.test(error.message)) {
      this.#refuse('the file ends too early');
    }
    throw error;
  }

  #refuse(reason: string): never {
    const before = Buffer.from(this.#piece).subarray(
      0,
      Math.max(0, this.#tokenEnd - this.#pieceStart),
    );
    const line = this.#pieceLine + lineBreaks(before.toString('latin1'));
    throw new InputError(`Line ${line} of the JSON: ${reason}`);
  }
}

function lineBreaks(text: string): number {
  let breaks = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    breaks += 1;
  }
  return breaks;
}
