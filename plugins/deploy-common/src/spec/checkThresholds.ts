import { EvidenceType } from '../model';
import { knownUnit } from './knownMetrics';
import { GateDocument } from './normaliseGates';
import { quote } from './suggest';

/** Notes what is wrong with one key of a rule; without key, with the rule. */
export type Note = (
  key: keyof GateDocument | undefined,
  message: string,
  remedy: string,
) => void;

/** What a rule is about. */
export interface Subject {
  type: EvidenceType;
  name: string;
}

/** The least and the most that a number can be. */
function rangeOf(
  gate: GateDocument,
  subject: Subject,
): { least: number; most: number } {
  const unit = gate.unit ?? knownUnit(subject.type, subject.name);
  const most = { percent: 100, ratio: 1 }[unit ?? ''] ?? Infinity;
  return { least: unit === undefined ? -Infinity : 0, most };
}

/** Some number that can be measured must meet all thresholds, and some must not. */
export function checkThresholds(
  gate: GateDocument,
  subject: Subject,
  note: Note,
) {
  const { least, most } = rangeOf(gate, subject);
  const { minimum, maximum, moreThan, lessThan } = gate;
  const percent = most === 100;
  const never = (key: keyof GateDocument, limit: string) =>
    note(
      key,
      `the number is ${limit}, so that this can never hold`,
      percent ? 'Write a number from 0 to 100.' : 'Correct the number.',
    );
  const always = (key: keyof GateDocument, limit: string) =>
    note(
      key,
      `the number is ${limit} in any case, so that this says nothing`,
      most === 1
        ? 'For 1 percent write 0.01, or add unit: percent.'
        : 'Correct the number, or remove the gate.',
    );
  const low = `at least ${least}`;
  const high = `at most ${most}`;
  if (minimum !== undefined) {
    if (minimum > most) never('minimum', high);
    if (minimum <= least) always('minimum', low);
  }
  if (moreThan !== undefined) {
    if (moreThan >= most) never('moreThan', high);
    if (moreThan < least) always('moreThan', low);
  }
  if (maximum !== undefined) {
    if (maximum < least) never('maximum', low);
    if (maximum >= most) always('maximum', high);
  }
  if (lessThan !== undefined) {
    if (lessThan <= least) never('lessThan', low);
    // A ratio below 1 is written by who means one percent.
    if (lessThan > most || (most === 1 && lessThan === 1)) {
      always('lessThan', high);
    }
  }
  checkApart(gate, note);
}

/** Some number must meet all of them. */
function checkApart(gate: GateDocument, note: Note) {
  for (const low of ['minimum', 'moreThan'] as const) {
    for (const high of ['maximum', 'lessThan'] as const) {
      const from = gate[low] ?? -Infinity;
      const to = gate[high] ?? Infinity;
      const touching = low === 'minimum' && high === 'maximum';
      if (from > to || (from === to && !touching)) {
        note(
          low,
          `no number is both ${quote(low)} ${from} and ${quote(high)} ${to}`,
          'Swap or correct the numbers.',
        );
      }
    }
  }
}
