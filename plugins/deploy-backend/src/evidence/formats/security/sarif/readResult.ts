import { InputError } from '@backstage/errors';
import { Severity } from '@vvp/backstage-plugin-deploy-common';
import { count } from '../../numbers';
import { dig, list, text } from '../../json';
import { oneLine, plainPath } from '../../plainText';
import { severityOfRating, severityOfWord } from '../severity';
import { PackageFacts, packageFacts } from './packageFacts';
import { readLevel, SarifLevel } from './readLevel';

/** A result of a run, before the rules are known. */
export interface SarifResult {
  ruleId?: string;
  ruleIndex?: number;
  /** Index in the tool's extensions, absent for the tool itself. */
  extension?: number;
  /** What decides whether the tool complains or merely tells. */
  kind: 'fail' | 'other';
  level?: SarifLevel;
  /** Of `security-severity` at the result itself. */
  scored?: Severity;
  /** Bandit's `issue_severity`. */
  rated?: Severity;
  message?: string;
  messageId?: string;
  facts: PackageFacts;
  path?: string;
  /** Where the path is in the run's artifacts, if it is not here. */
  artifact?: number;
  line?: number;
  column?: number;
  suppressed: boolean;
}

/**
 * Reads a result; undefined if it is no finding: a rule that passed or does not apply, or a finding of an
 * earlier run that is gone.
 *
 * @param where - such as `runs[0].results[12]`
 */
export function readResult(
  raw: unknown,
  where: string,
): SarifResult | undefined {
  const kind = readKind(dig(raw, 'kind'), `${where}.kind`);
  if (!kind || dig(raw, 'baselineState') === 'absent') {
    return undefined;
  }
  const message = text(dig(raw, 'message', 'text'));
  const messageId = text(dig(raw, 'message', 'id'));
  if (!message && !messageId) {
    throw new InputError(
      `${where}.message: a result needs a text or an id of one`,
    );
  }
  const ruleId = text(dig(raw, 'ruleId')) ?? text(dig(raw, 'rule', 'id'));
  return {
    ruleId: ruleId && oneLine(ruleId),
    ruleIndex: index(dig(raw, 'ruleIndex')) ?? index(dig(raw, 'rule', 'index')),
    extension: index(dig(raw, 'rule', 'toolComponent', 'index')),
    kind,
    level: readLevel(dig(raw, 'level'), `${where}.level`),
    scored: severityOfRating(
      dig(raw, 'properties', 'security-severity'),
      `${where}.properties.security-severity`,
    ),
    rated: severityOfWord(text(dig(raw, 'properties', 'issue_severity'))),
    message: message && oneLine(message),
    messageId,
    facts: packageFacts(message ?? ''),
    ...readPlace(dig(raw, 'locations', 0, 'physicalLocation'), where),
    suppressed: isSuppressed(list(dig(raw, 'suppressions'))),
  };
}

function readKind(
  value: unknown,
  where: string,
): SarifResult['kind'] | undefined {
  switch (value) {
    case undefined:
    case null:
    case 'fail':
      return 'fail';
    case 'open':
    case 'review':
    case 'informational':
      return 'other';
    case 'pass':
    case 'notApplicable':
      return undefined;
    default:
      throw new InputError(
        `${where}: not one of fail, open, review, informational, pass and notApplicable`,
      );
  }
}

/** SARIF writes -1 for "none". */
function index(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0
    ? (value as number)
    : undefined;
}

function readPlace(place: unknown, where: string) {
  const uri = text(dig(place, 'artifactLocation', 'uri'));
  const line = dig(place, 'region', 'startLine');
  const lineWhere = `${where}.locations[0].physicalLocation.region.startLine`;
  return {
    path: uri && plainPath(uri),
    artifact: index(dig(place, 'artifactLocation', 'index')),
    // Some tools write 0 for "the whole file".
    line: line === undefined ? undefined : count(line, lineWhere) || undefined,
    column: index(dig(place, 'region', 'startColumn')),
  };
}

/** One that is still under review, or was rejected, suppresses nothing. */
function isSuppressed(suppressions: readonly unknown[]): boolean {
  return (
    suppressions.length > 0 &&
    suppressions.every(suppression => {
      const status = dig(suppression, 'status') ?? 'accepted';
      return status === 'accepted';
    })
  );
}
