import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ClientSecretCredential,
  DefaultAzureCredential,
} from '@azure/identity';
import { ConfigReader } from '@backstage/config';
import { JsonObject } from '@backstage/types';
import { readAzureConnections } from './readAzureConnections';

const SUBSCRIPTION = '33333333-3333-4333-8333-333333333333';

const folder = mkdtempSync(join(tmpdir(), 'connections-'));

function fileWith(text: string): string {
  const file = join(folder, `${text.length}.pem`);
  writeFileSync(file, text);
  return file;
}

function read(...connections: JsonObject[]) {
  return readAzureConnections(
    new ConfigReader({
      deploy: {
        targets: {
          azure: {
            connections: connections.map(connection => ({
              name: 'main',
              repositories: ['Example-Org/*'],
              subscriptionId: SUBSCRIPTION,
              ...connection,
            })),
          },
        },
      },
    }),
  );
}

describe('readAzureConnections', () => {
  it('reads none where none are configured', () => {
    expect(readAzureConnections(new ConfigReader({}))).toEqual([]);
  });

  it('takes the identity that the portal runs under', () => {
    const [connection] = read({});

    expect(connection.credential).toBeInstanceOf(DefaultAzureCredential);
    expect(connection).toMatchObject({
      name: 'main',
      repositories: ['example-org/*'],
      subscriptionId: SUBSCRIPTION,
    });
  });

  it('takes an app registration where its secret is given', () => {
    const [connection] = read({
      tenantId: '11111111-1111-4111-8111-111111111111',
      clientId: '22222222-2222-4222-8222-222222222222',
      clientSecret: 'secret',
    });

    expect(connection.credential).toBeInstanceOf(ClientSecretCredential);
  });

  it('reads the certificates of a private authority', () => {
    const certificate = '-----BEGIN CERTIFICATE-----\n';

    const [connection] = read({ caFile: fileWith(certificate) });

    expect(connection.clientOptions.tlsOptions).toEqual({ ca: certificate });
  });

  it.each([
    [
      'a subscription that is none',
      { subscriptionId: 'production' },
      /subscriptionId of "main"/,
    ],
    [
      'an endpoint without TLS',
      { endpoint: 'http://azure.example.test' },
      /endpoint of "main" has to begin with https/,
    ],
    [
      'an authority without TLS',
      { authorityHost: 'http://azure.example.test' },
      /authorityHost of "main"/,
    ],
    [
      'a secret without its app',
      { clientSecret: 'secret' },
      /clientSecret needs tenantId and clientId/,
    ],
    [
      'certificates that are not there',
      { caFile: join(folder, 'none.pem') },
      /cannot be read/,
    ],
    [
      'a file without certificates',
      { caFile: fileWith('something else') },
      /no certificate/,
    ],
  ])('refuses %s', (_, connection, message) => {
    expect(() => read(connection)).toThrow(message);
  });

  it('refuses two connections of one name', () => {
    expect(() => read({}, {})).toThrow(/two connections are called "main"/);
  });

  it('never repeats a secret', () => {
    expect(() => read({ clientSecret: 'hidden' })).toThrow(
      expect.objectContaining({
        message: expect.not.stringContaining('hidden'),
      }),
    );
  });
});
