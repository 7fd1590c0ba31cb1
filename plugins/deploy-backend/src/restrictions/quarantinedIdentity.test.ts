import {
  identityOf,
  matchQuarantine,
  quarantinedIdentity,
} from './quarantinedIdentity';

const A = `sha256:${'a'.repeat(64)}`;
const B = `sha256:${'b'.repeat(64)}`;
const SHORT = `sha256:${'a'.repeat(24)}`;

describe('identityOf', () => {
  it.each([
    ['an image with its digest', `registry.example.test/app@${A}`, A],
    [
      'an image with tag and digest',
      `registry.example.test:5000/app:v1@${A}`,
      A,
    ],
    ['the hash of a file', SHORT, SHORT],
  ])('knows %s by it', (_name, artifact, digest) => {
    expect(identityOf({ id: 'r1', artifact })).toEqual({
      revision: 'r1',
      artifact: digest,
    });
  });

  it.each([
    ['no artifact', undefined],
    ['an image without a tag', 'registry.example.test/app'],
    ['a tag, which may be moved', 'registry.example.test/app:v1.4.0'],
    ['a tag that looks like a digest', `app:${'a'.repeat(64)}`],
    ['a digest that is cut too short', 'app@sha256:abc'],
    ['something behind the digest', `app@${A} or so`],
  ])('knows by its id alone what tells %s', (_name, artifact) => {
    expect(identityOf({ id: 'r1', artifact })).toEqual({ revision: 'r1' });
  });
});

describe('quarantinedIdentity', () => {
  const bad = { id: 'r2', artifact: `app@${A}` };

  it.each([
    ['nothing is kept', undefined, A],
    ['another artifact is kept', { id: 'r1', artifact: `app@${B}` }, A],
    ['what is kept tells none', { id: 'r1' }, A],
    [
      'the same is kept, so that it is good',
      { id: 'r1', artifact: A },
      undefined,
    ],
  ])(
    'holds the artifact unless the same is kept: %s',
    (_name, kept, artifact) => {
      expect(quarantinedIdentity(bad, kept)).toEqual({
        revision: 'r2',
        ...(artifact && { artifact }),
      });
    },
  );
});

describe('matchQuarantine', () => {
  const quarantines = [
    { revision: 'r1', artifact: A },
    { revision: 'r2', artifact: B },
    { revision: 'r3' },
  ];

  it.each([
    ['its id', { revision: 'r3' }, 'r3'],
    ['its artifact', { revision: 'new', artifact: A }, 'r1'],
    ['its id rather than its artifact', { revision: 'r2', artifact: A }, 'r2'],
    ['nothing', { revision: 'new' }, undefined],
    [
      'nothing of another artifact',
      { revision: 'new', artifact: SHORT },
      undefined,
    ],
  ])('finds a quarantine by %s', (_name, identity, revision) => {
    expect(matchQuarantine(identity, quarantines)?.revision).toBe(revision);
  });
});
