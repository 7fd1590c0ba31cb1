import { InputError } from '@backstage/errors';
import { Finding } from '@vvp/backstage-plugin-deploy-common';
import { JsonReader } from '../JsonReader';
import { ReportFormat, ReportParser, SecurityReport } from '../types';
import { FindingList } from './FindingList';
import { dig, list, text } from '../json';
import { oneLine } from '../plainText';
import { unratedSeverity } from './severity';

/**
 * Reads the JSON of pip-audit: `{dependencies, fixes}`, and the bare list of dependencies that its first versions
 * wrote.
 *
 * pip-audit tells no severity, so each vulnerability counts as high: it must not pass a rule that forbids high
 * ones. A dependency that could not be audited is a finding of its own, `not-audited`, for information.
 *
 * @see https://github.com/pypa/pip-audit#readme
 */
class PipAuditParser implements ReportParser {
  readonly #findings = new FindingList();
  #hasList = false;
  #reader?: JsonReader;

  write(piece: string): void {
    if (!this.#reader && piece.trim() === '') {
      return;
    }
    this.#reader ??= this.#createReader(piece.trimStart().startsWith('['));
    this.#reader.write(piece);
  }

  end(): SecurityReport {
    (this.#reader ?? this.#createReader(false)).end();
    if (!this.#hasList) {
      throw new InputError(
        'dependencies: missing, or not a list; this is no report of pip-audit',
      );
    }
    return {
      type: 'security',
      format: 'pip-audit',
      tool: 'pip-audit',
      completed: true,
      findings: this.#findings.list(),
    };
  }

  #createReader(bare: boolean): JsonReader {
    const wanted = bare ? [] : ['dependencies'];
    return new JsonReader({
      paths: [['$', ...wanted, '*'].join('.')],
      onValue: (value, path) => {
        const at = `[${path.at(-1)}]`;
        const where = bare ? at : `dependencies${at}`;
        for (const finding of findingsOf(value, where)) {
          this.#findings.add(finding);
        }
      },
      onList: path => {
        this.#hasList ||= path.join('.') === wanted.join('.');
      },
    });
  }
}

function findingsOf(dependency: unknown, where: string): Finding[] {
  const name = text(dig(dependency, 'name'));
  const skipped = text(dig(dependency, 'skip_reason'));
  const vulnerabilities = dig(dependency, 'vulns');
  if (!name) {
    throw new InputError(`${where}.name: missing`);
  }
  if (skipped) {
    return [
      {
        ruleId: 'not-audited',
        title: oneLine(skipped),
        severity: 'info',
        category: 'dependency',
        package: oneLine(name, 200),
        suppressed: false,
      },
    ];
  }
  if (!Array.isArray(vulnerabilities)) {
    throw new InputError(`${where}.vulns: missing, or not a list`);
  }
  const version = text(dig(dependency, 'version'));
  return vulnerabilities.map((vulnerability, at) => {
    const id = text(dig(vulnerability, 'id'));
    if (!id) {
      throw new InputError(`${where}.vulns[${at}].id: missing`);
    }
    const fixed = list(dig(vulnerability, 'fix_versions')).filter(text);
    const about = text(dig(vulnerability, 'description'));
    return {
      ruleId: oneLine(id),
      title: oneLine(about ?? `${id} in ${name}`),
      severity: unratedSeverity,
      category: 'dependency',
      package: oneLine(name, 200),
      version: version && oneLine(version, 200),
      fixedVersion:
        fixed.length > 0 ? oneLine(fixed.join(', '), 200) : undefined,
      url: `https://osv.dev/${encodeURIComponent(id)}`,
      suppressed: false,
    };
  });
}

export const pipAudit: ReportFormat = {
  format: 'pip-audit',
  detect: head =>
    /^\s*\{\s*"dependencies"\s*:\s*\[\s*(\{\s*"name"\s*:|\])/.test(head) ||
    /^\s*\[\s*\{\s*"name"\s*:\s*"[^"]*"\s*,\s*("version"\s*:\s*"[^"]*"\s*,\s*"vulns"|"skip_reason")\s*:/.test(
      head,
    ),
  createParser: () => new PipAuditParser(),
};
