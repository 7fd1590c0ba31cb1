import {
  CanaryLook,
  Revision,
  TargetDiagnostics,
  TargetHealth,
  TrafficShare,
} from '@vvp/backstage-plugin-deploy-common';
import {
  TargetPlan,
  TargetVerification,
} from '@vvp/backstage-plugin-deploy-node';
import { z } from 'zod';

const text = z.string();
const name = text.min(1);

const health = z.object({
  state: z.enum(['healthy', 'degraded', 'unhealthy', 'unknown']),
  reason: text.optional(),
  ready: z.number().optional(),
  wanted: z.number().optional(),
});

const revision = z.object({
  id: name,
  current: z.boolean(),
  commit: text.optional(),
  version: text.optional(),
  artifact: text.optional(),
  createdAt: text.optional(),
  health: health.shape.state.optional(),
  trafficPercent: z.number().optional(),
  unavailable: text.optional(),
  comingIn: z.boolean().optional(),
  givenUp: z.object({ at: text, reason: text }).optional(),
});

const step = z.object({
  name,
  title: text,
  input: z.record(text, z.unknown()),
  timeoutSeconds: z.number().positive().optional(),
  compensates: z.boolean().optional(),
});

const plan = z.object({
  from: revision.optional(),
  to: revision.optional(),
  alreadyThere: z.boolean(),
  steps: z.array(step),
  configuration: z.array(
    z.object({ name: text, change: z.enum(['added', 'removed', 'changed']) }),
  ),
  notRestored: z.array(text),
  artifact: z.object({
    state: z.enum(['present', 'missing', 'unknown']),
    message: text.optional(),
  }),
});

const diagnostics = z.object({
  health,
  facts: z.array(z.object({ label: text, value: text })),
  events: z.array(
    z.object({
      at: text.optional(),
      level: z.enum(['info', 'warn', 'error']),
      message: text,
    }),
  ),
  logs: z.array(z.object({ source: text, lines: z.array(text) })),
  problems: z.array(text),
});

const look = z.object({
  revision: name,
  stable: name.optional(),
  percent: z.number().min(0).max(100),
  paused: z.boolean(),
  movesItself: z.object({ phase: text, until: text.optional() }).optional(),
  log: z.array(text).optional(),
  health,
  problems: z.array(text),
});

/** What each question to a target is answered with. */
export interface Answers {
  revisions: Revision[];
  revision: Revision | undefined;
  plan: TargetPlan;
  verification: TargetVerification;
  health: TargetHealth;
  diagnostics: TargetDiagnostics;
  traffic: TrafficShare[];
  look: CanaryLook | undefined;
}

const schemas: { [K in keyof Answers]: z.ZodType<unknown> } = {
  revisions: z.array(revision),
  revision: revision.optional(),
  plan,
  verification: z.object({
    serving: text.optional(),
    inPlace: z.boolean(),
    health,
  }),
  health,
  diagnostics,
  traffic: z.array(z.object({ revision: text, percent: z.number() })),
  look: look.optional(),
};

/** Longest description of what is wrong. */
const MAX_PROBLEM = 300;

/**
 * What is wrong with an answer: a target reads what a platform says, and may hand on what is not there.
 * Names members only, never what they hold. Undefined if it can be used.
 */
export function whyUnreadable(
  kind: keyof Answers,
  answer: unknown,
): string | undefined {
  const read = schemas[kind].safeParse(answer);
  const issue = read.error?.issues[0];
  if (!issue) {
    return undefined;
  }
  const path = ['answer', ...issue.path.map(String)].join('.');
  return `${path}: ${issue.message}`.slice(0, MAX_PROBLEM);
}
