import { stringifyError } from '@backstage/errors';
import {
  CanaryInput,
  CanarySettings,
  countErrors,
  redact,
} from '@vvp/backstage-plugin-deploy-common';
import { isTargetError } from '../operations/requests/toHttpError';
import { inTime } from '../targets/inTime';
import { DrivenEnvironment } from '../targets/TargetEnvironments';

/** How long a platform may take, unless said otherwise. */
const LOOK_MS = 8_000;

/** A platform may answer with a book. */
const MAX_TEXT = 500;

/**
 * Asks a platform once how a canary is. Never throws: what cannot be asked says nothing about the release.
 * Of the log only the counts leave this place.
 *
 * @param drive - throws where nothing here drives the platform any more
 */
export async function lookAtCanary(
  drive: () => DrivenEnvironment,
  {
    commit,
    settings,
    pipelineLeads,
    now,
    lookMs = LOOK_MS,
  }: {
    commit: string;
    settings: CanarySettings;
    pipelineLeads: boolean;
    now: () => Date;
    lookMs?: number;
  },
): Promise<CanaryInput> {
  try {
    const { target, environment } = drive();
    const { canary } = target;
    if (!canary) {
      throw new Error(`A ${target.type} does no canaries.`);
    }
    const seen = await inTime(
      lookMs,
      signal =>
        canary.look(
          environment,
          { commit, logEntries: settings.logEntries },
          signal,
        ),
      target.describe(environment).resource,
    );
    const at = now().toISOString();
    if (!seen) {
      return { type: 'absent', at, pipelineLeads };
    }
    const { log, health, problems, ...look } = seen;
    return {
      type: 'look',
      at,
      pipelineLeads,
      moves: canary.moves(environment),
      look: {
        ...look,
        health: {
          ...health,
          ...(health.reason && { reason: short(health.reason) }),
        },
        problems: problems.map(short),
        ...(log && { log: countErrors(log, settings.logEntries) }),
      },
    };
  } catch (error) {
    return {
      type: 'blind',
      at: now().toISOString(),
      why: short(
        isTargetError(error) && error.remedy
          ? `${error.message} ${error.remedy}`
          : messageOf(error),
      ),
    };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : stringifyError(error);
}

function short(text: string): string {
  return redact(text).slice(0, MAX_TEXT);
}
