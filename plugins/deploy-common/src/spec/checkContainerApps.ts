import { PipelineDocument } from './schema';
import { quote } from './suggest';

type Report = (
  path: readonly string[],
  message: string,
  remedy: string,
) => void;

type EnvironmentDocument =
  PipelineDocument['spec']['services'][string]['environments'][string];

/** What Azure takes for the name of a Container App; it also takes no two hyphens in a row. */
const APP = /^[a-z](?:[a-z0-9]|-(?!-)){0,30}[a-z0-9]$/;

/** What it takes for the name of a secret there. */
const SECRET = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** Refuses what Azure would refuse, or would make one of two, once a generated workflow runs. */
export function checkContainerApps(
  { spec }: PipelineDocument,
  report: Report,
): void {
  if (!spec.pipeline) {
    return;
  }
  for (const [key, { environments }] of Object.entries(spec.services)) {
    for (const [name, environment] of Object.entries(environments)) {
      const { target } = environment;
      if (target?.type === 'azure-container-app') {
        const path = ['spec', 'services', key, 'environments', name];
        if (!APP.test(target.name)) {
          report(
            [...path, 'target', 'name'],
            `${quote(target.name)} is no name of a Container App`,
            'Azure takes 2 to 32 lower-case letters, digits and single hyphens, beginning with a letter and ending with a letter or digit.',
          );
        }
        checkSecrets(environment, path, report);
      }
    }
  }
}

/** A variable that is a secret becomes a secret of the app, in the only letters that Azure has for those. */
function checkSecrets(
  { deploy }: EnvironmentDocument,
  path: readonly string[],
  report: Report,
): void {
  const owners = new Map<string, string>();
  for (const [variable, value] of Object.entries(deploy?.environment ?? {})) {
    if (typeof value === 'string' || value.secret === undefined) {
      continue;
    }
    const place = [...path, 'deploy', 'environment', variable];
    const secret = variable.toLowerCase().replace(/_/g, '-');
    const owner = owners.get(secret);
    if (!SECRET.test(secret)) {
      report(
        place,
        `Azure takes no secret ${quote(secret)}, which ${quote(
          variable,
        )} would become`,
        'Begin and end the name of the variable with a letter or digit.',
      );
    } else if (owner !== undefined) {
      report(
        place,
        `${quote(owner)} and ${quote(
          variable,
        )} would become one secret of the app, ${quote(secret)}`,
        'Rename one of the variables.',
      );
    }
    owners.set(secret, owner ?? variable);
  }
}
