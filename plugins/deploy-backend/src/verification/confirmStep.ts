import { InputError } from '@backstage/errors';
import { JsonObject } from '@backstage/types';
import { VersionSpec } from '@vvp/backstage-plugin-deploy-common';
import { z } from 'zod';
import { NewStep } from '../operations/engine/types';

/** Name of the step, and of the runner that does it. */
export const CONFIRM = 'confirm';
/** Name of the step after the smoke test, which does the same once more. */
export const CONFIRM_AGAIN = 'confirm-again';
export const VERIFICATION = 'verification';

/** How often what was displaced is put in place again. */
export const MAX_REAPPLIED = 3;

/** Longest time that one look takes, beside the wait before it. */
const SECONDS_OF_A_LOOK = 15;

const inputSchema = z.object({
  revision: z.string().min(1).optional(),
  commit: z.string().min(7).optional(),
  version: z.object({ url: z.string(), commit: z.string() }).optional(),
  unproven: z.boolean().optional(),
  url: z.string().optional(),
  checks: z.number().int().min(1).max(1000).default(12),
  secondsBetweenChecks: z.number().min(0).max(600).default(5),
});

/** What is to be confirmed. */
export interface ConfirmInput {
  /** That has to serve. Absent after a restart, which may make a new one: then whatever serves. */
  revision?: string;
  /** Of the release in it. Without it the version URL is not asked. */
  commit?: string;
  version?: VersionSpec;
  /** Somebody waived the proof by the version URL: where it says nothing that can be used, that is no failure. */
  unproven?: boolean;
  /** Of the environment: its host may be asked for the version. */
  url?: string;
  /** How often it is looked at, at the most. Default: 12. */
  checks?: number;
  /** Default: 5. */
  secondsBetweenChecks?: number;
}

/**
 * Proves at the end of an operation that what it put in place serves and works.
 *
 * @param targetSeconds - time limits of the target's steps together: they may have to be done again
 * @param options - `again`: it was confirmed before, and something else came in between
 */
export function confirmStep(
  input: ConfirmInput,
  targetSeconds: number,
  { again = false } = {},
): NewStep {
  const read = inputSchema.safeParse(input);
  if (!read.success) {
    throw new InputError(
      `What is to be confirmed cannot be used: ${z.prettifyError(read.error)}`,
    );
  }
  const { revision, checks, secondsBetweenChecks } = read.data;
  const window = checks * (secondsBetweenChecks + SECONDS_OF_A_LOOK);
  return {
    name: again ? CONFIRM_AGAIN : CONFIRM,
    title: `Confirm that ${revision ?? 'it'} ${
      again ? 'still serves' : 'serves'
    } and is healthy`,
    runner: VERIFICATION,
    input: JSON.parse(JSON.stringify(input)) as JsonObject,
    timeoutSeconds: Math.ceil(
      window + MAX_REAPPLIED * (window + targetSeconds),
    ),
  };
}

/** A {@link ConfirmInput} with its defaults. */
export type WantedState = z.infer<typeof inputSchema>;

/** Reads what {@link confirmStep} wrote. */
export function readConfirmInput(step: NewStep): WantedState {
  const read = inputSchema.safeParse(step.input);
  if (![CONFIRM, CONFIRM_AGAIN].includes(step.name) || !read.success) {
    throw new InputError(
      `The step ${step.name} is none that the runner ${VERIFICATION} can do: it was planned by another version of the plugin. Ask for the operation again.`,
    );
  }
  return read.data;
}
