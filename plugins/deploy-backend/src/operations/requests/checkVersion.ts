import { Failure, Revision } from '@vvp/backstage-plugin-deploy-common';
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
  /** Why it does not answer, where there is a `warning`. */
  silent?: Failure;
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
  switch (kind) {
    case 'unreachable':
      return { warning: warningOf(problem), silent: problem };
    case 'failing':
      return { warning: warningOf(problem) };
    default:
      return { problem, ...(kind === 'unusable' && { unusable: true }) };
  }
}

/**
 * What a check means to who asks. A bad release may answer with an error page: where nobody is there to waive
 * that, it is no reason against taking the release out, as the proof judges afterwards. Nor is silence, if what runs
 * may be down; where the platform says that it is well, the address is the likelier reason, and would stay silent.
 *
 * @param from - what runs now, as the platform tells it
 */
export function versionFor(
  { automatic }: { automatic: boolean },
  check: VersionCheck,
  from?: Pick<Revision, 'health'>,
): VersionCheck {
  const { problem, unusable, warning, silent } = check;
  if (automatic) {
    return problem && unusable ? { warning: warningOf(problem) } : check;
  }
  if (silent && from?.health === 'healthy') {
    return {
      problem: {
        message: `${silent.message} The platform says that what runs is well, so nothing could be proven there afterwards either.`,
        remedy:
          'Correct version.url in deploy.yaml, or let the portal reach it. If what runs is down all the same, go ahead without the proof.',
      },
      unusable: true,
    };
  }
  return warning === undefined ? check : { warning };
}

function warningOf({ message }: Failure): string {
  return `${message} The rollback has to be proven there: if no version is told afterwards either, everything is put back as it is now.`;
}
