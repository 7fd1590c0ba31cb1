import { InputError } from '@backstage/errors';
import { SaxesParser } from 'saxes';

/**
 * What a format does with an XML file, in document order.
 *
 * Strings handed over may be slices of the input: keep `ownText(string)` of what outlives the call, or a name
 * of a few characters holds the whole piece of file that it was read from.
 */
export interface XmlHandlers {
  /** An element begins; `line` is that of its tag. Entities in attributes are resolved. */
  open(name: string, attributes: Record<string, string>, line: number): void;
  /** Character data or CDATA; one text may come in pieces. */
  text?(text: string): void;
  /** An element ends; called for empty elements too. */
  close?(name: string): void;
}

const maxDepth = 256;

/** Longest tag with its attributes, in characters. */
const maxTag = 1024 * 1024;

/** Longest run of text, CDATA or comment without a tag in between: logs inside of test reports are long. */
const maxText = 32 * 1024 * 1024;

/** Lengths are checked between pieces of this size, so that a bound holds however large the input's pieces. */
const pieceLength = 64 * 1024;

/**
 * Reads XML as a stream, without namespaces. Expands no entities but the five of XML and character
 * references, loads nothing.
 *
 * A DOCTYPE that only names a public DTD, as JaCoCo and Cobertura write, is passed over; one that declares
 * anything is refused. So are malformed, truncated and empty files, more than 256 levels, tags beyond 1 MiB
 * and texts beyond 32 MiB, all with an InputError that names the line.
 */
export class XmlReader {
  readonly #parser = new SaxesParser<{ xmlns: false; position: false }>({
    xmlns: false,
    position: false,
  });
  readonly #text?: (text: string) => void;
  #depth = 0;
  #tagLine = 1;
  #inTag = false;
  #sinceTag = 0;

  constructor(handlers: XmlHandlers) {
    const parser = this.#parser;
    // One handler more than these, and V8 turns the parser into a hash table: four times slower.
    parser.on('error', error => this.#refuse(error.message));
    parser.on('doctype', doctype => this.#checkDoctype(doctype));
    parser.on('opentagstart', () => {
      this.#inTag = true;
      this.#tagLine = parser.line;
    });
    parser.on('opentag', ({ name, attributes }) => {
      this.#inTag = false;
      this.#sinceTag = 0;
      this.#depth += 1;
      if (this.#depth > maxDepth) {
        this.#refuse(`nested deeper than ${maxDepth} levels`);
      }
      handlers.open(name, attributes, this.#tagLine);
    });
    parser.on('closetag', ({ name }) => {
      this.#sinceTag = 0;
      this.#depth -= 1;
      handlers.close?.(name);
    });
    this.#text = handlers.text?.bind(handlers);
    this.listen(true);
  }

  /**
   * Whether text is wanted from here on; it is from the beginning. Who wants that of a few elements only says
   * so when they begin and end: the white space between all others takes time.
   */
  listen(wanted: boolean): void {
    if (this.#text && wanted) {
      this.#parser.on('text', this.#text);
      this.#parser.on('cdata', this.#text);
    } else if (this.#text) {
      this.#parser.off('text');
      this.#parser.off('cdata');
    }
  }

  write(text: string): void {
    for (let from = 0; from < text.length; from += pieceLength) {
      const piece = text.slice(from, from + pieceLength);
      this.#sinceTag += piece.length;
      this.#parser.write(piece);
      if (this.#sinceTag > (this.#inTag ? maxTag : maxText)) {
        this.#refuse('a tag or text is too long to be read');
      }
    }
  }

  end(): void {
    this.#parser.close();
  }

  #checkDoctype(doctype: string) {
    const withoutLiterals = doctype.replace(/"[^"]*"|'[^']*'/g, '');
    if (withoutLiterals.includes('[')) {
      this.#refuse('a DOCTYPE with declarations is not read; remove it');
    }
  }

  #refuse(reason: string): never {
    throw new InputError(
      `Line ${this.#parser.line} of the XML: ${reason.replace(/\.$/, '')}`,
    );
  }
}
