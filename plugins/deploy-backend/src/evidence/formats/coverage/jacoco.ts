import { InputError } from '@backstage/errors';
import { CoverageCounts } from '@vvp/backstage-plugin-deploy-common';
import { count } from '../numbers';
import { CoverageReport, ReportFormat, ReportParser } from '../types';
import { XmlReader } from '../XmlReader';
import { xmlRoot } from '../xmlRoot';
import { lineNumber } from './counts';
import { CoverageBuilder } from './CoverageBuilder';
import { FileTally } from './FileTally';
import { timeOf } from './time';

type Attributes = Record<string, string>;

const kinds: Record<string, keyof CoverageCounts> = {
  LINE: 'lines',
  BRANCH: 'branches',
  METHOD: 'functions',
};

/**
 * JaCoCo XML. A line is covered if any of its instructions was run; methods are counted for each file. The
 * path of a file is its package and name, so it needs a root to be found in a repository.
 */
class JacocoParser implements ReportParser {
  readonly #builder = new CoverageBuilder();
  readonly #reader = new XmlReader({
    open: (name, attributes, line) => this.#open(name, attributes, line),
    close: name => this.#close(name),
  });
  readonly #stated: Partial<CoverageCounts> = {};
  readonly #elements: string[] = [];
  #measuredAt?: string;
  #package = '';
  #file?: FileTally;

  write(text: string): void {
    this.#reader.write(text);
  }

  end(): CoverageReport {
    this.#reader.end();
    return this.#builder.build({
      format: 'jacoco',
      tool: 'JaCoCo',
      measuredAt: this.#measuredAt,
      stated: this.#builder.isEmpty ? this.#stated : undefined,
    });
  }

  #open(name: string, attributes: Attributes, line: number) {
    if (this.#elements.length === 0 && name !== 'report') {
      throw new InputError(
        `Line ${line}: <${name.slice(
          0,
          40,
        )}> is not the root of a JaCoCo report, <report> is`,
      );
    }
    this.#elements.push(name);
    switch (name) {
      case 'line':
        this.#openLine(attributes, line);
        break;
      case 'counter':
        this.#openCounter(attributes, line);
        break;
      case 'sourcefile': {
        const { name: file } = attributes;
        this.#file = this.#builder.file(
          file && (this.#package ? `${this.#package}/${file}` : file),
          `Line ${line}, name`,
          this.#package.replaceAll('/', '.'),
        );
        break;
      }
      case 'package':
        this.#package = attributes.name ?? '';
        break;
      case 'sessioninfo':
        this.#measuredAt = timeOf(attributes.dump) ?? this.#measuredAt;
        break;
      default:
    }
  }

  #close(name: string) {
    this.#elements.pop();
    if (name === 'sourcefile') {
      this.#file = undefined;
    }
  }

  #openLine(attributes: Attributes, line: number) {
    if (!this.#file) {
      throw new InputError(`Line ${line}: a <line> outside of a <sourcefile>`);
    }
    const field = (name: string) => count(attributes[name], name, line);
    const number = lineNumber(attributes.nr, 'nr', line);
    field('mi');
    this.#file.addLine(number, field('ci') > 0);
    const covered = field('cb');
    const total = covered + field('mb');
    if (total > 0) {
      this.#file.addLineBranches(number, { covered, total });
    }
  }

  #openCounter(attributes: Attributes, line: number) {
    const covered = count(attributes.covered, 'covered', line);
    const missed = count(attributes.missed, 'missed', line);
    const kind = kinds[attributes.type];
    const counted = { covered, total: covered + missed };
    if (kind === 'functions') {
      this.#file?.addFunctions(counted);
    }
    if (kind && this.#elements.length === 2) {
      this.#stated[kind] = counted;
    }
  }
}

export const jacoco: ReportFormat = {
  format: 'jacoco',
  detect: head => {
    const root = xmlRoot(head);
    return (
      root?.name === 'report' &&
      (/jacoco/i.test(root.doctype) ||
        /^<(sessioninfo|group|package)\b/.test(root.rest))
    );
  },
  createParser: () => new JacocoParser(),
};
