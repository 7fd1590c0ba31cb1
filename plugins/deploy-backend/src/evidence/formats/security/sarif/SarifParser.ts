import { InputError } from '@backstage/errors';
import { JsonReader } from '../../JsonReader';
import { ReportParser, SecurityReport } from '../../types';
import { FindingList } from '../FindingList';
import { SarifRun } from './SarifRun';

const paths = [
  '$.version',
  '$.runs.*.tool.driver.name',
  '$.runs.*.tool.driver.semanticVersion',
  '$.runs.*.tool.driver.version',
  '$.runs.*.tool.driver.rules.*',
  '$.runs.*.tool.extensions.*.rules.*',
  '$.runs.*.invocations.*',
  '$.runs.*.artifacts.*.location.uri',
  '$.runs.*.properties.imageName',
  '$.runs.*.results.*',
];

const maxRuns = 100;

/**
 * Reads SARIF 2.1.0 in whatever order its keys come: results may stand before the rules that they break.
 *
 * The scan has come to its end if there is a run, each run has a list of results (empty or not), and no
 * invocation says `executionSuccessful: false`.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export class SarifParser implements ReportParser {
  readonly #runs: SarifRun[] = [];
  #version: unknown;
  #hasRuns = false;
  readonly #reader = new JsonReader({
    paths,
    onValue: (value, path) => {
      if (path[0] === 'version') {
        this.#version = value;
      } else {
        this.#run(path[1]).take(value, path.slice(2));
      }
    },
    onList: path => {
      if (path[0] === 'runs' && path.length === 1) {
        this.#hasRuns = true;
      } else if (path[0] === 'runs' && path.length === 3) {
        this.#run(path[1]).hasResults ||= path[2] === 'results';
      }
    },
  });

  write(text: string): void {
    this.#reader.write(text);
  }

  end(): SecurityReport {
    this.#reader.end();
    if (this.#version !== '2.1.0') {
      throw new InputError(
        'version: only SARIF 2.1.0 is read; have the tool write that version, or convert the file',
      );
    }
    if (!this.#hasRuns) {
      throw new InputError('runs: missing, or not a list');
    }
    const findings = new FindingList();
    for (const run of this.#runs) {
      for (const { finding, more } of run.findings()) {
        findings.add(finding, more);
      }
    }
    const tools = new Set(this.#runs.map(run => run.tool));
    const ends = this.#runs.map(run => run.endedAt).filter(Boolean);
    return {
      type: 'security',
      format: 'sarif',
      tool: [...tools].join(', ') || undefined,
      measuredAt: ends.sort().at(-1),
      completed:
        this.#runs.length > 0 && this.#runs.every(run => run.completed),
      findings: findings.list(),
    };
  }

  #run(at: string | number): SarifRun {
    if (typeof at !== 'number') {
      throw new InputError('runs: not a list');
    }
    if (at >= maxRuns) {
      throw new InputError(`runs: there are more than ${maxRuns}`);
    }
    this.#runs[at] ??= new SarifRun(`runs[${at}]`);
    return this.#runs[at];
  }
}
