import { createHash } from 'node:crypto';
import { GateResult, GateState } from '@vvp/backstage-plugin-deploy-common';
import { CheckAnnotation, gateAnnotations } from './gateAnnotations';
import { escapeMarkdown, link, plainLine, shorten } from './markdown';
import { FeedbackInput, ServiceFeedback } from './types';

/** A gate as a check run. */
export interface RenderedCheck {
  name: string;
  status: 'in_progress' | 'completed';
  /** Absent while in progress. */
  conclusion?: 'success' | 'failure' | 'neutral';
  title: string;
  /** Markdown. */
  summary: string;
  annotations: CheckAnnotation[];
  detailsUrl?: string;
  /** Id of the gate's result. */
  externalId: string;
}

/** A gate as a commit status. */
export interface RenderedStatus {
  context: string;
  state: 'success' | 'failure' | 'pending';
  description: string;
  targetUrl?: string;
}

/** GitHub's limit for the summary of a check run. */
const MAX_SUMMARY = 65_535;

/** Names stand in lists and are keys of `github_feedback`. */
const MAX_NAME = 170;

/** GitHub's limit for the description of a status. */
const MAX_DESCRIPTION = 140;

/** More than anybody reads; it keeps a commit to 10 requests. */
const MAX_ANNOTATIONS = 500;

const conclusions = {
  pass: 'success',
  fail: 'failure',
  waived: 'neutral',
  pending: undefined,
} as const satisfies Record<Exclude<GateState, 'none'>, unknown>;

/** A check run for each gate of a commit that asks for something, each under a name of its own. */
export function renderChecks(input: FeedbackInput): RenderedCheck[] {
  return eachGate(input, renderCheck);
}

/** A commit status for each gate of a commit that asks for something, each under a context of its own. */
export function renderStatuses(input: FeedbackInput): RenderedStatus[] {
  return eachGate(input, renderStatus);
}

/**
 * The check run of a gate: `pass` is a success, `fail` a failure, `waived` neutral, `pending` in progress.
 * Undefined for `none`.
 */
export function renderCheck(
  gate: GateResult,
  service: ServiceFeedback,
): RenderedCheck | undefined {
  if (gate.state === 'none') {
    return undefined;
  }
  const conclusion = conclusions[gate.state];
  const annotations = gateAnnotations(gate, service);
  return {
    name: checkName(gate, service),
    status: conclusion ? 'completed' : 'in_progress',
    ...(conclusion && { conclusion }),
    title: shorten(plainLine(gate.reason), 200) || plainLine(gate.title),
    summary: shorten(
      summaryOf(gate, service, annotations.length - MAX_ANNOTATIONS),
      MAX_SUMMARY,
    ),
    annotations: annotations.slice(0, MAX_ANNOTATIONS),
    ...webAddress('detailsUrl', service.detailsUrl),
    externalId: gate.id,
  };
}

/** The commit status of a gate; a waived gate is a success that says so. Undefined for `none`. */
export function renderStatus(
  gate: GateResult,
  service: ServiceFeedback,
): RenderedStatus | undefined {
  if (gate.state === 'none') {
    return undefined;
  }
  const conclusion = conclusions[gate.state] ?? 'pending';
  const reason = plainLine(gate.reason);
  return {
    context: checkName(gate, service),
    state: conclusion === 'neutral' ? 'success' : conclusion,
    description: shorten(
      gate.state === 'waived' ? `Waived: ${reason}` : reason,
      MAX_DESCRIPTION,
    ),
    ...webAddress('targetUrl', service.detailsUrl),
  };
}

function checkName(gate: GateResult, service: ServiceFeedback): string {
  const name = plainLine(
    `deploy / ${service.title} / ${gate.name} (${gate.environment})`,
  );
  if (name.length <= MAX_NAME) {
    return name;
  }
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${shorten(name, MAX_NAME - 9)} ${digest}`;
}

/** Two services with one title are told apart by their entity refs. */
function eachGate<T>(
  input: FeedbackInput,
  render: (gate: GateResult, service: ServiceFeedback) => T | undefined,
): T[] {
  const count = (title: string) =>
    input.services.filter(service => service.title === title).length;
  return input.services.flatMap(service => {
    const named =
      count(service.title) > 1
        ? { ...service, title: service.entityRef }
        : service;
    return service.gates.flatMap(gate => render(gate, named) ?? []);
  });
}

function summaryOf(
  gate: GateResult,
  service: ServiceFeedback,
  left: number,
): string {
  const { waiver } = gate;
  const rows = gate.checks.map(
    check =>
      `| ${escapeMarkdown(check.operator)} | ${check.state} | ${escapeMarkdown(
        check.reason,
      )} |`,
  );
  return [
    escapeMarkdown(gate.reason),
    waiver &&
      `Waived by ${escapeMarkdown(waiver.grantedBy)} until ${escapeMarkdown(
        waiver.expiresAt,
      )}: ${escapeMarkdown(waiver.reason)}`,
    rows.length > 0 &&
      ['| Rule | State | Why |', '| --- | --- | --- |', ...rows].join('\n'),
    gate.measuredCommit &&
      [
        `Measured on commit ${escapeMarkdown(gate.measuredCommit)}`,
        gate.measuredAt && ` at ${escapeMarkdown(gate.measuredAt)}`,
        gate.carriedForward &&
          ', since when nothing changed that the service is made of',
        '.',
      ]
        .filter(Boolean)
        .join(''),
    left > 0 && `${left} more remarks are not shown at the lines.`,
    service.detailsUrl && link('Evidence of the service', service.detailsUrl),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function webAddress<K extends string>(
  key: K,
  address: string | undefined,
): { [key in K]?: string } {
  const isOfWeb =
    address !== undefined &&
    URL.canParse(address) &&
    /^https?:$/.test(new URL(address).protocol);
  return (isOfWeb ? { [key]: address } : {}) as { [key in K]?: string };
}
