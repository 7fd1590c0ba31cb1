import { InputError } from '@backstage/errors';
import { JsonReader } from '../JsonReader';
import { count } from '../numbers';
import { CoverageReport, ReportFormat, ReportParser } from '../types';
import { CoverageBuilder } from './CoverageBuilder';
import { lineNumber } from './counts';
import { Fields, fieldsOf, listOf } from './fields';
import { FileTally } from './FileTally';

/**
 * Istanbul's `coverage-final.json`, by Istanbul, c8 or Vitest. As Istanbul does, a line is one in which a
 * statement begins, covered if any such statement was run.
 */
class IstanbulParser implements ReportParser {
  readonly #builder = new CoverageBuilder();
  readonly #reader = new JsonReader({
    paths: ['$.*'],
    onValue: (value, [key]) => this.#takeFile(String(key), value),
  });

  write(text: string): void {
    this.#reader.write(text);
  }

  end(): CoverageReport {
    this.#reader.end();
    return this.#builder.build({ format: 'istanbul' });
  }

  #takeFile(key: string, value: unknown) {
    const outer = fieldsOf(value, key);
    const fields = outer.data ? fieldsOf(outer.data, `${key}.data`) : outer;
    const path = typeof fields.path === 'string' ? fields.path : key;
    const file = this.#builder.file(path, key);
    takeStatements(file, fields, key);
    takeFunctions(file, fields, key);
    takeBranches(file, fields, key);
  }
}

function takeStatements(file: FileTally, fields: Fields, key: string) {
  const statements = fieldsOf(fields.statementMap, `${key}.statementMap`);
  const hits = fieldsOf(fields.s, `${key}.s`);
  checkSameKeys(statements, hits, `${key}.s`);
  for (const [id, place] of Object.entries(statements)) {
    const where = `${key}.statementMap.${id}`;
    const start = fieldsOf(fieldsOf(place, where).start, `${where}.start`);
    file.addLine(
      lineNumber(start.line, `${where}.start.line`),
      count(hits[id], `${key}.s.${id}`) > 0,
    );
  }
}

function takeFunctions(file: FileTally, fields: Fields, key: string) {
  const hits = Object.entries(fieldsOf(fields.f, `${key}.f`));
  const covered = hits.filter(([id, hit]) => count(hit, `${key}.f.${id}`) > 0);
  file.addFunctions({ covered: covered.length, total: hits.length });
}

function takeBranches(file: FileTally, fields: Fields, key: string) {
  const branches = fieldsOf(fields.b, `${key}.b`);
  for (const [id, paths] of Object.entries(branches)) {
    const where = `${key}.b.${id}`;
    const hits = listOf(paths, where).map(hit => count(hit, where));
    file.addBranches({
      covered: hits.filter(hit => hit > 0).length,
      total: hits.length,
    });
  }
}

function checkSameKeys(places: Fields, hits: Fields, where: string) {
  const stray = Object.keys(hits).find(id => !Object.hasOwn(places, id));
  if (stray !== undefined) {
    throw new InputError(
      `${where}: ${JSON.stringify(stray.slice(0, 40))} has hits, but no place`,
    );
  }
}

export const istanbul: ReportFormat = {
  format: 'istanbul',
  detect: head =>
    /^\s*\{\s*"(?:[^"\\]|\\.)*"\s*:\s*\{/.test(head) &&
    /"statementMap"\s*:\s*\{/.test(head),
  createParser: () => new IstanbulParser(),
};
