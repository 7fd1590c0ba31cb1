import { ConfigReader } from '@backstage/config';
import { readConnections } from './readConnections';

function read(...connections: object[]) {
  return readConnections(
    new ConfigReader({
      deploy: {
        targets: {
          kubernetes: {
            connections: connections.map(connection => ({
              name: 'a',
              repositories: ['Example-Org/*'],
              ...connection,
            })),
          },
        },
      },
    } as any),
  );
}

describe('readConnections', () => {
  it('needs none', () => {
    expect(readConnections(new ConfigReader({}))).toEqual([]);
  });

  it.each<[object, object]>([
    [
      { server: 'https://k.example.test:6443/', token: 't' },
      { type: 'server', server: 'https://k.example.test:6443', token: 't' },
    ],
    [
      { server: 'http://127.0.0.1:8001', tokenFile: '/t' },
      { type: 'server', tokenFile: '/t' },
    ],
    [{ inCluster: true }, { type: 'in-cluster' }],
    [
      { kubeconfigFile: '/k', context: 'c' },
      { type: 'kubeconfig', file: '/k', context: 'c' },
    ],
  ])('reads %j', (connection, access) => {
    expect(read(connection)).toMatchObject([
      { name: 'a', repositories: ['example-org/*'], access },
    ]);
  });

  it.each<[object[], RegExp]>([
    [
      [{}],
      /connections\[0\]: give exactly one of server, inCluster: true and kubeconfigFile/,
    ],
    [[{ server: 'https://k.example.test', inCluster: true }], /exactly one/],
    [
      [{ server: 'http://k.example.test', token: 't' }],
      /must not travel in the clear/,
    ],
    [[{ server: 'nonsense' }], /is no address/],
    [[{ server: 'https://u:p@k.example.test' }], /holds a password/],
    [
      [{ server: 'https://k.example.test', token: 't', tokenFile: '/t' }],
      /not both/,
    ],
    [
      [{ inCluster: true }, { inCluster: true }],
      /two connections are called "a"/,
    ],
  ])('refuses %j', (connections, message) => {
    expect(() => read(...connections)).toThrow(message);
  });
});
