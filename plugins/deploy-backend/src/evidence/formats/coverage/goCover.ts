import { InputError } from '@backstage/errors';
import { count } from '../numbers';
import { ownText } from '../ownText';
import { CoverageReport, ReportFormat, ReportParser } from '../types';
import { TextLines } from '../TextLines';
import { CoverageBuilder } from './CoverageBuilder';
import { lineNumber } from './counts';
import { FileTally } from './FileTally';

/** `path:12.34,14.2 3 1`: from line and column, to line and column, statements, times run. */
const blockPattern =
  /^(.+):(\d{1,9})\.(\d{1,9}),(\d{1,9})\.(\d{1,9}) (\S+) (\S+)$/;

/** More lines than a block of Go ever has. */
const maxBlock = 100_000;

interface Block {
  from: number;
  to: number;
  statements: number;
  hit: boolean;
}

/**
 * Go's cover profile, of any mode. Go measures statements, so `lines` counts statements, as `go tool cover`
 * does; lines are listed by the blocks that they are in, covered if any of these was run. A block that stands
 * there for each test binary counts once.
 */
class GoCoverParser implements ReportParser {
  readonly #builder = new CoverageBuilder();
  readonly #blocks = new Map<FileTally, Map<string, Block>>();
  readonly #lines = new TextLines((text, line) => this.#take(text, line));
  #file?: FileTally;

  write(text: string): void {
    this.#lines.write(text);
  }

  end(): CoverageReport {
    this.#lines.end();
    if (this.#lines.number === 0) {
      throw new InputError('Line 1: the cover profile is empty');
    }
    for (const [file, blocks] of this.#blocks) {
      addBlocks(file, [...blocks.values()]);
    }
    return this.#builder.build({ format: 'go-cover', tool: 'Go' });
  }

  #take(text: string, line: number) {
    if (line === 1 || text.startsWith('mode:')) {
      if (!/^mode: (set|count|atomic)$/.test(text)) {
        throw new InputError(
          `Line ${line}: ${JSON.stringify(
            text.slice(0, 40),
          )} is not a mode of Go's cover profile: set, count or atomic`,
        );
      }
      return;
    }
    if (text !== '') {
      this.#takeBlock(text, line);
    }
  }

  #takeBlock(text: string, line: number) {
    const match = blockPattern.exec(text);
    if (!match) {
      throw new InputError(
        `Line ${line}: ${JSON.stringify(
          text.slice(0, 60),
        )} is not like "file.go:12.34,14.2 3 1"`,
      );
    }
    const [, path, startLine, startColumn, endLine, endColumn] = match;
    const statements = count(match[6], () => `Line ${line}, statements`);
    const hit = count(match[7], () => `Line ${line}, count`) > 0;
    const from = lineNumber(startLine, 'block', line);
    const to = lineNumber(endLine, 'block', line);
    if (to < from || to - from > maxBlock) {
      throw new InputError(`Line ${line}: a block from ${from} to ${to}`);
    }
    if (this.#file?.path !== path) {
      this.#file = this.#builder.file(path, `Line ${line}`, packageOf(path));
    }
    const file = this.#file;
    const blocks = this.#blocks.get(file) ?? new Map<string, Block>();
    this.#blocks.set(file, blocks);
    const place = `${startLine}.${startColumn},${endLine}.${endColumn}`;
    const known = blocks.get(place);
    if (known && known.statements !== statements) {
      throw new InputError(
        `Line ${line}: the block had ${known.statements} statements before, now ${statements}`,
      );
    }
    if (known && (known.hit || !hit)) {
      return;
    }
    blocks.set(ownText(place), { from, to, statements, hit });
  }
}

function addBlocks(file: FileTally, blocks: Block[]) {
  blocks.sort((left, right) => left.from - right.from);
  for (const { statements, hit } of blocks) {
    file.stateLines({ covered: hit ? statements : 0, total: statements });
  }
  addLines(file, blocks, true);
  addLines(file, blocks, false);
}

/** Adds each line once, however many blocks it is in: blocks that overlap would be too many lines. */
function addLines(file: FileTally, blocks: readonly Block[], hit: boolean) {
  let next = 0;
  for (const block of blocks) {
    if (block.hit === hit) {
      for (let line = Math.max(block.from, next); line <= block.to; line += 1) {
        file.addLine(line, hit);
      }
      next = Math.max(next, block.to + 1);
    }
  }
}

function packageOf(path: string): string | undefined {
  const slash = path.lastIndexOf('/');
  return slash > 0 ? path.slice(0, slash) : undefined;
}

export const goCover: ReportFormat = {
  format: 'go-cover',
  detect: head => /^mode: /.test(head),
  createParser: () => new GoCoverParser(),
};
