import { ConfigReader } from '@backstage/config';
import {
  readAwsConnections,
  readPollMilliseconds,
  selectAwsConnection,
} from './connections';

function read(connections: object[]) {
  return readAwsConnections(
    new ConfigReader({ deploy: { targets: { aws: { connections } } } }),
  );
}

const base = { name: 'main', repositories: ['Example-Org/*'] };

describe('readAwsConnections', () => {
  it('is empty without configuration', () => {
    expect(readAwsConnections(new ConfigReader({}))).toEqual([]);
  });

  it('takes the account from the role', () => {
    const [connection] = read([
      { ...base, roleArn: 'arn:aws:iam::111122223333:role/deploy-portal' },
    ]);

    expect(connection).toMatchObject({
      name: 'main',
      repositories: ['example-org/*'],
      accountId: '111122223333',
      role: { arn: 'arn:aws:iam::111122223333:role/deploy-portal' },
    });
  });

  it.each([
    ['a short account', [{ ...base, accountId: '12' }], /accountId/],
    ['a role that is none', [{ ...base, roleArn: 'admin' }], /roleArn/],
    [
      'half of a key',
      [{ ...base, accessKeyId: 'AKIA' }],
      /both accessKeyId and secretAccessKey/,
    ],
    ['a name twice', [base, base], /two connections are named "main"/],
  ])('refuses %s', (_, connections, message) => {
    expect(() => read(connections)).toThrow(message);
  });

  it('never tells a secret in an error', () => {
    expect(() => read([{ ...base, secretAccessKey: 'very-secret' }])).toThrow(
      expect.not.stringContaining('very-secret'),
    );
  });
});

describe('selectAwsConnection', () => {
  const place = { region: 'eu-central-1', cluster: 'broker-cluster' };

  it('is the only one that the repository may use', () => {
    const connections = read([base]);

    const selected = selectAwsConnection(connections, 'example-org/x', place);

    expect(selected.name).toBe('main');
  });

  it.each([
    [{ region: 'us-east-1' }, /target\.region/],
    [{ clusters: ['other', 'voice-*'] }, /target\.cluster/],
    [{ clusters: ['broker.cluster'] }, /target\.cluster/],
  ])('is refused if it is only for %j', (scope, message) => {
    const connections = read([{ ...base, ...scope }]);

    expect(() =>
      selectAwsConnection(connections, 'example-org/x', place),
    ).toThrow(message);
  });

  it('is let through by a pattern of clusters', () => {
    const connections = read([{ ...base, clusters: ['broker-*'] }]);

    const selected = selectAwsConnection(connections, 'example-org/x', place);

    expect(selected.name).toBe('main');
  });

  it('is none for a repository that is not named', () => {
    expect(() => selectAwsConnection(read([base]), 'evil/x', place)).toThrow(
      /no connection of aws is configured for evil\/x/,
    );
  });
});

describe('readPollMilliseconds', () => {
  it.each([
    [undefined, undefined],
    [2, 2000],
  ])('reads %s as %s', (pollSeconds, expected) => {
    const config = new ConfigReader({
      deploy: { targets: { aws: { pollSeconds } } },
    });

    expect(readPollMilliseconds(config)).toBe(expected);
  });

  it('refuses to ask without a pause', () => {
    const config = new ConfigReader({
      deploy: { targets: { aws: { pollSeconds: 0 } } },
    });

    expect(() => readPollMilliseconds(config)).toThrow(/pollSeconds/);
  });
});
