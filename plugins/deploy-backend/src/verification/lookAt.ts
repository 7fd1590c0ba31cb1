import {
  TargetError,
  TargetVerification,
} from '@vvp/backstage-plugin-deploy-node';
import { DrivenEnvironment } from '../targets/TargetEnvironments';
import { isSameCommit } from '../version/commit';
import { readVersion, ReadVersionOptions } from '../version/readVersion';
import { VersionConfig } from '../version/readVersionConfig';
import { otherCommit } from '../version/VersionProblem';
import { WantedState } from './confirmStep';
import { Look, VersionLook } from './judgeConfirmation';

/** Which hosts may be asked for their version. */
export type VersionOptions = VersionConfig & Pick<ReadVersionOptions, 'lookup'>;

/**
 * Looks once, at what the platform says and at what the service itself says. Throws what no further look
 * would mend.
 */
export async function lookAt(
  wanted: WantedState,
  where: DrivenEnvironment,
  options: VersionOptions,
  signal: AbortSignal,
): Promise<Look> {
  signal.throwIfAborted();
  try {
    const [verification, version] = await Promise.all([
      verify(wanted.revision, where, signal),
      lookAtVersion(wanted, options, signal),
    ]);
    return { verification, ...(version && { version }) };
  } catch (error) {
    if (!signal.aborted && passesByItself(error)) {
      return { unseen: error };
    }
    throw error;
  }
}

async function lookAtVersion(
  { version, commit, url, unproven }: WantedState,
  options: VersionOptions,
  signal: AbortSignal,
): Promise<VersionLook | undefined> {
  if (!version || !commit) {
    return undefined;
  }
  const reading = await readVersion(version, {
    ...options,
    environmentUrl: url,
    signal,
  });
  if ('problem' in reading) {
    const { message, remedy } = reading.problem;
    return unproven
      ? { state: 'waived', message }
      : { state: 'unread', message: `${message} ${remedy}` };
  }
  const told = reading.commit;
  return isSameCommit(told, commit)
    ? { state: 'right', told }
    : { state: 'other', told, message: otherCommit(told, commit).message };
}

/** Without a revision: whether one serves alone, whichever it is. */
async function verify(
  wanted: string | undefined,
  { target, environment }: DrivenEnvironment,
  signal: AbortSignal,
): Promise<TargetVerification> {
  const revision =
    wanted ?? (await target.currentRevision(environment, signal))?.id;
  return revision === undefined
    ? { inPlace: false, health: await target.health(environment, signal) }
    : target.verify(environment, revision, signal);
}

/** Several copies of the error's class may be installed. */
function passesByItself(error: unknown): error is TargetError {
  const { name, kind } = (error ?? {}) as Partial<TargetError>;
  return name === 'TargetError' && (kind === 'transient' || kind === 'busy');
}
