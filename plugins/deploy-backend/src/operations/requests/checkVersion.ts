import { Failure } from '@vvp/backstage-plugin-deploy-common';
import { KnownEnvironment } from '../../targets/TargetEnvironments';
import { readVersion } from '../../version/readVersion';
import { VersionConfig } from '../../version/readVersionConfig';

/** What asking an environment for its version before an operation brings. */
export interface VersionCheck {
  /** It could never prove anything: the operation is refused. */
  problem?: Failure;
  /** What answers now is no version, perhaps because of what is to be rolled back. */
  unusable?: true;
  /** It does not answer now, perhaps because of what is to be rolled back. */
  warning?: string;
}

/** Asks the version address of an environment, if it has one, so that an operation is not begun that cannot be proven. */
export async function checkVersion(
  known: KnownEnvironment,
  config: VersionConfig,
): Promise<VersionCheck> {
  const spec = known.definition?.version;
  if (!spec) {
    return {};
  }
  const reading = await readVersion(spec, {
    ...config,
    ...(known.url && { environmentUrl: known.url }),
  });
  if ('commit' in reading) {
    return {};
  }
  const { kind, problem } = reading;
  return kind === 'unreachable'
    ? { warning: warningOf(problem) }
    : { problem, ...(kind === 'unusable' && { unusable: true }) };
}

/**
 * What a check means to who asks. A bad release may answer with an error page: where nobody is there to waive
 * that, it is no reason against taking the release out, as the proof judges afterwards.
 */
export function versionFor(
  { automatic }: { automatic: boolean },
  check: VersionCheck,
): VersionCheck {
  return automatic && check.problem && check.unusable
    ? { warning: warningOf(check.problem) }
    : check;
}

function warningOf({ message }: Failure): string {
  return `${message} The rollback has to be proven there: if no version is told afterwards either, everything is put back as it is now.`;
}
