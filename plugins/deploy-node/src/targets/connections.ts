import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

/**
 * A way into a platform, as the portal's operator configured it, and who may use it.
 *
 * @public
 */
export interface ConnectionScope {
  /** What `deploy.yaml` calls it. */
  name: string;
  /** `owner/name` of repositories whose `deploy.yaml` may name it, lower case; `*` stands for any text. */
  repositories: string[];
}

/**
 * Reads `name` and `repositories` of a connection.
 *
 * @public
 */
export function readConnectionScope(config: Config): ConnectionScope {
  return {
    name: config.getString('name'),
    repositories: config
      .getStringArray('repositories')
      .map(pattern => pattern.toLowerCase()),
  };
}

/**
 * The connection that a repository's `deploy.yaml` names; the only one there is, if it names none. Throws
 * an InputError, the same for one that is not there and one that is not for this repository.
 *
 * @param platform - for the message, such as `azure`: the key in `deploy.targets`
 * @public
 */
export function selectConnection<T extends ConnectionScope>(
  connections: readonly T[],
  platform: string,
  options: { name?: string; repository: string },
): T {
  const { name, repository } = options;
  const usable = connections.filter(
    connection =>
      (name === undefined || connection.name === name) &&
      connection.repositories.some(pattern =>
        matches(pattern, repository.toLowerCase()),
      ),
  );
  if (usable.length === 1) {
    return usable[0];
  }
  if (usable.length > 1) {
    throw new InputError(
      `target.connection: ${repository} may use several connections of ${platform}. Name one of them in deploy.yaml: ${usable
        .map(connection => connection.name)
        .join(', ')}.`,
    );
  }
  throw new InputError(
    name === undefined
      ? `target.connection: no connection of ${platform} is configured for ${repository}. Add one with this repository to deploy.targets.${platform}.connections in app-config.`
      : `target.connection: ${platform} has no connection "${name}" for ${repository}. Correct the name in deploy.yaml, or add the repository to it in deploy.targets.${platform}.connections in app-config.`,
  );
}

function matches(pattern: string, text: string): boolean {
  const [first, ...rest] = pattern.split('*');
  if (rest.length === 0) {
    return pattern === text;
  }
  const last = rest.pop() ?? '';
  if (!text.startsWith(first) || !text.endsWith(last)) {
    return false;
  }
  let from = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, from);
    if (found < 0) {
      return false;
    }
    from = found + part.length;
  }
  return from <= text.length - last.length;
}
