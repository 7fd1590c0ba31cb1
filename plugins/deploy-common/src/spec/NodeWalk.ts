import { Document, Node, Pair, isAlias, isMap, isScalar, isSeq } from 'yaml';
import { quote } from './suggest';
import { SpecFinding } from './types';
import { YamlSource, toPointer } from './YamlSource';

/** Keys that mean something else to JavaScript than to the reader of the file. */
const RESERVED_KEYS = ['__proto__', 'constructor', 'prototype'];

/** Walks the nodes once, so that keys are checked and the size after expanding aliases is known. */
export class NodeWalk {
  readonly findings: SpecFinding[] = [];
  readonly #sizes = new Map<Node, number>();
  readonly #open = new Set<Node>();

  constructor(
    private readonly document: Document.Parsed,
    private readonly source: YamlSource,
  ) {}

  /** How many values a node holds, with every alias counted as what it stands for. */
  size(node: unknown, path: readonly string[]): number {
    if (isAlias(node)) {
      const target = node.resolve(this.document);
      if (!target || this.#open.has(target)) {
        this.#report(
          node,
          path,
          `the alias ${quote(node.source)} ${
            target ? 'refers to itself' : 'has no anchor above it'
          }`,
          'Write the value out.',
        );
        return 1;
      }
      return this.size(target, path);
    }
    if (!isMap(node) && !isSeq(node)) {
      return 1;
    }
    const known = this.#sizes.get(node);
    if (known !== undefined) {
      return known;
    }
    this.#open.add(node);
    const total = isMap(node)
      ? this.#mapSize(node.items, path)
      : node.items.reduce<number>(
          (sum, item, index) => sum + this.size(item, [...path, String(index)]),
          1,
        );
    this.#open.delete(node);
    this.#sizes.set(node, total);
    return total;
  }

  #mapSize(items: readonly Pair[], path: readonly string[]): number {
    const seen = new Map<string, number>();
    let total = 1;
    for (const pair of items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : '';
      const keyPath = [...path, key];
      const earlier = seen.get(key);
      if (earlier !== undefined) {
        this.#report(
          pair.key,
          keyPath,
          `the key ${quote(key)} is there twice`,
          `It was first on line ${earlier}; keep one of the two.`,
        );
      } else if (RESERVED_KEYS.includes(key)) {
        this.#report(
          pair.key,
          keyPath,
          `the key ${quote(key)} is reserved`,
          'Choose another name.',
        );
      } else if (key === '<<') {
        this.#report(
          pair.key,
          keyPath,
          'merge keys (<<) are not part of YAML 1.2',
          'Write the keys out.',
        );
      }
      seen.set(key, earlier ?? this.source.positionOf(pair.key).line);
      total += 1 + this.size(pair.value, keyPath);
    }
    return total;
  }

  #report(
    node: unknown,
    path: readonly string[],
    message: string,
    remedy: string,
  ) {
    this.findings.push({
      message,
      remedy,
      ...this.source.positionOf(node),
      path: toPointer(path),
    });
  }
}
