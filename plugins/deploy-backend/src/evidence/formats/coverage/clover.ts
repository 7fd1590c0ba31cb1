import { InputError } from '@backstage/errors';
import { CoverageCount } from '@vvp/backstage-plugin-deploy-common';
import { count } from '../numbers';
import { CoverageReport, ReportFormat, ReportParser } from '../types';
import { XmlReader } from '../XmlReader';
import { xmlRoot } from '../xmlRoot';
import { coverageCount, lineNumber } from './counts';
import { CoverageBuilder } from './CoverageBuilder';
import { FileTally } from './FileTally';
import { timeOf } from './time';

type Attributes = Record<string, string>;

/**
 * Clover XML, by Clover, Istanbul or PHPUnit. Lines are those with a statement or condition: the line that a
 * method begins in is none. Branches and functions are the file's own sums, because what `truecount` means
 * differs from tool to tool.
 */
class CloverParser implements ReportParser {
  readonly #builder = new CoverageBuilder();
  readonly #reader = new XmlReader({
    open: (name, attributes, line) => this.#open(name, attributes, line),
    close: name => this.#close(name),
  });
  readonly #elements: string[] = [];
  #measuredAt?: string;
  #package?: string;
  #file?: FileTally;

  write(text: string): void {
    this.#reader.write(text);
  }

  end(): CoverageReport {
    this.#reader.end();
    return this.#builder.build({
      format: 'clover',
      measuredAt: this.#measuredAt,
    });
  }

  #open(name: string, attributes: Attributes, line: number) {
    const parent = this.#elements[this.#elements.length - 1];
    if (!parent) {
      this.#openReport(name, attributes, line);
    }
    this.#elements.push(name);
    // What is under <testproject> is the tests' own code.
    if (this.#elements[1] === 'testproject') {
      return;
    }
    switch (name) {
      case 'line':
        this.#openLine(attributes, line);
        break;
      case 'metrics':
        this.#openMetrics(attributes, line, parent === 'file');
        break;
      case 'file':
        this.#file = this.#builder.file(
          attributes.path ?? attributes.name,
          `Line ${line}, name`,
          this.#package,
        );
        break;
      case 'package':
        this.#package = attributes.name;
        break;
      default:
    }
  }

  #close(name: string) {
    this.#elements.pop();
    if (name === 'file') {
      this.#file = undefined;
    } else if (name === 'package') {
      this.#package = undefined;
    }
  }

  #openReport(name: string, attributes: Attributes, line: number) {
    if (name !== 'coverage') {
      throw new InputError(
        `Line ${line}: <${name.slice(
          0,
          40,
        )}> is not the root of a Clover report, <coverage> is`,
      );
    }
    const version = attributes.clover;
    if (version !== undefined && !/^[1-4]\./.test(version)) {
      throw new InputError(
        `Line ${line}, clover: version ${JSON.stringify(
          version.slice(0, 40),
        )} is not read; 1 to 4 are`,
      );
    }
    this.#measuredAt = timeOf(attributes.generated);
  }

  #openLine(attributes: Attributes, line: number) {
    if (!this.#file) {
      throw new InputError(`Line ${line}: a <line> outside of a <file>`);
    }
    const number = lineNumber(attributes.num, 'num', line);
    const hits = attributes.count ?? conditionHits(attributes);
    const hit = count(hits, 'count', line) > 0;
    if (attributes.type !== 'method') {
      this.#file.addLine(number, hit);
    }
  }

  #openMetrics(attributes: Attributes, line: number, ofFile: boolean) {
    const statements = metric(attributes, 'statements', line);
    const branches = metric(attributes, 'conditionals', line);
    const functions = metric(attributes, 'methods', line);
    if (!ofFile || !this.#file || !statements) {
      return;
    }
    if (functions) {
      this.#file.addFunctions(functions);
    }
    if (branches) {
      this.#file.addBranches(branches);
    }
  }
}

/** A condition without a count was reached if it was either true or false. */
function conditionHits(attributes: Attributes): string | undefined {
  return attributes.type === 'cond' && Number(attributes.falsecount) > 0
    ? attributes.falsecount
    : attributes.truecount;
}

function metric(
  attributes: Attributes,
  kind: 'statements' | 'conditionals' | 'methods',
  line: number,
): CoverageCount | undefined {
  const total = attributes[kind];
  return total === undefined
    ? undefined
    : coverageCount(
        attributes[`covered${kind}`],
        total,
        `covered${kind}`,
        line,
      );
}

export const clover: ReportFormat = {
  format: 'clover',
  detect: head => {
    const root = xmlRoot(head);
    return (
      root?.name === 'coverage' && /^<(project|testproject)\b/.test(root.rest)
    );
  },
  createParser: () => new CloverParser(),
};
