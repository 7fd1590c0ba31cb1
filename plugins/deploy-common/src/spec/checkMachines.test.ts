import { findingsOf } from './testing';

const release = (name: string) =>
  `release: { directory: /opt/${name}, unit: ${name.replaceAll(
    '/',
    '-',
  )}.service }`;

const config = (path: string, backups: string) =>
  `configFile: { source: a.xml, path: ${path}, backupDirectory: ${backups} }`;

/** Targets of services, each in the environment that stands before it. */
function withMachines(...targets: [string, string][]): string {
  return `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: x }
spec:
  environments: [{ name: staging, tier: staging }, { name: production, tier: production }]
  services:
${targets
  .map(
    ([environment, target], index) =>
      `    s${index}: { environments: { ${environment}: { target: { type: azure-vm, ${target} } } } }\n`,
  )
  .join('')}`;
}

const machine = 'resourceGroup: VVP, name: pbx';

describe('services on one machine', () => {
  it.each([
    [
      'ports of their own',
      `${machine}, ${release('a')}, health: { udpPort: 5070 }`,
      `${machine}, ${release('b')}, health: { udpPort: 5071 }`,
    ],
    [
      'one port on two machines',
      `${machine}, ${release('a')}, health: { udpPort: 5070 }`,
      `resourceGroup: VVP, name: pbx2, ${release(
        'b',
      )}, health: { udpPort: 5070 }`,
    ],
    [
      'one port where two connections lead',
      `${machine}, connection: one, ${release('a')}, health: { udpPort: 5070 }`,
      `${machine}, connection: two, ${release('b')}, health: { udpPort: 5070 }`,
    ],
    [
      'directories whose names begin alike',
      `${machine}, ${release('a')}`,
      `${machine}, ${release('a2')}`,
    ],
    [
      'backups of files with other names',
      `${machine}, ${config('/etc/a/one.xml', '/etc/backup')}`,
      `${machine}, ${config('/etc/b/two.xml', '/etc/backup')}`,
    ],
  ])('may have %s', (_, first, second) => {
    expect(
      findingsOf(withMachines(['production', first], ['production', second])),
    ).toEqual([]);
  });

  it.each([
    [
      'listen at one port',
      `${machine}, ${release('a')}, health: { udpPort: 5070 }`,
      `${machine}, ${release('b')}, health: { udpPort: 5070 }`,
      '"production" of "s0" and "production" of "s1" both listen at the UDP port 5070',
    ],
    [
      'listen at one port, one of them by a connection that the other does not name',
      `${machine}, ${release('a')}, health: { udpPort: 5070 }`,
      `resourceGroup: vvp, name: PBX, connection: x, ${release(
        'b',
      )}, health: { udpPort: 5070 }`,
      'both listen at the UDP port 5070',
    ],
    [
      'have their releases among those of another',
      `${machine}, ${release('a')}`,
      `${machine}, ${release('a/releases')}`,
      '"directory" of "production" of "s1" lies in the releases of "production" of "s0"',
    ],
    [
      'have their releases around those of another',
      `${machine}, ${release('a/b')}`,
      `${machine}, ${release('a')}`,
      '"directory" of "production" of "s0" lies in the releases of "production" of "s1"',
    ],
    [
      'have a file in the releases of another',
      `${machine}, ${release('a')}`,
      `${machine}, ${config('/opt/a/current/app.xml', '/etc/backup')}`,
      '"path" of "production" of "s1" lies in the releases of "production" of "s0"',
    ],
    [
      'have backups of one name in one place',
      `${machine}, ${config('/etc/a/app.xml', '/etc/backup')}`,
      `${machine}, ${config('/etc/b/app.xml', '/etc//backup')}`,
      'the backups of "production" of "s0" and "production" of "s1" would have the same names',
    ],
  ])('do not %s', (_, first, second, message) => {
    expect(
      findingsOf(withMachines(['production', first], ['production', second])),
    ).toEqual([expect.stringContaining(message)]);
  });

  it('are two as well where they are one service in two environments', () => {
    const text = withMachines([
      'staging',
      `${machine}, ${release('a')}, health: { udpPort: 5070 }`,
    ]).replace(
      'environments: { staging:',
      `environments: { production: { target: { type: azure-vm, ${machine}, ${release(
        'b',
      )}, health: { udpPort: 5070 } } }, staging:`,
    );

    expect(findingsOf(text)).toEqual([
      expect.stringContaining(
        '"production" of "s0" and "staging" of "s0" both listen',
      ),
    ]);
  });

  it('do not lie in their own releases', () => {
    expect(
      findingsOf(
        withMachines([
          'production',
          `${machine}, release: { directory: /opt/a, unit: a.service, environmentFile: /opt/a/a.env }`,
        ]),
      ),
    ).toEqual([]);
  });
});

describe('the key of a machine', () => {
  const asked = (health: string, file = ', environmentFile: /etc/a.env') =>
    withMachines([
      'production',
      `${machine}, release: { directory: /opt/a, unit: a.service${file} }, health: { ${health} }`,
    ]).replace(
      'production: { target',
      'production: { url: https://a.example.test, target',
    );

  it.each([
    "url: 'http://127.0.0.1:8080/', keyVariable: KEY, keyHeader: X-Key",
    "url: 'http://localhost:8080/', keyVariable: KEY",
    'url: https://a.example.test/status, keyVariable: KEY',
  ])('may go to %s', health => {
    expect(findingsOf(asked(health))).toEqual([]);
  });

  it.each([
    ["url: 'http://127.0.0.1/', keyHeader: X-Key", 'no key is sent that'],
    ['udpPort: 5060, keyVariable: KEY', 'there is no address that the key'],
    [
      'url: https://b.example.test/, keyVariable: KEY',
      'the key of the machine would be sent to "b.example.test"',
    ],
  ])('does not go with %s', (health, told) => {
    expect(findingsOf(asked(health)).join('\n')).toContain(told);
  });

  it('is in a file', () => {
    expect(
      findingsOf(asked("url: 'http://127.0.0.1/', keyVariable: KEY", '')),
    ).toEqual([expect.stringContaining('there is no environment file')]);
  });
});
