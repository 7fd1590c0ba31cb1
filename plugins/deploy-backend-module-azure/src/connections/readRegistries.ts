import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { AzureConnection } from './types';

const HOST = /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?$/;

/**
 * Reads `registries` and `registryEndpoints` of a connection.
 *
 * @param key - where the connection stands, for messages
 */
export function readRegistries(
  config: Config,
  key: string,
): Pick<AzureConnection, 'registries' | 'registryEndpoints'> {
  const place = `of "${config.getString('name')}"`;
  const registries = config
    .getOptionalStringArray('registries')
    ?.map(host => host.toLowerCase());
  const wrong = registries?.find(host => !HOST.test(host));
  if (wrong !== undefined) {
    throw new InputError(
      `${key}: registries ${place} has "${wrong}", which is not the host of a registry, such as vvpacr.azurecr.io.`,
    );
  }
  const endpoints = Object.entries(
    config.getOptional<Record<string, unknown>>('registryEndpoints') ?? {},
  ).map(([host, address]): [string, string] => {
    if (!isOrigin(address)) {
      throw new InputError(
        `${key}: registryEndpoints ${place} has to name an address for ${host} that begins with https:// and ends with host or port.`,
      );
    }
    return [host.toLowerCase(), address.replace(/\/$/, '')];
  });
  return {
    ...(registries && { registries }),
    ...(endpoints.length > 0 && {
      registryEndpoints: Object.fromEntries(endpoints),
    }),
  };
}

/** Tokens travel there: never without TLS. */
function isOrigin(address: unknown): address is string {
  if (typeof address !== 'string' || !URL.canParse(address)) {
    return false;
  }
  const { protocol, origin } = new URL(address);
  return protocol === 'https:' && address.replace(/\/$/, '') === origin;
}
