import { ConfigReader } from '@backstage/config';
import { readVersionConfig } from './readVersionConfig';

describe('readVersionConfig', () => {
  it('allows nothing that is not configured', () => {
    expect(readVersionConfig(new ConfigReader({}))).toEqual({
      allowedHosts: [],
      allowLoopback: false,
    });
  });

  it('reads what is configured', () => {
    const deploy = {
      versionHosts: [
        'Status.example.test',
        'api.example.test:8443',
        '[fd12::1]',
      ],
      allowLoopback: true,
    };

    expect(readVersionConfig(new ConfigReader({ deploy }))).toEqual({
      allowedHosts: [
        'status.example.test',
        'api.example.test:8443',
        '[fd12::1]',
      ],
      allowLoopback: true,
    });
  });

  it.each([
    'https://status.example.test',
    'status.example.test/version',
    'status.example.test/',
    'user@status.example.test',
    '*.example.test:port',
    'a b',
  ])('refuses the host %s and names its place', host => {
    const config = new ConfigReader({
      deploy: { versionHosts: ['ok.example.test', host] },
    });

    expect(() => readVersionConfig(config)).toThrow(
      /^deploy\.versionHosts\[1\] in app-config is no host/,
    );
  });
});
