import { readFile } from 'node:fs/promises';
import { Language, Node, Parser } from 'web-tree-sitter';

/** A part of a script. */
export type BashNode = Node;

/** Takes scripts apart as bash does, also those with mistakes in them. */
export class BashParser {
  static #language: Promise<Language> | undefined;
  readonly #parser: Parser;

  private constructor(parser: Parser) {
    this.#parser = parser;
  }

  static async create(): Promise<BashParser> {
    BashParser.#language ??= loadLanguage();
    const language = await BashParser.#language;
    const parser = new Parser();
    parser.setLanguage(language);
    return new BashParser(parser);
  }

  /** Gives the root to a function; nothing of it may be kept. */
  read<T>(script: string, look: (root: BashNode) => T): T {
    const tree = this.#parser.parse(script);
    if (!tree) {
      throw new Error('The script could not be read');
    }
    try {
      return look(tree.rootNode);
    } finally {
      tree.delete();
    }
  }

  dispose(): void {
    this.#parser.delete();
  }
}

async function loadLanguage(): Promise<Language> {
  await Parser.init();
  return await Language.load(
    await readFile(require.resolve('tree-sitter-bash/tree-sitter-bash.wasm')),
  );
}
