import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import {
  KnownEnvironment,
  TargetEnvironments,
} from '../targets/TargetEnvironments';
import { readVersion } from '../version/readVersion';
import { VersionConfig } from '../version/readVersionConfig';
import { LeftBehind } from '../workflows';

/** What only says what workflows were told is no witness of what they did. */
const NO_WITNESS = 'github-workflow';

type Environments = Pick<TargetEnvironments, 'find' | 'isDriven' | 'driven'>;

/** What one witness says. */
type Word = { commit: string; by: string } | { why: string };

/**
 * Asks an environment which commit it runs: its version address, if it has one, and its platform, which alone tells
 * whether that is all that runs there. Throws TargetErrors of what may be over in a moment.
 *
 * @param knownThere - the release that is there by the portal's own history
 */
export async function lookAtLeft(
  environments: Environments,
  knownThere: (environmentId: string) => Promise<LeftBehind['known']>,
  version: VersionConfig,
  environmentId: string,
  signal: AbortSignal,
): Promise<LeftBehind> {
  const environment = await environments.find({ id: environmentId });
  if (!environment) {
    return {
      environment: 'there',
      seen: [],
      why: 'The environment left the catalog.',
    };
  }
  const words = [
    await askAddress(environment, version, signal),
    await askPlatform(environments, environment, signal),
  ].flatMap(word => word ?? []);
  const seen = words.flatMap(word => ('commit' in word ? word : []));
  const silent = words.flatMap(word => ('why' in word ? word.why : []));
  const known = await knownThere(environmentId);
  return {
    environment: environment.name,
    seen,
    ...(silent.length > 0 && { why: silent.join(' ') }),
    ...(known && { known }),
  };
}

async function askAddress(
  { definition, url }: KnownEnvironment,
  version: VersionConfig,
  signal: AbortSignal,
): Promise<Word | undefined> {
  if (!definition?.version) {
    return undefined;
  }
  const reading = await readVersion(definition.version, {
    ...version,
    ...(url && { environmentUrl: url }),
    signal,
  });
  return 'commit' in reading
    ? { commit: reading.commit, by: 'The version address' }
    : { why: reading.problem.message };
}

async function askPlatform(
  environments: Environments,
  known: KnownEnvironment,
  signal: AbortSignal,
): Promise<Word | undefined> {
  const { definition } = known;
  if (
    definition?.target?.type === NO_WITNESS ||
    !environments.isDriven(known)
  ) {
    // Behind an address may be more than what answers there.
    return (
      definition?.version && { why: 'No platform tells whether that is all.' }
    );
  }
  try {
    const { target, environment } = environments.driven(known);
    const revision = await target.currentRevision(environment, signal);
    if (!revision?.commit) {
      return { why: 'The platform tells no commit of what runs.' };
    }
    const { inPlace } = await target.verify(environment, revision.id, signal);
    return inPlace
      ? { commit: revision.commit, by: 'The platform' }
      : {
          why: `The platform says that ${revision.commit.slice(
            0,
            12,
          )} runs there not alone, or not for long.`,
        };
  } catch (error) {
    if (passesByItself(error)) {
      throw error;
    }
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

function passesByItself(error: unknown): boolean {
  const { name, kind } = (error ?? {}) as Partial<TargetError>;
  return name === 'TargetError' && (kind === 'transient' || kind === 'busy');
}
