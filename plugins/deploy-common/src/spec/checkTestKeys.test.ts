import { parsePipelineSpec } from './parsePipelineSpec';

function findingsOf({
  test = 'language: python, version: "3.12"',
  tests = '',
}): string[] {
  const result = parsePipelineSpec(`apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: shop }
spec:
  repository: example-org/shop
  pipeline: {}
  environments: [{ name: production, tier: production }]
  tests: { ${tests} }
  services:
    shop:
      test: { ${test} }
      environments:
        production: { url: https://shop.example.test, target: { type: azure-container-app, resourceGroup: Shop, name: shop } }
    silent: { environments: { production: { target: { type: azure-container-app, resourceGroup: Shop, name: silent } } } }
`);
  return result.ok
    ? []
    : result.findings.map(
        ({ path, message }) =>
          `${path.replace(/^\/spec\/(services\/shop\/)?/, '')}: ${message}`,
      );
}

const TYPESCRIPT = 'language: typescript, version: "22"';
const RUST = 'language: rust, version: "1.89"';

describe('keys of tests', () => {
  it.each([
    'language: python, version: "3.12", select: not slow, source: src, packages: [httpx], localPackages: [common], requirements: [r.txt], suites: { unit: t }',
    `${TYPESCRIPT}, packages: [vitest], localPackages: [lib]`,
    `${RUST}, source: src`,
  ])('are for the language: %s', test => {
    expect(findingsOf({ test })).toEqual([]);
  });

  it.each([
    [`${TYPESCRIPT}, source: src`, 'source', 'python and rust', 'typescript'],
    [`${TYPESCRIPT}, select: not slow`, 'select', 'python', 'typescript'],
    [`${TYPESCRIPT}, requirements: [r.txt]`, 'requirements', 'python', 'types'],
    [`${RUST}, packages: [httpx]`, 'packages', 'python and typescript', 'rust'],
    [
      `${RUST}, localPackages: [common]`,
      'localPackages',
      'python and typescript',
      'rust',
    ],
    [`${RUST}, suites: { unit: t }`, 'suites', 'python', 'rust'],
  ])('are refused of another: %s', (test, key, languages, language) => {
    expect(findingsOf({ test })).toEqual([
      expect.stringContaining(
        `test/${key}: "${key}" is for ${languages}, and the language is ${language}`,
      ),
    ]);
  });
});

const commands = (more: string) =>
  `t: { language: none, commands: [make], ${more} }`;
const pytest = (more: string) =>
  `t: { language: python, version: "3.12", ${more} }`;

describe('keys of spec.tests', () => {
  it.each([
    commands(
      'workflow: t.yml, on: [push], branches: [next], title: T, mode: m, modeInput: what',
    ),
    commands(
      'workflow: t.yml, reports: { test: r.xml }, suite: s, services: [shop], in: production, artifactDays: 3, results: { url: https://x.example.test, key: K }',
    ),
    commands('before: [production], services: [shop]'),
    commands('after: [shop], waitSeconds: 9'),
    commands(
      'after: [silent], waitFor: [https://x.example.test], waitSeconds: 9',
    ),
    commands('workflow: t.yml, compose: [compose.yml], artifactDays: 3'),
    pytest('after: [shop], mode: azure, suite: s, services: [shop]'),
    `${commands(
      'workflow: t.yml, title: T',
    )}, u: { language: none, commands: [make], workflow: t.yml, title: T }`,
  ])('count: %s', tests => {
    expect(findingsOf({ tests })).toEqual([]);
  });

  it.each([
    [commands('workflow: t.yml, branches: [next]'), 'branches: no push'],
    [
      commands('after: [shop], title: T'),
      'title: these tests have no workflow',
    ],
    [
      commands('workflow: t.yml, modeInput: what'),
      'modeInput: no tests of t.y',
    ],
    [
      `${commands(
        'workflow: t.yml, title: T',
      )}, u: { language: none, commands: [make], workflow: t.yml, title: U }`,
      'u/title: t.yml has the "title" of "t" already',
    ],
    [
      commands('workflow: t.yml, on: [push], pushPaths: [a/**]'),
      'pushPaths: every push runs t.yml, as "t" asks for',
    ],
    [
      commands('workflow: t.yml, suite: s'),
      'suite: these tests report nothing',
    ],
    [
      commands('after: [shop], services: [shop]'),
      'services: these tests report',
    ],
    [commands('after: [shop], mode: m'), 'mode: these tests report nothing'],
    [
      commands('workflow: t.yml, in: production'),
      'in: these tests report noth',
    ],
    [
      commands('workflow: t.yml, artifactDays: 3'),
      'artifactDays: these tests k',
    ],
    [
      commands(
        'after: [shop], results: { url: https://x.example.test, key: K }',
      ),
      'results: these tests leave no report',
    ],
    [
      commands('workflow: t.yml, waitSeconds: 9'),
      'waitSeconds: there is no add',
    ],
    [
      commands('after: [silent], waitSeconds: 9'),
      'waitSeconds: there is no add',
    ],
    [commands('workflow: t.yml, version: "1"'), 'version: "version" is for'],
    [
      pytest('workflow: t.yml, commands: [make], select: not slow'),
      'select: "commands" run in place of pytest',
    ],
    [
      't: { language: none, workflow: t.yml, scan: { type: dependencies }, directory: a }',
      'directory: a scan is of the whole repository',
    ],
    [
      't: { language: none, workflow: t.yml, scan: { type: secrets }, reports: { test: r.xml } }',
      'reports: a scan is of the whole repository',
    ],
    [
      't: { language: none, workflow: t.yml, scan: { type: secrets }, environment: { A: { secret: A } } }',
      'environment/A: no step of a scan gets secrets',
    ],
    [
      't: { language: none, workflow: t.yml, scan: { type: image, tag: stable }, services: [shop] }',
      'services: each service with an "image.repository" is scanned',
    ],
  ])('are refused where they would do nothing: %s', (tests, told) => {
    expect(findingsOf({ tests })).toEqual([expect.stringContaining(told)]);
  });
});
