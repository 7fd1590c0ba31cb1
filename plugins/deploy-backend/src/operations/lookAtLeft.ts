import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { TargetEnvironments } from '../targets/TargetEnvironments';
import { readVersion } from '../version/readVersion';
import { VersionConfig } from '../version/readVersionConfig';
import { LeftBehind } from '../workflows';

/** What only says what workflows were told is no witness of what they did. */
const NO_WITNESS = 'github-workflow';

/**
 * Asks an environment which commit it runs: at its version address, else its platform. Throws TargetErrors of what
 * may be over in a moment.
 */
export async function lookAtLeft(
  environments: Pick<TargetEnvironments, 'find' | 'isDriven' | 'driven'>,
  version: VersionConfig,
  environmentId: string,
  signal: AbortSignal,
): Promise<LeftBehind> {
  const known = await environments.find({ id: environmentId });
  if (!known) {
    return { environment: 'there', why: 'The environment left the catalog.' };
  }
  const { name: environment, definition, url } = known;
  let why: string | undefined;
  if (definition?.version) {
    const reading = await readVersion(definition.version, {
      ...version,
      ...(url && { environmentUrl: url }),
      signal,
    });
    if ('commit' in reading) {
      const { commit } = reading;
      return { environment, serving: { commit, by: 'The version address' } };
    }
    why = reading.problem.message;
  }
  if (
    definition?.target?.type === NO_WITNESS ||
    !environments.isDriven(known)
  ) {
    return { environment, ...(why && { why }) };
  }
  try {
    const driven = environments.driven(known);
    const revision = await driven.target.currentRevision(
      driven.environment,
      signal,
    );
    return revision?.commit
      ? {
          environment,
          serving: { commit: revision.commit, by: 'The platform' },
        }
      : {
          environment,
          why: why ?? 'The platform tells no commit of what runs.',
        };
  } catch (error) {
    if (passesByItself(error)) {
      throw error;
    }
    const cause = error instanceof Error ? error.message : String(error);
    return { environment, why: why ?? cause };
  }
}

function passesByItself(error: unknown): boolean {
  const { name, kind } = (error ?? {}) as Partial<TargetError>;
  return name === 'TargetError' && (kind === 'transient' || kind === 'busy');
}
