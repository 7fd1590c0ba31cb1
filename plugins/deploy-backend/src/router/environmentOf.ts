import {
  BackstageCredentials,
  BackstageServicePrincipal,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import { Authorizer } from '../permissions/Authorizer';
import { ServiceReader } from '../reading/ServiceReader';
import {
  KnownEnvironment,
  TargetEnvironments,
} from '../targets/TargetEnvironments';

/** A caller of a route that changes something. */
export type CallerCredentials = BackstageCredentials<
  BackstageUserPrincipal | BackstageServicePrincipal
>;

/** Entity ref of a person, or the subject of a service's token. */
export function nameOf({ principal }: CallerCredentials): string {
  return principal.type === 'user'
    ? principal.userEntityRef
    : `service:${principal.subject}`;
}

interface Options {
  authorizer: Authorizer;
  services: Pick<ServiceReader, 'find'>;
  environments: TargetEnvironments;
}

/** The environment that a request is about. Throws a NotFoundError, the same if the caller may not see it. */
export async function findEnvironment(
  options: Options,
  credentials: BackstageCredentials,
  where: { entityRef: string; environment: string },
): Promise<KnownEnvironment> {
  const { known } = await findPlace(options, credentials, where);
  return known;
}

/** As {@link findEnvironment}, with the names of all environments of the service that the caller sees. */
export async function findPlace(
  options: Options,
  credentials: BackstageCredentials,
  where: { entityRef: string; environment: string },
): Promise<{ known: KnownEnvironment; seen: readonly string[] }> {
  const { authorizer, services, environments } = options;
  const entityRef = where.entityRef.toLocaleLowerCase('en-US');
  const visibility = await authorizer.visibilityFor(credentials);
  const seen = (await services.find(entityRef, visibility))?.environments ?? [];
  const known = seen.includes(where.environment)
    ? await environments.find({ entityRef, name: where.environment })
    : undefined;
  if (!known) {
    throw new NotFoundError(
      `${entityRef} has no environment ${where.environment}, or you may not see it.`,
    );
  }
  return { known, seen };
}
