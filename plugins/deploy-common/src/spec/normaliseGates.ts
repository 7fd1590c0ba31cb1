import { FromSchema } from 'json-schema-to-ts';
import { parseDuration } from '../gates/duration';
import { EvidenceSelector, GateMetric, GateRule } from '../gates/types';
import { EvidenceType, evidenceTypes } from '../model';
import { gatesSchema } from './gateSchema';
import { knownMetric, knownUnit, thresholdKeys } from './knownMetrics';
import { GateSettings } from './types';

/** Gates by name, as they are written. */
export type GatesDocument = FromSchema<typeof gatesSchema>;

/** One rule, as it is written. */
export type GateDocument = Exclude<GatesDocument[string], boolean>;

const DEFAULT_PENDING_SECONDS = 2 * 60 * 60;
const DEFAULT_SMALL_CHANGE = 20;
const DEFAULT_BASELINE = { over: 10, atLeast: 3 };

/** The type of evidence that a rule is about, with what it names of it. */
export function subjectOf(
  gate: GateDocument,
): { type: EvidenceType; name: string } | undefined {
  for (const type of evidenceTypes) {
    const name = gate[type];
    if (name !== undefined) {
      return { type, name };
    }
  }
  return undefined;
}

/** Puts valid gates in order, as a part to be spread; nothing for none. */
export function normaliseGates(document: GatesDocument | undefined): {
  gates?: GateSettings;
} {
  if (!document) {
    return {};
  }
  return {
    gates: Object.fromEntries(
      Object.entries(document).map(([name, gate]) => [
        name,
        typeof gate === 'boolean' ? false : normaliseGate(name, gate),
      ]),
    ),
  };
}

function normaliseGate(name: string, gate: GateDocument): GateRule {
  const subject = subjectOf(gate);
  const baseline = gate.noWorseThanBaseline;
  const known = subject && knownMetric(subject.type, subject.name);
  return {
    name,
    title: gate.title ?? titleOf(name),
    ...(subject && { evidence: selectorOf(gate, subject.type) }),
    ...(subject &&
      subject.name !== 'exists' && { metric: metricOf(gate, subject) }),
    ...Object.fromEntries(
      thresholdKeys.flatMap(key =>
        gate[key] === undefined ? [] : [[key, gate[key]]],
      ),
    ),
    ...(baseline && {
      baseline: {
        by: baseline.by,
        kind: baseline.kind ?? 'percent',
        over: baseline.over ?? DEFAULT_BASELINE.over,
        atLeast:
          baseline.atLeast ??
          Math.min(
            DEFAULT_BASELINE.atLeast,
            baseline.over ?? DEFAULT_BASELINE.over,
          ),
        worse: baseline.worse ?? known?.worse ?? 'higher',
      },
    }),
    ...(gate.maxAge && { maxAgeSeconds: secondsOf(gate.maxAge) }),
    sameCommit: gate.sameCommit ?? false,
    completed:
      gate.completed ??
      (subject?.type === 'security' || subject?.type === 'test'),
    ...(gate.passedIn && { passedIn: gate.passedIn }),
    ...(gate.succeededIn && { succeededIn: gate.succeededIn }),
    ...(gate.soak && {
      soak: { environment: gate.soak.in, seconds: secondsOf(gate.soak.for) },
    }),
    smallChange: gate.smallChange ?? DEFAULT_SMALL_CHANGE,
    pendingForSeconds: gate.pendingFor
      ? secondsOf(gate.pendingFor)
      : DEFAULT_PENDING_SECONDS,
  };
}

function selectorOf(gate: GateDocument, type: EvidenceType): EvidenceSelector {
  const { suite, mode, tool, environment } = gate;
  return {
    type,
    ...(suite && { suite }),
    ...(mode && { mode }),
    ...(tool && { tool }),
    ...(environment && { environment }),
  };
}

function metricOf(
  gate: GateDocument,
  { type, name }: { type: EvidenceType; name: string },
): GateMetric {
  const { scenario, severity, categories } = gate;
  const unit = gate.unit ?? (type === 'performance' && knownUnit(type, name));
  return {
    name,
    ...(scenario && { scenario }),
    ...(unit && { unit }),
    ...(severity && { severity }),
    ...(categories && { categories: [...categories] }),
  };
}

/** The schema lets nothing through that is no duration. */
function secondsOf(duration: string): number {
  return parseDuration(duration) ?? 0;
}

function titleOf(name: string): string {
  const words = name.replace(/-/g, ' ');
  return words.charAt(0).toLocaleUpperCase('en-US') + words.slice(1);
}
