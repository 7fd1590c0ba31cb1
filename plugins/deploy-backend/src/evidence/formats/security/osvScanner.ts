import { InputError } from '@backstage/errors';
import { Finding, Severity } from '@vvp/backstage-plugin-deploy-common';
import { JsonReader } from '../JsonReader';
import { ReportFormat, ReportParser, SecurityReport } from '../types';
import { FindingList } from './FindingList';
import { dig, list, text } from '../json';
import { oneLine, plainPath } from '../plainText';
import {
  severityOfScore,
  severityOfVector,
  severityOfWord,
  unratedSeverity,
  worst,
} from './severity';

/** More packages than any report with an acceptable number of findings has. */
const maxFound = 100_000;

interface Found {
  source: string | number;
  finding: Finding;
}

/**
 * Reads the JSON of OSV-Scanner 1 and 2. As it counts itself, advisories of one group (aliases of each other)
 * are one finding, and those that it found never called or unimportant stand apart: they are suppressed here.
 *
 * A finding is as bad as the group's `max_severity`, else as the worst CVSS vector of its advisories, else as
 * the worst word of their databases. Malicious packages (`MAL-`) are critical; what nobody rated is high.
 *
 * @see https://google.github.io/osv-scanner/output/#json
 */
class OsvScannerParser implements ReportParser {
  readonly #found: Found[] = [];
  readonly #sources = new Map<string | number, unknown>();
  #image = false;
  #hasResults = false;
  readonly #reader = new JsonReader({
    paths: [
      '$.results.*.source',
      '$.results.*.packages.*',
      '$.image_metadata',
      '$.image_metadata.os',
    ],
    onValue: (value, path) => {
      if (path[0] === 'image_metadata') {
        this.#image ||= Boolean(value);
      } else if (path[2] === 'source') {
        this.#sources.set(path[1], value);
      } else {
        const where = `results[${path[1]}].packages[${path[3]}]`;
        for (const finding of findingsOf(value, where)) {
          this.#found.push({ source: path[1], finding });
        }
        if (this.#found.length > maxFound) {
          throw new InputError(`results: more than ${maxFound} findings`);
        }
      }
    },
    onList: path => {
      this.#hasResults ||= path.length === 1 && path[0] === 'results';
    },
  });

  write(piece: string): void {
    this.#reader.write(piece);
  }

  end(): SecurityReport {
    this.#reader.end();
    if (!this.#hasResults) {
      throw new InputError(
        'results: missing, or not a list; this is no report of OSV-Scanner',
      );
    }
    const findings = new FindingList();
    for (const { source, finding } of this.#found) {
      const { path, image } = placeOf(this.#sources.get(source));
      const category = this.#image || image ? 'image' : 'dependency';
      findings.add({ ...finding, category, path });
    }
    return {
      type: 'security',
      format: 'osv-scanner',
      tool: 'OSV-Scanner',
      completed: true,
      findings: findings.list(),
    };
  }
}

function placeOf(source: unknown): { path?: string; image: boolean } {
  const path = text(dig(source, 'path'));
  const type = text(dig(source, 'type')) ?? '';
  return {
    path: path && plainPath(path),
    image: ['os', 'docker', 'artifact'].includes(type),
  };
}

function findingsOf(entry: unknown, where: string): Finding[] {
  const name =
    text(dig(entry, 'package', 'name')) ??
    text(dig(entry, 'package', 'commit'));
  const version = text(dig(entry, 'package', 'version'));
  const advisories = list(dig(entry, 'vulnerabilities'));
  if (!name && advisories.length > 0) {
    throw new InputError(`${where}.package.name: missing`);
  }
  const groups = list(dig(entry, 'groups'));
  const grouped =
    groups.length > 0
      ? groups
      : advisories.map(advisory => ({ ids: [dig(advisory, 'id')] }));
  return grouped.map((group, at) => {
    const ids = list(dig(group, 'ids')).filter(
      id => typeof id === 'string',
    ) as string[];
    if (ids.length === 0) {
      throw new InputError(`${where}.groups[${at}].ids: missing, or empty`);
    }
    const own = advisories.filter(advisory =>
      ids.includes(dig(advisory, 'id') as string),
    );
    return {
      ruleId: oneLine(ids[0]),
      title: titleOf(own) ?? `${ids[0]} in ${name}`,
      severity: severityOf(group, ids, own, `${where}.groups[${at}]`),
      category: 'dependency',
      package: name && oneLine(name, 200),
      version: version && oneLine(version, 200),
      fixedVersion: fixedVersionOf(own, name),
      url: `https://osv.dev/${encodeURIComponent(ids[0])}`,
      suppressed: isSetApart(group, ids),
    };
  });
}

function titleOf(advisories: unknown[]): string | undefined {
  const summary = advisories
    .map(advisory => text(dig(advisory, 'summary')))
    .find(Boolean);
  return summary && oneLine(summary);
}

function severityOf(
  group: unknown,
  ids: readonly string[],
  advisories: unknown[],
  where: string,
): Severity {
  if (ids.some(id => id.startsWith('MAL-'))) {
    return 'critical';
  }
  const score = dig(group, 'max_severity');
  if (score !== undefined && score !== '') {
    return severityOfScore(score, `${where}.max_severity`);
  }
  const vectors = advisories.flatMap(advisory =>
    list(dig(advisory, 'severity')).map(one => text(dig(one, 'score'))),
  );
  const words = advisories.map(advisory =>
    text(dig(advisory, 'database_specific', 'severity')),
  );
  return (
    worst(vectors.map(severityOfVector)) ??
    worst(words.map(severityOfWord)) ??
    unratedSeverity
  );
}

/** The first version that an advisory says is fixed. */
function fixedVersionOf(
  advisories: unknown[],
  name: string | undefined,
): string | undefined {
  for (const advisory of advisories) {
    for (const affected of list(dig(advisory, 'affected'))) {
      const isOther = dig(affected, 'package', 'name') !== name;
      for (const range of isOther ? [] : list(dig(affected, 'ranges'))) {
        const fixed = list(dig(range, 'events'))
          .map(event => text(dig(event, 'fixed')))
          .find(Boolean);
        if (fixed && dig(range, 'type') !== 'GIT') {
          return oneLine(fixed, 200);
        }
      }
    }
  }
  return undefined;
}

/** Whether OSV-Scanner itself found each advisory of the group never called, or of no importance. */
function isSetApart(group: unknown, ids: readonly string[]): boolean {
  const analysis = dig(group, 'experimental_analysis');
  return (
    analysis !== undefined &&
    ids.every(
      id =>
        dig(analysis, id, 'called') === false ||
        dig(analysis, id, 'unimportant') === true,
    )
  );
}

export const osvScanner: ReportFormat = {
  format: 'osv-scanner',
  detect: head =>
    /^\s*\{/.test(head) &&
    /"results"\s*:\s*\[/.test(head) &&
    (/"(packages|experimental_config|image_metadata)"\s*:/.test(head) ||
      /^\s*\{\s*"results"\s*:\s*\[\s*\]/.test(head)),
  createParser: () => new OsvScannerParser(),
};
