import {
  Document,
  LineCounter,
  Pair,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
} from 'yaml';

/** A place in the text, counted from 1. */
export interface Position {
  line: number;
  column: number;
}

/** Segments as a JSON pointer. */
export function toPointer(path: readonly string[]): string {
  return path
    .map(segment => `/${segment.replace(/~/g, '~0').replace(/\//g, '~1')}`)
    .join('');
}

/** Segments of a JSON pointer. */
export function fromPointer(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map(segment => segment.replace(/~1/g, '/').replace(/~0/g, '~'));
}

/** Tells where in the text a value stands. */
export class YamlSource {
  constructor(
    private readonly document: Document.Parsed,
    private readonly counter: LineCounter,
  ) {}

  positionAt(offset: number): Position {
    const { line, col } = this.counter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  positionOf(node: unknown): Position {
    return this.positionAt(isNode(node) ? node.range?.[0] ?? 0 : 0);
  }

  /** Where the key of the path stands, or the list item, or the nearest thing around it that exists. */
  locate(path: readonly string[]): Position {
    let node: unknown = this.document.contents;
    let found: unknown = node;
    for (const segment of path) {
      const collection = isAlias(node) ? node.resolve(this.document) : node;
      if (isMap(collection)) {
        const pair: Pair | undefined = collection.items.find(
          item => isScalar(item.key) && String(item.key.value) === segment,
        );
        if (!pair) {
          break;
        }
        found = pair.key;
        node = pair.value;
      } else if (isSeq(collection)) {
        node = collection.items[Number(segment)];
        if (!node) {
          break;
        }
        found = node;
      } else {
        break;
      }
    }
    return this.positionOf(found);
  }
}
