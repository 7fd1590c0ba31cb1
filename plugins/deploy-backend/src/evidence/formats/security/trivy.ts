import { InputError } from '@backstage/errors';
import { JsonReader } from '../JsonReader';
import { ReportFormat, ReportParser, SecurityReport } from '../types';
import { FindingList } from './FindingList';
import { text } from '../json';
import { oneLine } from '../plainText';
import { trivyFinding, TrivyKind, TrivyTarget } from './trivyFinding';
import { utcTime } from '../utcTime';

/** More than any report with an acceptable number of findings has. */
const maxEntries = 100_000;

const kinds: Record<string, TrivyKind> = {
  Vulnerabilities: 'vulnerability',
  Misconfigurations: 'misconfiguration',
  Secrets: 'secret',
  ExperimentalModifiedFindings: 'suppressed',
};

interface Entry {
  result: string | number;
  kind: TrivyKind;
  value: unknown;
  where: string;
}

/**
 * Reads the JSON of Trivy, schema version 2 (Trivy 0.20 and later), of `image`, `filesystem`, `repository`,
 * `rootfs`, `config`, `sbom` and `vm`. Licenses are no findings.
 *
 * @see https://trivy.dev/latest/docs/configuration/reporting/#json
 */
class TrivyParser implements ReportParser {
  readonly #findings = new FindingList();
  readonly #targets = new Map<string | number, TrivyTarget>();
  readonly #waiting: Entry[] = [];
  readonly #facts = new Map<string, unknown>();
  readonly #reader = new JsonReader({
    paths: [
      '$.SchemaVersion',
      '$.ArtifactType',
      '$.CreatedAt',
      '$.Trivy.Version',
      '$.Results.*.Target',
      '$.Results.*.Class',
      ...Object.keys(kinds).map(key => `$.Results.*.${key}.*`),
    ],
    onValue: (value, path) => {
      if (path[0] !== 'Results') {
        this.#facts.set(path[0] as string, value);
      } else if (path.length === 3) {
        const target = this.#targets.get(path[1]) ?? {};
        const key = path[2] === 'Target' ? 'name' : 'class';
        this.#targets.set(path[1], { ...target, [key]: text(value) });
      } else {
        this.#wait({
          result: path[1],
          kind: kinds[path[2]],
          value: slim(value),
          where: `Results[${path[1]}].${path[2]}[${path[3]}]`,
        });
      }
    },
  });

  write(piece: string): void {
    this.#reader.write(piece);
  }

  end(): SecurityReport {
    this.#reader.end();
    const { SchemaVersion, ArtifactType, CreatedAt, Trivy } =
      Object.fromEntries(this.#facts);
    if (SchemaVersion !== 2) {
      throw new InputError(
        'SchemaVersion: only version 2 of Trivy’s JSON is read, which Trivy writes since 0.20; reports of "trivy k8s" are not',
      );
    }
    for (const { result, kind, value, where } of this.#waiting) {
      const target = this.#targets.get(result) ?? {};
      const artifact = text(ArtifactType);
      const found = trivyFinding(kind, value, { ...target, artifact }, where);
      if (found) {
        this.#findings.add(found.finding, found.more);
      }
    }
    const version = text(Trivy);
    return {
      type: 'security',
      format: 'trivy',
      tool: version ? oneLine(`Trivy ${version}`) : 'Trivy',
      measuredAt:
        CreatedAt === undefined ? undefined : utcTime(CreatedAt, 'CreatedAt'),
      completed: true,
      findings: this.#findings.list(),
    };
  }

  /** The kind of artifact and the target may be told after the findings. */
  #wait(entry: Entry): void {
    this.#waiting.push(entry);
    if (this.#waiting.length > maxEntries) {
      throw new InputError(`Results: more than ${maxEntries} entries`);
    }
  }
}

/** What is long and not needed: the code around a finding, which may hold a secret, too. */
const bulky = ['Code', 'Match', 'Description', 'References', 'CVSS', 'Layer'];

function slim(value: unknown): unknown {
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(
        Object.entries(value).filter(([key]) => !bulky.includes(key)),
      )
    : value;
}

export const trivy: ReportFormat = {
  format: 'trivy',
  detect: head =>
    /^\s*\{/.test(head) &&
    /"SchemaVersion"\s*:/.test(head) &&
    /"Artifact(Name|Type)"\s*:/.test(head),
  createParser: () => new TrivyParser(),
};
