import { ConfigurationDifference } from '../model';
import { shownName } from './compareConfiguration';
import { DescribedService } from './types';

const WORKFLOWS = '.github/workflows';

/**
 * The files and directories of the repository that `deploy.yaml` names as configuration of a service in an
 * environment: the file that a machine gets, manifests, compose files, and the workflows that deploy it.
 *
 * @public
 */
export function configurationFiles(
  { spec, service }: DescribedService,
  environmentName: string,
): string[] {
  const environment = service.environments.find(
    ({ name }) => name === environmentName,
  );
  if (!environment) {
    return [];
  }
  const { target, jobs, workflows } = environment;
  const stage = spec.environments.find(
    ({ name }) => name === environmentName,
  )?.stage;
  const generated = spec.pipeline && [
    stage?.workflow ?? spec.pipeline.workflow ?? 'deploy.yml',
  ];
  const deployedBy = [
    ...jobs.map(({ workflow }) => workflow),
    ...(target?.type === 'github-workflow' ? [target.workflow] : []),
    ...(workflows?.deploy ? [workflows.deploy.workflow] : []),
    ...(generated ?? []),
  ];
  const named = [
    ...(target?.type === 'azure-vm' && target.configFile
      ? [target.configFile.source]
      : []),
    ...(target?.type === 'kubernetes'
      ? stage?.kubernetes?.manifests ?? []
      : []),
    ...(target?.type === 'github-workflow' ? stage?.compose?.files ?? [] : []),
    ...deployedBy.map(file => `${WORKFLOWS}/${file}`),
  ];
  return [...new Set(named.map(plainPath))].sort();
}

/**
 * Which of the files that changed are of a configuration, by name and in order.
 *
 * @param changed - of a file that was moved, both places
 * @param named - see {@link configurationFiles}
 * @public
 */
export function changedConfigurationFiles(
  changed: readonly string[],
  named: readonly string[],
): ConfigurationDifference[] {
  return [...new Set(changed)]
    .filter(path =>
      named.some(
        each => each === '' || path === each || path.startsWith(`${each}/`),
      ),
    )
    .sort()
    .map(path => ({ name: shownName(`file ${path}`), change: 'changed' }));
}

/** Without detours, as GitHub has it; empty for the root. */
function plainPath(path: string): string {
  return path
    .split('/')
    .filter(part => part !== '' && part !== '.')
    .join('/');
}
