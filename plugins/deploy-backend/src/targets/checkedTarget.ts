import { LoggerService } from '@backstage/backend-plugin-api';
import { isError, toError } from '@backstage/errors';
import {
  DeployTarget,
  TargetEnvironment,
  TargetError,
} from '@vvp/backstage-plugin-deploy-node';
import {
  findDatabaseError,
  isOfConnection,
} from '../operations/engine/databaseError';
import { hiddenText } from '../operations/engine/attemptFailure';
import { isTargetError } from '../operations/requests/toHttpError';
import { Answers, whyUnreadable } from './readAnswer';

/** Errors whose message is written for the caller. */
const speaking: ReadonlySet<string> = new Set([
  'InputError',
  'NotFoundError',
  'NotAllowedError',
  'ConflictError',
  'ServiceUnavailableError',
]);

const STAYS_SO =
  'If it stays so, read in the log of the portal what is wrong, and look whether';

/**
 * A target whose answers can be relied on. What a platform answers is not always what its vendor's schema
 * says: a proxy answers with a page, a member is missing, and the target stumbles, or hands it on. Both
 * become a TargetError that names resource and remedy; the reason goes to the log.
 *
 * Steps are left as they are: the engine judges what they throw.
 */
export function checkedTarget(
  target: DeployTarget,
  logger: LoggerService,
): DeployTarget {
  async function ask<K extends keyof Answers>(
    kind: K,
    environment: TargetEnvironment,
    signal: AbortSignal,
    question: () => Promise<Answers[K]>,
  ): Promise<Answers[K]> {
    const { resource } = target.describe(environment);
    let answer: Answers[K];
    try {
      answer = await question();
    } catch (error) {
      if (isTargetError(error) || isForCaller(error) || signal.aborted) {
        throw error;
      }
      logger.warn('A target failed to answer', {
        resource,
        asked: kind,
        error: hiddenText(toError(error)),
      });
      throw explain(resource, error);
    }
    const problem = whyUnreadable(kind, answer);
    if (problem !== undefined) {
      logger.warn('An answer of a target cannot be used', {
        resource,
        asked: kind,
        problem,
      });
      throw unreadable(resource);
    }
    return answer;
  }

  const { planRestart, traffic, canary } = target;
  return {
    type: target.type,
    ...(target.platform !== undefined && { platform: target.platform }),
    describe: environment => target.describe(environment),
    revisions: (environment, signal) =>
      ask('revisions', environment, signal, () =>
        target.revisions(environment, signal),
      ),
    currentRevision: (environment, signal) =>
      ask('revision', environment, signal, () =>
        target.currentRevision(environment, signal),
      ),
    planRollback: (environment, revision, signal) =>
      ask('plan', environment, signal, () =>
        target.planRollback(environment, revision, signal),
      ),
    ...(planRestart && {
      planRestart: (environment, signal) =>
        ask('plan', environment, signal, () =>
          planRestart.call(target, environment, signal),
        ),
    }),
    executeStep: (environment, step, control) =>
      target.executeStep(environment, step, control),
    compensateStep: (environment, step, control) =>
      target.compensateStep(environment, step, control),
    verify: (environment, revision, signal) =>
      ask('verification', environment, signal, () =>
        target.verify(environment, revision, signal),
      ),
    health: (environment, signal) =>
      ask('health', environment, signal, () =>
        target.health(environment, signal),
      ),
    diagnostics: (environment, signal) =>
      ask('diagnostics', environment, signal, () =>
        target.diagnostics(environment, signal),
      ),
    ...(traffic && {
      traffic: (environment, signal) =>
        ask('traffic', environment, signal, () =>
          traffic.call(target, environment, signal),
        ),
    }),
    ...(canary && {
      canary: {
        moves: environment => canary.moves(environment),
        look: (environment, options, signal) =>
          ask('look', environment, signal, () =>
            canary.look(environment, options, signal),
          ),
        planMove: (environment, options, signal) =>
          ask('plan', environment, signal, () =>
            canary.planMove(environment, options, signal),
          ),
      },
    }),
  };
}

function isForCaller(error: unknown): boolean {
  return isError(error) && speaking.has(error.name);
}

/** Without the text of the error: who asks has no use for it, and it may hold anything. */
function explain(resource: string, error: unknown): TargetError {
  const hidden = findDatabaseError(error);
  if (!hidden) {
    return unreadable(resource);
  }
  return new TargetError(
    'transient',
    isOfConnection(hidden)
      ? `${resource} could not be reached, or the connection broke.`
      : `${resource} could not be asked: the database of the portal did not do its part.`,
    { remedy: `Try again. ${STAYS_SO} the portal can reach both.` },
  );
}

function unreadable(resource: string): TargetError {
  return new TargetError(
    'transient',
    `${resource} answered something that the portal cannot read.`,
    { remedy: `Try again. ${STAYS_SO} a proxy answers for the platform.` },
  );
}
