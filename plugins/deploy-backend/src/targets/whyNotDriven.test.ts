import { SpecOrigin, whyNotDriven } from './whyNotDriven';

const origin: SpecOrigin = {
  entityRef: 'component:default/vvp-issuer',
  repository: 'example-org/vvp',
  specUrl: 'https://github.example.test/Example-Org/vvp/blob/main/deploy.yaml',
  annotated: false,
};

describe('whyNotDriven', () => {
  it('trusts the file beside an entity of the same repository', () => {
    expect(whyNotDriven(origin)).toBeUndefined();
  });

  it('trusts a file that an entity points at and that names it', () => {
    expect(
      whyNotDriven({
        ...origin,
        annotated: true,
        declaredFor: origin.entityRef,
      }),
    ).toBeUndefined();
  });

  it.each<[string, Partial<SpecOrigin>, RegExp]>([
    [
      'the file of another repository',
      {
        specUrl: 'https://github.example.test/mallory/x/blob/main/deploy.yaml',
      },
      /does not lie in example-org\/vvp/,
    ],
    [
      'the file of a repository whose name begins alike',
      { specUrl: 'https://github.example.test/example-org/vvp2/deploy.yaml' },
      /does not lie/,
    ],
    [
      'a path that leaves the repository again',
      {
        specUrl:
          'https://github.example.test/example-org/vvp/%2e%2e/x/deploy.yaml',
      },
      /does not lie/,
    ],
    ['no file', { specUrl: undefined }, /does not lie/],
    [
      'a file that does not name the entity that points at it',
      { annotated: true },
      /Add "entity: component:default\/vvp-issuer"/,
    ],
    [
      'a file that names another entity',
      { annotated: true, declaredFor: 'component:default/other' },
      /Add "entity/,
    ],
  ])('does not trust %s', (_, part, message) => {
    expect(whyNotDriven({ ...origin, ...part })).toMatch(message);
  });
});
