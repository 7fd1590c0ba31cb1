import { MappedTarget, ServiceMapping } from './types';

/**
 * Where a deployment recorded at its source belongs, by the environment it names itself.
 *
 * @param jobTargets - where its job belongs, if it has a job and that one is mapped
 */
export function mapDeployment(
  deployment: { environment: string; serviceKey?: string },
  jobTargets: readonly MappedTarget[],
  services: readonly ServiceMapping[],
): MappedTarget[] {
  if (jobTargets.length > 0) {
    return uniqueTargets(
      jobTargets.map(target => ({
        ...target,
        environment: declaredEnvironment(
          deployment.environment,
          services.find(service => service.serviceId === target.serviceId),
          target.environment,
        ),
      })),
    );
  }
  const named = services.filter(
    service => service.serviceKey === deployment.serviceKey,
  );
  const prefixed = services.filter(
    service =>
      withoutKey(deployment.environment, service.serviceKey) !== undefined,
  );
  const [service] = [named, prefixed, services].find(
    candidates => candidates.length === 1,
  ) ?? [undefined];
  if (!service) {
    return [];
  }
  return [
    {
      serviceId: service.serviceId,
      environment:
        withoutKey(deployment.environment, service.serviceKey) ??
        deployment.environment,
      commit: 'run',
    },
  ];
}

/** The environment's own name where the service has one of that name, else what its job says. */
function declaredEnvironment(
  name: string,
  service: ServiceMapping | undefined,
  fallback: string,
): string {
  const plain = service && withoutKey(name, service.serviceKey);
  const declared = service?.environments.map(environment => environment.name);
  return (
    [name, plain].find(
      candidate => candidate !== undefined && declared?.includes(candidate),
    ) ?? fallback
  );
}

/**
 * The plain name of an environment that a monorepo names per service, `production-verifier` or
 * `verifier/production`; undefined for one that is not named so.
 */
export function withoutKey(
  environment: string,
  key: string,
): string | undefined {
  if (!key) {
    return undefined;
  }
  for (const separator of ['-', '/', ':', '_']) {
    if (environment.startsWith(`${key}${separator}`)) {
      return environment.slice(key.length + 1) || undefined;
    }
    if (environment.endsWith(`${separator}${key}`)) {
      return environment.slice(0, -key.length - 1) || undefined;
    }
  }
  return undefined;
}

function uniqueTargets(targets: MappedTarget[]): MappedTarget[] {
  return targets.filter(
    (target, index) =>
      targets.findIndex(
        other =>
          other.serviceId === target.serviceId &&
          other.environment === target.environment,
      ) === index,
  );
}
