import { InputError } from '@backstage/errors';
import { JsonReader } from '../../JsonReader';
import { count } from '../../numbers';
import { ReportParser, TestReport } from '../../types';
import {
  longestMessage,
  longestName,
  longestTrace,
  reportText,
} from '../reportText';
import { TestTally } from '../TestTally';
import { fieldsOf, lineOf, textIn, textOf } from './fields';

/** Diagnostics that are read; more do not fit into a trace. */
const mostDiagnostics = 1_000;

interface Diagnostic {
  severity: string;
  summary: string;
  detail?: string;
  file?: string;
  line?: number;
}

/**
 * `terraform validate -json`, also of OpenTofu: one case, which fails if the configuration is not valid. Code
 * that the report cites is left out; it may hold what should not be seen.
 */
export class TerraformParser implements ReportParser {
  readonly #reader = new JsonReader({
    paths: [
      '$.format_version',
      '$.valid',
      '$.error_count',
      '$.warning_count',
      '$.diagnostics.*',
    ],
    onValue: (value, path) => this.#take(value, path),
  });
  readonly #diagnostics: Diagnostic[] = [];
  #valid?: boolean;
  #errors?: number;
  #listedErrors = 0;

  write(text: string): void {
    this.#reader.write(text);
  }

  end(): TestReport {
    this.#reader.end();
    if (this.#valid === undefined) {
      throw new InputError('valid is missing');
    }
    if (this.#errors === undefined) {
      throw new InputError('error_count is missing');
    }
    const errors = Math.max(this.#errors, this.#listedErrors);
    if (this.#valid && errors > 0) {
      throw new InputError(`valid: true, but there are ${errors} errors`);
    }
    const tally = new TestTally();
    const suite = tally.addSuite('terraform');
    if (this.#valid) {
      tally.pass(suite, undefined);
    } else {
      tally.note(suite, {
        suite: suite.name,
        name: 'validate',
        outcome: 'failed',
        flaky: false,
        ...this.#describe(),
      });
    }
    return tally.build({ format: 'terraform-validate', tool: 'Terraform' });
  }

  #take(value: unknown, path: readonly (string | number)[]) {
    switch (path[0]) {
      case 'format_version':
        checkVersion(value);
        break;
      case 'valid':
        if (typeof value !== 'boolean') {
          throw new InputError('valid: neither true nor false');
        }
        this.#valid = value;
        break;
      case 'error_count':
        this.#errors = count(value, 'error_count');
        break;
      case 'warning_count':
        count(value, 'warning_count');
        break;
      default:
        this.#takeDiagnostic(value, path.join('.'));
    }
  }

  #takeDiagnostic(value: unknown, where: string) {
    const fields = fieldsOf(value, where);
    const severity = textIn(fields, 'severity', where);
    this.#listedErrors += severity === 'error' ? 1 : 0;
    if (this.#diagnostics.length >= mostDiagnostics) {
      return;
    }
    const { filename, start } = Object(fields.range);
    this.#diagnostics.push({
      severity,
      summary: textIn(fields, 'summary', where),
      detail: textOf(fields, 'detail', where),
      file: typeof filename === 'string' ? filename : undefined,
      line: lineOf(Object(start).line),
    });
  }

  #describe() {
    const first = this.#diagnostics.find(
      ({ severity }) => severity === 'error',
    );
    const all = this.#diagnostics.map(explain).join('\n\n');
    return {
      message: reportText(
        first?.summary ?? 'The configuration is not valid',
        longestMessage,
      ),
      trace: reportText(all, longestTrace),
      file: reportText(first?.file, longestName),
      line: first?.line,
    };
  }
}

function explain(diagnostic: Diagnostic): string {
  const { severity, summary, detail, file, line } = diagnostic;
  const place = file && `${file}${line ? `:${line}` : ''}`;
  return [`${severity}: ${summary}`, place, detail].filter(Boolean).join('\n');
}

function checkVersion(version: unknown) {
  if (typeof version !== 'string' || !/^[01]\.\d+$/.test(version)) {
    throw new InputError(
      `format_version: ${JSON.stringify(version)?.slice(
        0,
        40,
      )} is not read; version 1 is`,
    );
  }
}
