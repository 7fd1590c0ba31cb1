import {
  readSettings,
  VirtualMachineEnvironment,
  VirtualMachineSpec,
} from './settings';

const release = {
  directory: '/opt/vvp/signer',
  unit: 'signer.service',
  environmentFile: '/etc/vvp/signer.env',
};
const configFile = {
  source: 'a.xml',
  path: '/etc/a.xml',
  backupDirectory: '/etc/backup',
};

function environment(
  spec: Partial<VirtualMachineSpec>,
  url?: string,
): VirtualMachineEnvironment {
  return {
    entityRef: 'component:default/signer',
    repository: 'vvp/vvp',
    environment: 'production',
    tier: 'production',
    ...(url !== undefined && { url }),
    target: {
      type: 'azure-vm',
      resourceGroup: 'VVP',
      name: 'vvp-pbx',
      ...spec,
    },
  };
}

describe('readSettings', () => {
  it('gives each directory and file a state of its own', () => {
    const states = [
      environment({ release }),
      environment({ release: { ...release, directory: '/opt/vvp/other' } }),
      environment({ configFile }),
    ].map(each => readSettings(each).state);

    expect(new Set(states).size).toBe(3);
    expect(states[0]).toMatch(/^\/var\/lib\/backstage-deploy\/[0-9a-f]{24}$/);
  });

  it.each([
    ['neither', {}, 'either release or configFile'],
    ['both', { release, configFile }, 'either release or configFile'],
    [
      'a directory that leads up',
      { release: { ...release, directory: '/opt/../etc' } },
      'target.release.directory',
    ],
    [
      'a path that is not absolute',
      { configFile: { ...configFile, path: 'etc/a.xml' } },
      'target.configFile.path',
    ],
    [
      'an empty part',
      { configFile: { ...configFile, backupDirectory: '/etc//backup' } },
      'target.configFile.backupDirectory',
    ],
    [
      'a key without a file',
      {
        release: { directory: '/opt/a', unit: 'a.service' },
        health: { url: 'http://127.0.0.1/', keyVariable: 'KEY' },
      },
      'needs target.release.environmentFile',
    ],
    [
      'a key without an address',
      { release, health: { udpPort: 1, keyVariable: 'KEY' } },
      'Add target.health.url',
    ],
    [
      'a key for somebody else',
      {
        release,
        health: { url: 'http://thief.example.test/', keyVariable: 'KEY' },
      },
      'the key would be sent to thief.example.test',
    ],
  ])('refuses %s', (_, spec, message) => {
    expect(() => readSettings(environment(spec))).toThrow(message);
  });

  it.each([
    ['the machine itself', 'http://127.0.0.1:8080/status', undefined],
    ['the machine by name', 'http://localhost:8080/status', undefined],
    [
      "the environment's host",
      'http://pbx.example.test:8080/status',
      'https://pbx.example.test',
    ],
  ])('lets the key be sent to %s', (_, url, environmentUrl) => {
    const settings = readSettings(
      environment(
        { release, health: { url, keyVariable: 'KEY' } },
        environmentUrl,
      ),
    );

    expect(settings).toMatchObject({
      health_url: url,
      key_variable: 'KEY',
      key_header: 'X-API-Key',
    });
  });
});
