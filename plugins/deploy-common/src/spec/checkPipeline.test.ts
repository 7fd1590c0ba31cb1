import { findingsOf, specOf } from './testing';

const run = "language: python, version: '3.12', directory: tests/together";

function withTests(tests: string, services = ''): string {
  return `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: x }
spec:
  repository: example-org/x
  pipeline: { branches: [main] }
  environments: [{ name: production, tier: production }]
  tests: { ${tests} }
  services:
    shop:
      test: { language: python, version: '3.12' }
      environments: { production: {} }
    cart:
      ${services || 'paths: [cart/**]'}
      environments: { production: {} }
`;
}

describe('tests of several services', () => {
  it.each([
    `after-all: { ${run}, after: [shop, cart], in: production }`,
    `by-night: { ${run}, workflow: night.yml, schedule: '0 2 * * *' }`,
    `local: { ${run}, workflow: t.yml }, cloud: { ${run}, workflow: t.yml, needs: local }`,
  ])('take %s', tests => {
    expect(findingsOf(withTests(tests))).toEqual([]);
  });

  it.each([
    [`t: { ${run} }`, 'need "after", "before" or "workflow"'],
    [
      `t: { ${run}, after: [shop], workflow: t.yml }`,
      'cannot have "before" or "workflow"',
    ],
    [`t: { ${run}, after: [shpo] }`, 'there is no service "shpo"'],
    [`t: { ${run}, after: [shop], in: prod }`, '"prod" is not declared'],
    [
      `t: { ${run}, after: [shop], schedule: '0 2 * * *' }`,
      'cannot have "schedule"',
    ],
    [`t: { ${run}, workflow: deploy.yml }`, 'is a workflow that deploys'],
    [`t: { ${run}, workflow: t.yml, needs: no }`, 'there are no tests "no"'],
    [
      `a: { ${run}, workflow: t.yml, needs: b }, b: { ${run}, workflow: t.yml, needs: a }`,
      'none of them could begin',
    ],
    [`t: { ${run}, workflow: t.yml, needs: t }`, 'none of them could begin'],
    [
      `a: { ${run}, workflow: t.yml, login: azure }, b: { ${run}, workflow: t.yml, needs: a }, c: { ${run}, workflow: t.yml, needs: b, on: [pull-request] }`,
      '"a" would run for pull requests too',
    ],
    [
      `a: { language: none, workflow: t.yml, on: [pull-request], scan: { type: commits } }, b: { ${run}, workflow: t.yml, needs: a, on: [push] }`,
      '"a" looks at the commits of pull requests',
    ],
    [
      `t: { ${run}, workflow: t.yml, databases: [{ type: redis, version: '7', variable: A }, { type: redis, version: '6', variable: B }] }`,
      'two databases of the type redis',
    ],
  ])('refuse %s', (tests, message) => {
    expect(findingsOf(withTests(tests)).join('\n')).toContain(message);
  });
});

describe('services that others test', () => {
  it('take one that has tests', () => {
    expect(findingsOf(withTests('', 'testedBy: [shop]'))).toEqual([]);
  });

  it.each([
    ['testedBy: [cart]', 'the service "cart" is this one'],
    ['testedBy: [nobody]', 'there is no service "nobody"'],
  ])('refuse %s', (services, message) => {
    expect(findingsOf(withTests('', services)).join('\n')).toContain(message);
  });
});

describe('texts that would mean something else where they end up', () => {
  const title = (text: string) =>
    withTests('').replace('branches: [main]', `title: ${JSON.stringify(text)}`);

  it('are taken where they mean nothing', () => {
    expect(specOf(title("Build & deploy; don't stop $(now)")).pipeline?.title)
      // Only GitHub reads a title.
      .toBe("Build & deploy; don't stop $(now)");
  });

  it.each(['${{ secrets.TOKEN }}', 'one\ntwo', 'one\rtwo', 'bell\u0007'])(
    'are refused: %j',
    text => {
      expect(findingsOf(title(text))).not.toEqual([]);
    },
  );

  it.each([
    ['directory: ../elsewhere', 'directory'],
    ['directory: /etc', 'directory'],
    ['directory: a/../../b', 'directory'],
    ['directory: "a b"', 'directory'],
    ['directory: "$(id)"', 'directory'],
    ['systemPackages: ["curl; id"]', 'systemPackages'],
    ['systemPackages: ["--force-yes"]', 'systemPackages'],
    ['packages: ["-r/etc/passwd"]', 'packages'],
    ['packages: ["a && b"]', 'packages'],
    ['localPackages: ["a`id`"]', 'localPackages'],
    ['version: 3.10', 'version'],
    ['environment: { "A B": x }', 'environment'],
    ['environment: { A: "${{ github.token }}" }', 'A'],
    ['environment: { A: { secret: "a-b c" } }', 'secret'],
  ])('are refused in tests: %s', (key, place) => {
    const [name] = key.split(':');
    const others = ['language: python', "version: '3.12'"].filter(
      other => !other.startsWith(`${name}:`),
    );
    const findings = findingsOf(
      withTests('').replace(
        "{ language: python, version: '3.12' }",
        `{ ${[...others, key].join(', ')} }`,
      ),
    ).join('\n');

    expect(findings).toContain(place);
  });
});

describe('safety levels', () => {
  const withLevel = (
    pipeline: string,
    rest = '',
  ) => `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: x }
spec:
  repository: example-org/x
  pipeline: { ${pipeline} }
  environments: [{ name: production, tier: production }]
  ${rest}
  services:
    shop:
      test: { language: typescript, version: '20' }
      environments:
        production:
          target: { type: ecs, region: eu-central-1, cluster: x, service: x }
`;

  it.each([0, 1, 2, 3, 4, 5])('take %s', level => {
    expect(findingsOf(withLevel(`safetyLevel: ${level}`))).toEqual([]);
  });

  it.each([
    ['safetyLevel: 6', '', 'safetyLevel'],
    ['safetyLevel: 1.5', '', 'safetyLevel'],
    ['safetyLevel: 2, pullRequests: true', '', 'workflows of their own'],
    ['safetyLevel: 2, workflow: build.yml', '', 'build.yml is the name'],
    ['workflow: rollback.yml', '', 'rollback.yml is the name'],
    [
      'safetyLevel: 1',
      `tests: { t: { ${run}, workflow: test.yml } }`,
      'test.yml is the name',
    ],
    [
      'safetyLevel: 3, terraform: { directory: ../up, version: 1.5.0 }',
      '',
      'directory',
    ],
    ['aws: { passRoles: ["a b"] }', '', 'passRoles'],
  ])('refuse %s %s', (pipeline, rest, message) => {
    expect(
      findingsOf(withLevel(pipeline, rest)).map(one => JSON.stringify(one)),
    ).toContainEqual(expect.stringContaining(message));
  });

  it.each(['requirements: [r.txt]', 'suites: { unit: tests }'])(
    'know that %s is for python',
    key => {
      const text = withLevel('safetyLevel: 1').replace(
        "version: '20'",
        `version: '20', ${key}`,
      );

      expect(findingsOf(text).map(one => JSON.stringify(one))).toEqual([
        expect.stringContaining('is for python'),
      ]);
      expect(findingsOf(text.replace('typescript', 'python'))).toEqual([]);
    },
  );
});
