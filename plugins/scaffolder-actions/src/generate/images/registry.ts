import { expressionOf, Setting } from '../expressions';
import { Permissions, Step } from '../model';
import { PipelineSettings } from '../planModel';
import { azureLogin, awsLogin } from '../jobs/steps';

/** Where images are pushed to, by what a job logs in there with: its own token, a role of AWS, an identity of Azure. */
export type Registry =
  | { kind: 'github'; host: string }
  | { kind: 'ecr'; host: string; account: string; region: string }
  | { kind: 'azure'; host: string };

const ECR = /^([0-9]{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/;

/** The registry of an image's repository. */
export function registryOf(repository: string): Registry {
  const [host] = repository.split('/');
  const [, account, region] = ECR.exec(host) ?? [];
  if (account) {
    return { kind: 'ecr', host, account, region };
  }
  return { kind: host === 'ghcr.io' ? 'github' : 'azure', host };
}

/** The name of a repository without its registry. */
export function nameIn(repository: string): string {
  return repository.slice(repository.indexOf('/') + 1);
}

/** What a job may do to get at a registry. */
export function registryPermissions(
  repository: string,
  access: 'read' | 'write',
): Permissions {
  switch (registryOf(repository).kind) {
    case 'github':
      return { packages: access };
    default:
      return { 'id-token': 'write' };
  }
}

/**
 * Logs in to the registry of a repository.
 *
 * @param role - whom to be at AWS; undefined in a job that already is somebody there
 * @param isAtAzure - whether the job is logged in to Azure already
 */
export function registryLogin(
  repository: string,
  options: { role?: Setting; isAtAzure?: boolean },
): Step[] {
  const registry = registryOf(repository);
  switch (registry.kind) {
    case 'github':
      return [
        {
          name: 'Log in to the registry',
          uses: 'docker/login-action',
          with: {
            registry: registry.host,
            username: '${{ github.actor }}',
            password: '${{ github.token }}',
          },
        },
      ];
    case 'ecr':
      return [
        ...(options.role
          ? [awsLogin(expressionOf(options.role), registry.region)]
          : []),
        {
          name: 'Log in to the registry',
          uses: 'aws-actions/amazon-ecr-login',
          with: { registries: registry.account },
          // It may lie elsewhere than what the job deploys to.
          env: { AWS_REGION: registry.region },
        },
      ];
    default:
      return [
        ...(options.isAtAzure ? [] : [azureLogin()]),
        {
          name: 'Log in to the registry',
          env: { REGISTRY: registry.host },
          run: 'az acr login --name "${REGISTRY%%.*}"',
        },
      ];
  }
}

/** The role of AWS that pushes images, where one is needed. */
export function buildRole(
  { aws }: PipelineSettings,
  repository: string,
): Setting | undefined {
  return registryOf(repository).kind === 'ecr' ? aws.buildRole : undefined;
}
