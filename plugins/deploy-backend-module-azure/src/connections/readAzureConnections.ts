import { readFileSync } from 'node:fs';
import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { readConnectionScope } from '@vvp/backstage-plugin-deploy-node';
import { createCredential } from './createCredential';
import { readRegistries } from './readRegistries';
import { requestPolicy } from './requestPolicy';
import { AzureClientOptions, AzureConnection } from './types';

const KEY = 'deploy.targets.azure.connections';

/**
 * Reads `deploy.targets.azure.connections`. Throws if one of them cannot work, so that the portal says so
 * when it starts.
 *
 * @param config - the root of app-config
 * @public
 */
export function readAzureConnections(config: Config): AzureConnection[] {
  const connections = (config.getOptionalConfigArray(KEY) ?? []).map(
    readConnection,
  );
  const names = connections.map(connection => connection.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new InputError(
      `${KEY}: two connections are called "${twice}". Give each a name of its own.`,
    );
  }
  return connections;
}

function readConnection(config: Config): AzureConnection {
  const endpoint = readHttpsAddress(config, 'endpoint');
  const authorityHost = readHttpsAddress(config, 'authorityHost');
  const caFile = config.getOptionalString('caFile');
  const clientOptions: AzureClientOptions = {
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    additionalPolicies: [{ policy: requestPolicy, position: 'perRetry' }],
    ...(endpoint !== undefined && { endpoint }),
    ...(caFile !== undefined && {
      tlsOptions: { ca: readCertificates(caFile) },
    }),
  };
  const tenantId = config.getOptionalString('tenantId');
  const resourceGroups = config
    .getOptionalStringArray('resourceGroups')
    ?.map(group => group.toLowerCase());
  return {
    ...readConnectionScope(config),
    subscriptionId: readSubscription(config),
    ...(tenantId !== undefined && { tenantId }),
    ...(resourceGroups && { resourceGroups }),
    ...readRegistries(config, KEY),
    credential: createCredential({
      tenantId,
      clientId: config.getOptionalString('clientId'),
      clientSecret: config.getOptionalString('clientSecret'),
      managedIdentityClientId: config.getOptionalString(
        'managedIdentityClientId',
      ),
      authorityHost,
      clientOptions,
    }),
    clientOptions,
  };
}

function readSubscription(config: Config): string {
  const id = config.getString('subscriptionId');
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
    throw new InputError(
      `${KEY}: subscriptionId of "${config.getString(
        'name',
      )}" is not the id of a subscription. Take it from the Azure portal.`,
    );
  }
  return id.toLowerCase();
}

/** Tokens travel there: never without TLS. */
function readHttpsAddress(config: Config, key: string): string | undefined {
  const value = config.getOptionalString(key);
  if (value !== undefined && !/^https:\/\/[^\s/]+/.test(value)) {
    throw new InputError(
      `${KEY}: ${key} of "${config.getString(
        'name',
      )}" has to begin with https://.`,
    );
  }
  return value?.replace(/\/+$/, '');
}

function readCertificates(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new InputError(
      `${KEY}: the caFile ${file} cannot be read. Correct the path, or the rights of the file.`,
      cause,
    );
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----')) {
    throw new InputError(
      `${KEY}: the caFile ${file} holds no certificate in PEM form.`,
    );
  }
  return text;
}
