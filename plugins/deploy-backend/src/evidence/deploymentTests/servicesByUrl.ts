import { InputError } from '@backstage/errors';
import { DeploymentTestsPayload, urlFields } from './payload';

/** An environment of a service, and where it is reached. */
export interface ReachableEnvironment {
  serviceId: string;
  entityRef: string;
  /** `owner/name`. */
  repository: string;
  environment: string;
  url: string;
}

/** What a payload is about. */
export interface TestedServices {
  /** Each service and environment once. */
  environments: ReachableEnvironment[];
  /** Fields whose host is that of no environment. */
  unmatched: string[];
}

/**
 * The environments whose `url` has the host and port of one of the payload's. Throws an InputError
 * that names both fields if there is none.
 */
export function servicesByUrl(
  payload: Pick<DeploymentTestsPayload, (typeof urlFields)[number]>,
  environments: readonly ReachableEnvironment[],
): TestedServices {
  const found = new Map<string, ReachableEnvironment>();
  const unmatched: string[] = [];
  for (const field of urlFields) {
    const host = hostOf(payload[field]);
    const matching = environments.filter(one => hostOf(one.url) === host);
    if (matching.length === 0) {
      unmatched.push(field);
    }
    for (const one of matching) {
      found.set(JSON.stringify([one.serviceId, one.environment]), one);
    }
  }
  if (found.size === 0) {
    throw new InputError(
      `${urlFields
        .map(
          field => `${field}: no environment is at ${hostOf(payload[field])}`,
        )
        .join('; ')}. Give the environment its url in deploy.yaml.`,
    );
  }
  return { environments: [...found.values()], unmatched };
}

/** Host in lower case, with the port unless it is the usual one; by it http and https are the same. */
function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host : undefined;
}
