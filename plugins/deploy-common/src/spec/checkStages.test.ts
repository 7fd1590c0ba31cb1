import { parsePipelineSpec } from './parsePipelineSpec';

function findingsOf(parts: {
  pipeline?: string;
  deploy?: string;
  tests?: string;
  jobs?: string;
}): string {
  const { pipeline = '', deploy = '', tests = '', jobs = '' } = parts;
  const result = parsePipelineSpec(`apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: shop }
spec:
  repository: example-org/shop
  pipeline: { workflow: cd.yml ${pipeline} }
  environments:
    - { name: staging, tier: staging }
    - { name: production, tier: production ${deploy} }
  tests: { ${tests} }
  services:
    shop: { environments: { production: { target: { type: ecs, region: eu-central-1, cluster: shop, service: shop } ${jobs} } } }
`);
  return result.ok
    ? ''
    : result.findings.map(({ message }) => message).join('\n');
}

const ci =
  'ci: { language: none, commands: [make], workflow: ci.yml, on: [push] }';

describe('workflows of environments', () => {
  it.each([
    { deploy: ', deploy: { workflow: deploy-production.yml }' },
    { deploy: ", deploy: { workflow: p.yml, tags: ['v*'], signedTags: true }" },
    { deploy: ', deploy: { branches: [main, feature/**] }' },
    { pipeline: ', after: { workflow: ci.yml }', tests: ci },
    { pipeline: ', after: { workflow: ci.yml, title: CI }' },
    {
      pipeline: ', after: { workflow: ci.yml }',
      tests: ci,
      jobs: ', jobs: [{ workflow: cd.yml, job: deploy, commit: triggering-run }]',
    },
  ])('take %j', parts => {
    expect(findingsOf(parts)).toBe('');
  });

  it.each([
    [{ deploy: ', deploy: { signedTags: true }' }, 'no tags are deployed here'],
    [{ pipeline: ', serviceInput: version' }, 'is there for something else'],
    [
      { pipeline: ', serviceInput: rollback_environment' },
      'is there for something else',
    ],
    [
      {
        pipeline: ', cleanup: { days: 30 }',
        deploy: ', deploy: { workflow: cleanup.yml }',
      },
      'cleanup.yml is the name of another generated workflow',
    ],
    [
      { pipeline: ', after: { workflow: ci.yml }' },
      'there are no tests in ci.yml',
    ],
    [
      {
        pipeline: ', after: { workflow: ci.yml }',
        tests: ci.replace('[push]', '[pull-request]'),
      },
      'ci.yml does not run for pushes',
    ],
    [
      { pipeline: ', after: { workflow: cd.yml, title: CD }' },
      'cd.yml is a workflow that deploys',
    ],
    [
      { pipeline: ', safetyLevel: 4, after: { workflow: ci.yml }', tests: ci },
      'at safety level 4 nothing is deployed by itself',
    ],
    [
      {
        pipeline: ', after: { workflow: ci.yml }',
        tests: ci,
        deploy: ", deploy: { tags: ['v*'] }",
      },
      'cd.yml is started by ci.yml, and not by tags',
    ],
    [
      {
        pipeline: ', after: { workflow: ci.yml }',
        tests: ci,
        jobs: ', jobs: [{ workflow: cd.yml, job: deploy }]',
      },
      'deploys the commit of the run that started it',
    ],
    [{ deploy: ", deploy: { branches: ['a b'] }" }, 'item 1 of "branches"'],
  ])('refuse %j', (parts, message) => {
    expect(findingsOf(parts)).toContain(message);
  });
});

describe('tests of a repository', () => {
  const run = 'language: none, commands: [make]';

  it.each([
    `t: { ${run}, before: [production], services: [shop] }`,
    `t: { ${run}, workflow: t.yml, before: [production], on: [push] }`,
    `t: { ${run}, workflow: t.yml, mode: a, modeInput: scenario }`,
    "t: { language: rust, version: '1.89', workflow: t.yml }",
    't: { language: none, workflow: t.yml, scan: { type: codeql, languages: [rust], severity: medium } }',
    't: { language: none, workflow: t.yml, on: [pull-request], scan: { type: commits } }',
  ])('take %s', tests => {
    expect(findingsOf({ tests })).toBe('');
  });

  it.each([
    [`t: { ${run}, before: [prod] }`, '"prod" is not declared'],
    [
      `t: { ${run}, before: [staging] }`,
      'nothing that these tests are about is deployed to "staging"',
    ],
    [`test-shop: { ${run}, workflow: t.yml }`, 'another job that is called'],
    [`release: { ${run}, before: [production] }`, 'another job that is called'],
    [
      `t: { ${run}, workflow: t.yml, on: [pull-request], login: azure }`,
      'would get at the cloud',
    ],
    [`t: { ${run}, before: [production], services: [shp] }`, '"shp"'],
    [
      `t: { ${run}, after: [shop], before: [production] }`,
      'cannot have "before" or "workflow"',
    ],
    [`t: { ${run}, before: [production], on: [push] }`, 'cannot have "on"'],
    ['t: { language: none, workflow: t.yml }', 'nothing that the tests "t"'],
    ['t: { language: rust, workflow: t.yml }', 'have no "version" of rust'],
    [
      `t: { ${run}, workflow: t.yml, scan: { type: secrets } }`,
      'a scan runs alone',
    ],
    [
      't: { language: none, workflow: t.yml, scan: { type: codeql } }',
      'needs "languages"',
    ],
    [
      't: { language: none, workflow: t.yml, scan: { type: image } }',
      'needs "tag"',
    ],
    [
      't: { language: none, workflow: t.yml, scan: { type: secrets, severity: high } }',
      '"severity" is for',
    ],
    [
      't: { language: none, workflow: t.yml, on: [push], scan: { type: commits } }',
      'where a pull request brings them',
    ],
    [
      't: { language: none, workflow: t.yml, commands: ["echo ${{ github.token }}"] }',
      'commands',
    ],
    [`t: { ${run}, workflow: t.yml, matrix: { a: ["x y"] } }`, 'item 1 of "a"'],
  ])('refuse %s', (tests, message) => {
    expect(findingsOf({ tests })).toContain(message);
  });
});
