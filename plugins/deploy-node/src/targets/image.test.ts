import { joinArtifactStates, parseImage } from './image';

const sha256 = `sha256:${'0'.repeat(64)}`;
const sha512 = `sha512:${'a'.repeat(128)}`;

describe('parseImage', () => {
  it.each([
    [
      'registry.example.test/issuer:1.2',
      { registry: 'registry.example.test', repository: 'issuer', tag: '1.2' },
    ],
    [
      'Registry.Example.Test:5000/vvp/issuer_x/a--b',
      {
        registry: 'registry.example.test:5000',
        repository: 'vvp/issuer_x/a--b',
        tag: 'latest',
      },
    ],
    [
      `registry.example.test/issuer@${sha256}`,
      {
        registry: 'registry.example.test',
        repository: 'issuer',
        digest: sha256,
      },
    ],
    [
      `localhost/issuer:1@${sha512}`,
      {
        registry: 'localhost',
        repository: 'issuer',
        tag: '1',
        digest: sha512,
      },
    ],
  ])('takes %s apart', (image, parts) => {
    expect(parseImage(image)).toEqual(parts);
  });

  it.each([
    '',
    '/',
    'nginx',
    'nginx:1.2',
    'library/nginx',
    'registry.example.test/',
    'registry.example.test/issuer:',
    'registry.example.test/issuer@',
    'registry.example.test/issuer@sha256:0',
    `registry.example.test/issuer@${sha256}@${sha256}`,
    `registry.example.test/issuer@${sha256.toUpperCase()}`,
    'registry.example.test/issuer:1:2',
    'registry.example.test/../secrets:1',
    'registry.example.test/a/../../v2:1',
    'registry.example.test//issuer:1',
    'registry.example.test/issuer?x=1:1',
    'registry.example.test/issuer#x:1',
    'registry.example.test/issuer%2f..:1',
    'registry.example.test/issuer:1\r\nx-header: 1',
    'registry.example.test/issuer:1\n',
    'user:password@registry.example.test/issuer:1',
    'https://registry.example.test/issuer:1',
    'registry.example.test\\@evil.example.test/issuer:1',
    'registry.example.test:99999999/issuer:1',
    'registry.example.test/ISSUER:1',
    'ｒegistry.example.test/issuer:1',
    'registry.example.test/issuer:1\0',
  ])('takes %j for no image of a registry', image => {
    expect(parseImage(image)).toBeUndefined();
  });

  it.each([
    ['a repository that ends wrongly', `${'a-'.repeat(280)}:1`],
    ['a repository', 'a'.repeat(100_000)],
    ['a tag', `issuer:${'1'.repeat(129)}`],
  ])('does not take %s of any length', (_, rest) => {
    expect(parseImage(`registry.example.test/${rest}`)).toBeUndefined();
  });
});

describe('joinArtifactStates', () => {
  const present = { state: 'present' } as const;
  const unknown = { state: 'unknown', message: 'Nobody answered.' } as const;
  const missing = { state: 'missing', message: 'It is gone.' } as const;

  it.each([
    [[present, unknown, missing], missing],
    [[present, unknown], unknown],
    [[present, present], present],
  ])('%j', (states, joined) => {
    expect(joinArtifactStates(states)).toEqual(joined);
  });

  it('knows nothing of no image', () => {
    expect(joinArtifactStates([])).toMatchObject({ state: 'unknown' });
  });
});
