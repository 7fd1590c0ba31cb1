import { whyNotAllowed, whyNotFollowed } from './judgeUrl';

const hosts = {
  environmentUrl: 'https://issuer.example.test',
  allowedHosts: ['status.example.test', 'internal.example.test:8443'],
};

describe('whyNotAllowed', () => {
  it.each([
    'https://issuer.example.test/version',
    'http://issuer.example.test/version',
    'https://ISSUER.example.test./version',
    'https://issuer.example.test:443/version',
    'https://status.example.test/x',
    'https://internal.example.test:8443/x',
    'http://internal.example.test:8443/x',
  ])('lets %s be asked', address => {
    expect(whyNotAllowed(new URL(address), hosts)).toBeUndefined();
  });

  it.each([
    ['https://verifier.example.test/version', /on the host/],
    ['https://issuer.example.test.evil.test/version', /on the host/],
    ['https://evil.test/?https://issuer.example.test', /on the host/],
    ['https://issuer.example.test@evil.test/', /password/],
    ['https://user:secret@issuer.example.test/', /password/],
    ['https://issuer.example.test:8080/version', /port/],
    ['https://status.example.test:22/', /port/],
    ['file:///etc/passwd', /neither http nor https/],
    ['ftp://issuer.example.test/', /neither http nor https/],
    ['https://169.254.169.254/', /on the host/],
  ])('does not let %s be asked', (address, problem) => {
    expect(whyNotAllowed(new URL(address), hosts)).toMatch(problem);
  });

  it("knows the environment's port, whichever the scheme", () => {
    const environmentUrl = 'http://issuer.example.test:8080/ui';
    const ask = (address: string) =>
      whyNotAllowed(new URL(address), { environmentUrl, allowedHosts: [] });

    expect(ask('http://issuer.example.test:8080/version')).toBeUndefined();
    expect(ask('https://issuer.example.test/version')).toBeUndefined();
    expect(ask('http://issuer.example.test:8081/version')).toMatch(/port/);
  });

  it('lets nothing be asked where nothing is named', () => {
    const url = new URL('https://issuer.example.test/version');

    expect(whyNotAllowed(url, { allowedHosts: [] })).toMatch(/on the host/);
  });
});

describe('whyNotFollowed', () => {
  const own = {
    environmentUrl: 'https://api.example.test',
    allowedHosts: [],
  };
  const from = new URL('https://api.example.test/version');

  it.each([
    ['https://api.example.test/v2', undefined],
    ['http://api.example.test/version', 'is not encrypted'],
    ['https://other.example.test/', 'is on another host'],
    ['https://user@api.example.test/', 'has a user name or a password in it'],
  ])('says of %s: %s', (to, why) => {
    expect(whyNotFollowed(new URL(to), from, own)).toBe(why);
  });

  it('lets an address without encryption lead to another one, or to one with it', () => {
    const plain = new URL('http://api.example.test/version');

    expect(whyNotFollowed(plain, plain, own)).toBeUndefined();
    expect(whyNotFollowed(from, plain, own)).toBeUndefined();
  });
});
