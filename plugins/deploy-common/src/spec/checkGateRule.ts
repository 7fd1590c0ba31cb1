import { parseDuration } from '../gates/duration';
import { convertUnit } from '../gates/units';
import { EvidenceType, evidenceTypes } from '../model';
import { knownMetric, knownUnit, thresholdKeys } from './knownMetrics';
import { GateDocument, subjectOf } from './normaliseGates';
import { checkThresholds, Note, Subject } from './checkThresholds';
import { quote } from './suggest';

/** Notes what is wrong at a place. */
export type Report = (
  path: readonly string[],
  message: string,
  remedy: string,
) => void;

/** Checks what one rule says by itself: it must ask for something that can hold and can fail. */
export function checkGateRule(
  gate: GateDocument | boolean,
  path: readonly string[],
  report: Report,
): void {
  if (typeof gate === 'boolean') {
    if (gate) {
      report(
        path,
        'true says nothing about what is asked',
        'Write the rule, or false to switch it off.',
      );
    }
    return;
  }
  const note: Note = (key, message, remedy) =>
    report(key ? [...path, key] : path, message, remedy);
  const named = evidenceTypes.filter(type => gate[type] !== undefined);
  if (named.length > 1) {
    note(
      named[1],
      `the gate is about both ${quote(named[0])} and ${quote(named[1])}`,
      'Write two gates.',
    );
    return;
  }
  const subject = subjectOf(gate);
  checkKeys(gate, subject, note);
  checkSays(gate, subject, note);
  checkDurations(gate, note);
  if (subject && subject.name !== 'exists') {
    checkUnit(gate, subject, note);
    checkThresholds(gate, subject, note);
    checkBaseline(gate, subject, note);
  }
}

/** Keys that mean something only beside another. */
function checkKeys(
  gate: GateDocument,
  subject: Subject | undefined,
  note: Note,
) {
  const compared = subject !== undefined && subject.name !== 'exists';
  const any = subject !== undefined;
  const is = (...types: EvidenceType[]) =>
    subject !== undefined && types.includes(subject.type);
  const needs: [(keyof GateDocument)[], boolean, string][] = [
    [
      ['suite', 'mode', 'tool', 'environment', 'maxAge', 'sameCommit'],
      any,
      '"coverage", "test", "security" or "performance"',
    ],
    [['pendingFor'], any, '"coverage", "test", "security" or "performance"'],
    [
      [...thresholdKeys, 'noWorseThanBaseline'],
      compared,
      'the name of a number, such as coverage: lines',
    ],
    [
      ['severity', 'categories'],
      compared && is('security'),
      'security: findings',
    ],
    [
      ['scenario', 'unit'],
      compared && is('performance'),
      'a measurement, such as performance: latency.p95',
    ],
    [['completed'], is('security', 'test'), '"security" or "test"'],
    [
      ['smallChange'],
      subject?.type === 'coverage' && subject.name === 'changed-lines',
      'coverage: changed-lines',
    ],
  ];
  for (const [keys, holds, what] of needs) {
    for (const key of keys) {
      if (gate[key] !== undefined && !holds) {
        note(
          key,
          `${quote(key)} means nothing without ${what}`,
          'Add that, or remove this.',
        );
      }
    }
  }
}

/** A rule without anything that could fail. */
function checkSays(
  gate: GateDocument,
  subject: Subject | undefined,
  note: Note,
) {
  const compares =
    gate.noWorseThanBaseline !== undefined ||
    thresholdKeys.some(key => gate[key] !== undefined);
  if (subject && subject.name !== 'exists' && !compares) {
    note(
      subject.type,
      `the gate does not say how many ${quote(subject.name)} are asked`,
      'Add minimum, maximum, moreThan, lessThan or noWorseThanBaseline, or write exists.',
    );
  }
  const elsewhere = gate.passedIn ?? gate.succeededIn ?? gate.soak ?? undefined;
  if (!subject && elsewhere === undefined) {
    note(
      undefined,
      'the gate asks for nothing',
      'Say what it is about: coverage, test, security, performance, passedIn, succeededIn or soak.',
    );
  }
}

function checkDurations(gate: GateDocument, note: Note) {
  for (const key of ['maxAge', 'soak'] as const) {
    const value = gate[key];
    const text = typeof value === 'object' ? value.for : value;
    if (text !== undefined && parseDuration(text) === 0) {
      note(
        key,
        key === 'soak'
          ? 'no time at all is asked'
          : 'no report is so new that this could hold',
        'Write a time such as 1 hour.',
      );
    }
  }
}

function checkUnit(gate: GateDocument, subject: Subject, note: Note) {
  if (subject.type !== 'performance') {
    return;
  }
  const known = knownUnit(subject.type, subject.name);
  if (gate.unit === undefined) {
    const inUnits =
      gate.noWorseThanBaseline?.kind === 'absolute' ||
      thresholdKeys.some(key => gate[key] !== undefined);
    if (known === undefined && inUnits) {
      note(
        'performance',
        `it is not known which unit ${quote(subject.name)} is in`,
        'Add unit, such as unit: MB.',
      );
    }
  } else if (
    known !== undefined &&
    convertUnit(1, known, gate.unit) === undefined
  ) {
    note(
      'unit',
      `${quote(
        subject.name,
      )} is measured in ${known}, which cannot be told in ${quote(gate.unit)}`,
      'Use a unit of the same kind.',
    );
  }
}

function checkBaseline(gate: GateDocument, subject: Subject, note: Note) {
  const baseline = gate.noWorseThanBaseline;
  if (!baseline) {
    return;
  }
  if (subject.name === 'changed-lines') {
    note(
      'noWorseThanBaseline',
      'changed lines are others each time and have no baseline',
      'Compare them with minimum.',
    );
  }
  const known = knownMetric(subject.type, subject.name)?.worse;
  if (known === undefined && baseline.worse === undefined) {
    note(
      'noWorseThanBaseline',
      `it is not known which direction of ${quote(subject.name)} is worse`,
      'Add worse: higher or worse: lower.',
    );
  }
  if (known && baseline.worse && known !== baseline.worse) {
    note(
      'noWorseThanBaseline',
      `${known} is what is worse for ${quote(subject.name)}`,
      'Remove "worse".',
    );
  }
  if ((baseline.atLeast ?? 0) > (baseline.over ?? 10)) {
    note(
      'noWorseThanBaseline',
      '"atLeast" asks for more earlier values than "over" looks at',
      'Lower "atLeast", or raise "over".',
    );
  }
}
