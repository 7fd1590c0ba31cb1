import {
  Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  Node,
  parseDocument,
} from 'yaml';

/**
 * A place in a file; both count from 1.
 *
 * @public
 */
export interface Position {
  line: number;
  column: number;
}

/** A problem that keeps a file from being read. */
export interface SourceProblem extends Position {
  message: string;
}

interface Source {
  document: Document;
  lines: LineCounter;
}

/** As many as GitHub could ever need, and few enough to be expanded. */
const MOST_ALIASES = 100;

/** A part of a YAML file that knows where it stands. Aliases are followed. */
export class SourceNode {
  readonly #source: Source;
  readonly #node: Node;
  /** Where it is used, for what stands behind an alias. */
  readonly #range: number;

  private constructor(source: Source, node: Node, range?: number) {
    this.#source = source;
    const target = isAlias(node) ? node.resolve(source.document) : node;
    this.#node = target ?? node;
    this.#range = range ?? node.range?.[0] ?? 0;
  }

  /** Reads YAML 1.2, as GitHub does. */
  static parse(
    text: string,
  ): { root: SourceNode } | { problems: SourceProblem[] } {
    const lines = new LineCounter();
    const document = parseDocument(text, {
      lineCounter: lines,
      version: '1.2',
      uniqueKeys: true,
      keepSourceTokens: true,
    });
    const at = (offset: number): Position => positionOf(lines, offset);
    const problems = document.errors.map(error => ({
      ...at(error.pos[0]),
      message: firstLine(error.message),
    }));
    if (problems.length === 0) {
      try {
        document.toJS({ maxAliasCount: MOST_ALIASES });
      } catch (error) {
        problems.push({
          line: 1,
          column: 1,
          message: error instanceof Error ? error.message : String(error),
        });
      }
    }
    if (problems.length === 0 && !isMap(document.contents)) {
      problems.push({
        line: 1,
        column: 1,
        message: 'It holds no mapping of keys.',
      });
    }
    return problems.length > 0
      ? { problems }
      : {
          root: new SourceNode({ document, lines }, document.contents as Node),
        };
  }

  get position(): Position {
    return positionOf(this.#source.lines, this.#range);
  }

  /** As plain data. */
  get value(): unknown {
    return this.#node.toJS(this.#source.document, {
      maxAliasCount: MOST_ALIASES,
    });
  }

  /** Undefined if it is no text. */
  get text(): string | undefined {
    return isScalar(this.#node) && typeof this.#node.value === 'string'
      ? this.#node.value
      : undefined;
  }

  /** What stands behind `#` on the same line. */
  get comment(): string | undefined {
    return this.#node.comment?.trim();
  }

  /** Whether each line of `text` is a line of the file, the first one below {@link position}. */
  get isLiteralBlock(): boolean {
    return isScalar(this.#node) && this.#node.type === 'BLOCK_LITERAL';
  }

  get isMapping(): boolean {
    return isMap(this.#node);
  }

  get isList(): boolean {
    return isSeq(this.#node);
  }

  get(key: string): SourceNode | undefined {
    return this.entries().find(entry => entry.name === key)?.value;
  }

  /** The pairs of a mapping, in order; none if it is not one. `key` stands where the name does. */
  entries(): { name: string; key: SourceNode; value: SourceNode }[] {
    if (!isMap(this.#node)) {
      return [];
    }
    return this.#node.items.flatMap(({ key, value }) =>
      isNode(key) && isNode(value)
        ? [
            {
              name: String(isScalar(key) ? key.value : key),
              key: new SourceNode(this.#source, key),
              value: new SourceNode(this.#source, value),
            },
          ]
        : [],
    );
  }

  /** The items of a list, in order; none if it is not one. */
  items(): SourceNode[] {
    return isSeq(this.#node)
      ? this.#node.items.flatMap(item =>
          isNode(item) ? [new SourceNode(this.#source, item)] : [],
        )
      : [];
  }

  /** Every text in it, with the keys and indexes that lead there. */
  texts(path: readonly string[] = []): LocatedText[] {
    if (this.text !== undefined) {
      return [{ path, text: this.text, node: this }];
    }
    return [
      ...this.entries().flatMap(({ name, value }) =>
        value.texts([...path, name]),
      ),
      ...this.items().flatMap((item, index) =>
        item.texts([...path, String(index)]),
      ),
    ];
  }

  /** Where a place in `text` stands in the file; for folded texts the beginning. */
  positionIn(offset: number): Position {
    const text = this.text ?? '';
    const before = text.slice(0, offset).split('\n');
    const { line, column } = this.position;
    if (this.isLiteralBlock) {
      return {
        line: line + before.length,
        column: this.#indent + before[before.length - 1].length + 1,
      };
    }
    return before.length === 1 && !isBlock(this.#node)
      ? { line, column: column + offset + (isQuoted(this.#node) ? 1 : 0) }
      : { line, column };
  }

  /** How far the lines of a block are indented. */
  get #indent(): number {
    const token = this.#node.srcToken;
    const lines = token && 'source' in token ? token.source.split('\n') : [];
    const first = lines.find(line => line.trim() !== '') ?? '';
    return first.length - first.trimStart().length;
  }
}

/** A text and the way to it. */
export interface LocatedText {
  path: readonly string[];
  text: string;
  node: SourceNode;
}

function positionOf(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function isBlock(node: Node): boolean {
  return isScalar(node) && Boolean(node.type?.startsWith('BLOCK'));
}

function isQuoted(node: Node): boolean {
  return isScalar(node) && Boolean(node.type?.startsWith('QUOTE'));
}

function firstLine(text: string): string {
  return text.split('\n')[0].replace(/ at line \d+, column \d+:?$/, '');
}
