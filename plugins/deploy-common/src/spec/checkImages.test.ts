import { findingsOf, validText } from './testing';

const REPOSITORY = 'repository: ghcr.io/example-org/verifier';

/** The valid file, whose service has an image. */
function withImage(image: string): string {
  return validText.replace(
    'sharedPaths: [common/**]',
    // By a function: a pattern may have a dollar.
    paths => `${paths}\n      image: { dockerfile: Dockerfile, ${image} }`,
  );
}

describe('an image', () => {
  it.each([
    'target: production',
    REPOSITORY,
    `${REPOSITORY}, tags: [commit, branch, tag, latest, environment]`,
    `${REPOSITORY}, tags: [version], version: { file: package.json }`,
    `${REPOSITORY}, tags: [version-commit], version: { file: Cargo.toml, pattern: '^version = "(.+)"$' }`,
    `${REPOSITORY}, sign: true, scan: { severity: critical, ignoreUnfixed: true }`,
    'repository: 111122223333.dkr.ecr.us-east-1.amazonaws.com/a/b',
    'repository: 111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/a',
    'repository: shop.azurecr.io/shop',
  ])('may be: %s', image => {
    expect(findingsOf(withImage(image))).toEqual([]);
  });

  it.each([
    ['sign: true', '"sign" is for an image with a repository of its own'],
    ['tags: [latest]', '"tags" is for an image with a repository'],
    ['scan: { severity: low }', '"scan" is for an image with a repository'],
    [
      'version: { file: package.json }',
      '"version" is for an image with a repository',
    ],
    [
      'repository: registry.example.test/shop',
      'no way to log in to registry.example.test without a password',
    ],
    ['repository: evil-ghcr.io/shop', 'no way to log in to evil-ghcr.io'],
    [`${REPOSITORY}, tags: [version]`, 'the tag "version" needs a version'],
    [
      `${REPOSITORY}, version: { file: a, pattern: '(' }`,
      'the pattern is no regular expression',
    ],
    [
      `${REPOSITORY}, version: { file: a, pattern: '[0-9]+' }`,
      'the pattern has no group',
    ],
    ['repository: ghcr.io/Example/shop', 'repository'],
    ['repository: ghcr.io/shop:latest', 'repository'],
    [`${REPOSITORY}, tags: [newest]`, 'tags'],
    [`${REPOSITORY}, scan: {}`, 'severity'],
    [`target: 'a b'`, 'target'],
  ])('is refused: %s', (image, message) => {
    expect(findingsOf(withImage(image)).join('\n')).toContain(message);
  });

  it('has one place', () => {
    const named = (image: string) =>
      withImage(REPOSITORY).replace(
        'name: vvp-verifier }',
        `name: vvp-verifier, image: ${image} }`,
      );

    expect(findingsOf(named('ghcr.io/example-org/verifier'))).toEqual([]);
    expect(findingsOf(named('ghcr.io/example-org/other')).join()).toContain(
      'is pushed to ghcr.io/example-org/verifier',
    );
  });

  it('shares its repository with no other one', () => {
    const two = (image: string) =>
      `${withImage(REPOSITORY)}    issuer:
      image: { dockerfile: ${image}, ${REPOSITORY} }
      environments: { staging: {} }
`;

    expect(findingsOf(two('Dockerfile'))).toEqual([]);
    expect(findingsOf(two('other/Dockerfile')).join()).toContain(
      'push different images to one repository',
    );
  });
});

describe('what only ECS has', () => {
  const TARGET =
    '{ type: azure-container-app, resourceGroup: VVP, name: vvp-verifier }';
  const ECS =
    '{ type: ecs, region: eu-central-1, cluster: vvp, service: verifier, taskDefinition: verifier, container: verifier }';
  const WATCH = 'deploy: { watch: { minutes: 15 } }';
  const watched = (target: string, url = '') =>
    validText
      .replace('          url: https://verifier.example.test\n', url)
      .replace(`target: ${TARGET}`, `target: ${target}\n          ${WATCH}`);
  const manual = (text: string, workflow = 'manual-deploy.yml') =>
    text.replace(
      'spec:\n',
      `spec:\n  pipeline: { manual: { workflow: ${workflow} } }\n`,
    );

  it('is being watched, where there is an address', () => {
    const url = '          url: https://verifier.example.test\n';

    expect(findingsOf(watched(ECS, url))).toEqual([]);
    expect(findingsOf(watched(ECS)).join()).toContain('has no "url"');
    expect(findingsOf(watched(TARGET, url)).join()).toContain(
      'only what is deployed to ECS is watched',
    );
  });

  it('is a deployment by hand, of an image that there is', () => {
    const onEcs = withImage(REPOSITORY).replace(TARGET, ECS);

    expect(findingsOf(manual(onEcs))).toEqual([]);
    expect(findingsOf(manual(onEcs, 'deploy.yml')).join()).toContain(
      'is the name of another generated workflow',
    );
    expect(findingsOf(manual(validText)).join()).toContain(
      'no service goes to ECS',
    );
    expect(findingsOf(manual(validText.replace(TARGET, ECS))).join()).toContain(
      'has no repository of its own',
    );
  });
});
