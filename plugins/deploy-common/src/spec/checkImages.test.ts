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

  describe('shares its name with no other one', () => {
    const ECR = '111122223333.dkr.ecr.eu-central-1.amazonaws.com';
    const app = (image: string) =>
      `{ type: azure-container-app, resourceGroup: VVP, name: vvp-issuer, image: ${image} }`;
    const ecs = (repository: string, region = 'eu-central-1') =>
      `{ type: ecs, region: ${region}, cluster: vvp, service: issuer, repository: ${repository} }`;
    /** The verifier, and a second service with an image and a target. */
    const two = (
      first: string,
      target: string,
      image: string,
      second = '',
    ): string => `${withImage(first).replace(
      /target: \{ type: azure-container-app.*\}/,
      `target: ${target.replace('issuer', 'verifier')}`,
    )}    issuer:
      image: { dockerfile: ${image} }
      environments:
        staging: ${second ? `{ target: ${second} }` : '{}'}
`;
    const refusal =
      'the services "verifier" and "issuer" push different images to one repository';

    it.each([
      [
        REPOSITORY,
        '{ type: azure-container-app, resourceGroup: VVP, name: vvp-issuer }',
        '',
      ],
      [
        '',
        app('r.azurecr.io/shop'),
        app('R.azurecr.io/shop').replace('VVP', 'Two'),
      ],
      [
        '',
        app('r.azurecr.io:443/shop'),
        app('r.azurecr.io/shop').replace('VVP', 'Two'),
      ],
      [
        '',
        app('shop'),
        app('index.docker.io/library/shop').replace('VVP', 'Two'),
      ],
      ['', ecs('shop'), ecs('shop').replace('cluster: vvp', 'cluster: two')],
      [
        `repository: ${ECR}/shop`,
        '{ type: azure-container-app, resourceGroup: VVP, name: vvp-issuer }',
        ecs('shop'),
      ],
    ])('whatever names it: %s %s %s', (first, target, second) => {
      const own = second ? '' : `, ${REPOSITORY}`;
      const text = (image: string) => two(first, target, image, second);

      expect(findingsOf(text(`other/Dockerfile${own}`)).join()).toContain(
        refusal,
      );
      expect(
        findingsOf(text(`Dockerfile, target: production${own}`)).join(),
      ).toContain(refusal);
    });

    it.each([
      [
        REPOSITORY,
        '{ type: azure-container-app, resourceGroup: VVP, name: vvp-issuer }',
        `, ${REPOSITORY}`,
        '',
      ],
      [
        '',
        app('r.azurecr.io/shop'),
        ', context: ., platforms: [linux/amd64], timeoutMinutes: 5',
        app('r.azurecr.io/shop').replace('VVP', 'Two'),
      ],
      [
        '',
        ecs('shop'),
        '',
        ecs('shop').replace('cluster: vvp', 'cluster: two'),
      ],
    ])(
      'and one build may be that of both: %s %s',
      (first, target, same, second) => {
        expect(
          findingsOf(two(first, target, `Dockerfile${same}`, second)),
        ).toEqual([]);
      },
    );

    it.each([
      [
        app('r.azurecr.io/shop'),
        app('r.azurecr.io/cart').replace('VVP', 'Two'),
      ],
      [
        app('r.azurecr.io/shop'),
        app('s.azurecr.io/shop').replace('VVP', 'Two'),
      ],
      [ecs('shop'), ecs('shop', 'eu-west-1')],
    ])('nor with one that is called otherwise: %s, %s', (target, second) => {
      expect(findingsOf(two('', target, 'other/Dockerfile', second))).toEqual(
        [],
      );
    });

    it('where the accounts differ', () => {
      const text = two(
        `repository: ${ECR}/shop`,
        '{ type: azure-container-app, resourceGroup: VVP, name: vvp-issuer }',
        `other/Dockerfile, repository: ${ECR.replace('1111', '9999')}/shop`,
      );

      expect(findingsOf(text)).toEqual([]);
      expect(findingsOf(text.replace('9999', '1111')).join()).toContain(
        refusal,
      );
    });
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
    text
      .replace(', commit: triggering-run', '')
      .replace(
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
