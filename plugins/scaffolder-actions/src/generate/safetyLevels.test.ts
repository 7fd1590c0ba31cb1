import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { lintWorkflows } from '../lint';
import { shellcheckProgram } from '../lint/__testUtils__/shellcheckProgram';
import { EXAMPLES, generate, SHOP } from './__testUtils__/generating';
import { GeneratedFile, Workflow } from './model';

jest.setTimeout(240_000);

describe('a safety level', () => {
  const BROKER = readFileSync(
    path.join(EXAMPLES, 'sandbox-broker/deploy.yaml'),
    'utf8',
  );
  const atLevel = (level: string) =>
    generate(BROKER.replace('safetyLevel: 4', level));
  const workflowsOf = (files: readonly GeneratedFile[]) =>
    Object.fromEntries(
      files
        .filter(one => one.path.startsWith('.github/workflows/'))
        .map(one => [path.basename(one.path), parse(one.content) as Workflow]),
    );

  it.each([
    [0, []],
    [1, ['test.yml']],
    [2, ['build.yml', 'test.yml']],
    [3, ['build.yml', 'terraform.yml', 'test.yml']],
    [
      4,
      ['build.yml', 'deploy.yml', 'rollback.yml', 'terraform.yml', 'test.yml'],
    ],
    [
      5,
      ['build.yml', 'deploy.yml', 'rollback.yml', 'terraform.yml', 'test.yml'],
    ],
  ])('of %s has the workflows %j', (level, names) => {
    const files = atLevel(`safetyLevel: ${level}`);

    expect(Object.keys(workflowsOf(files))).toEqual(names);
    expect(files.map(one => one.path)).toContain(
      'docs/runbooks/sandbox-broker-api/RUNBOOK.md',
    );
  });

  it.each([0, 1, 2])(
    'of %s gets at no cloud, and asks it for nothing',
    level => {
      const files = atLevel(`safetyLevel: ${level}`);

      expect(files.filter(one => one.path.startsWith('deploy/'))).toEqual([]);
      expect(JSON.stringify(workflowsOf(files))).not.toMatch(/aws-actions/);
    },
  );

  it('of 3 has a role that may read, and none that deploys', () => {
    expect(
      atLevel('safetyLevel: 3')
        .map(one => one.path)
        .filter(one => one.endsWith('trust-policy.json')),
    ).toEqual(['deploy/aws/plan/trust-policy.json']);
  });

  it('of 4 deploys by no event but somebody who types the word', () => {
    const { 'deploy.yml': deploy, 'rollback.yml': rollback } = workflowsOf(
      atLevel('safetyLevel: 4'),
    );

    expect(Object.keys(deploy.on)).toEqual(['workflow_dispatch']);
    expect(Object.keys(rollback.on)).toEqual(['workflow_dispatch']);
    const word =
      "inputs.confirm == 'DEPLOY' && github.ref == 'refs/heads/main'";
    const begins = (key: string) => deploy.jobs[key].if?.includes(word);
    for (const [key, { needs = [] }] of Object.entries<any>(deploy.jobs)) {
      // What hands over reports runs only if what makes them ran.
      const first = key.endsWith('-report') ? needs[0] : key;
      expect([first, begins(first)]).toEqual([first, true]);
    }
    expect(rollback.jobs.rollback.if).toContain("inputs.confirm == 'ROLLBACK'");
  });

  it('of 5 deploys pushes, as without one', () => {
    for (const level of ['safetyLevel: 5', 'runner: ubuntu-24.04']) {
      const { 'deploy.yml': deploy } = workflowsOf(atLevel(level));

      expect(deploy.on).toMatchObject({ push: { branches: ['main'] } });
      expect(deploy.jobs.deploy.if).toContain(
        "needs.changes.outputs.sandbox-broker-api == 'true'",
      );
    }
  });

  it.each([
    'safetyLevel: 1',
    'safetyLevel: 3',
    'safetyLevel: 5',
    'branches: [main, "release/**", "hot-*"]',
  ])('leaves nothing that the linter finds: %s', async level => {
    const files = atLevel(level)
      .filter(one => one.path.startsWith('.github/workflows/'))
      .map(one => ({ file: one.path, text: one.content }));

    expect(
      await lintWorkflows(files, { shellcheck: shellcheckProgram }),
    ).toEqual([]);
  });

  it('tests what is deployed by something else, below 4', () => {
    const text = SHOP.replace('pipeline: {}', 'pipeline: { safetyLevel: 2 }')
      .replace(
        'image: {',
        "test: { language: python, version: '3.12' }\n      image: {",
      )
      .replace(
        /target: .*\n.*deploy: .*/,
        'target: { type: kubernetes, namespace: shop, name: shop }',
      );

    expect(Object.keys(workflowsOf(generate(text))['test.yml'].jobs)).toEqual([
      'test-shop',
    ]);
  });

  it.each([
    [0, undefined],
    [3, ['alone']],
    [4, ['alone', 'cloud', 'after']],
  ])('of %s has of the nightly tests %j', (level, jobs) => {
    const run =
      "language: python, version: '3.12', directory: tests, workflow: night.yml";
    const text = SHOP.replace(
      'pipeline: {}',
      `pipeline: { safetyLevel: ${level} }
  tests:
    alone: { ${run} }
    cloud: { ${run}, login: azure, in: production }
    after: { ${run}, needs: cloud }`,
    );
    const night = workflowsOf(generate(text))['night.yml'];

    expect(night && Object.keys(night.jobs)).toEqual(jobs);
  });

  it('of 4 asks which of several services is meant', () => {
    const text = SHOP.replace('pipeline: {}', 'pipeline: { safetyLevel: 4 }')
      .replace(/ {4}shop:/, '    cart:')
      .replace('name: shop, image', 'name: cart, image')
      .concat(SHOP.slice(SHOP.indexOf('    shop:')));
    const { 'deploy.yml': deploy } = workflowsOf(generate(text));

    expect(deploy.on).toMatchObject({
      workflow_dispatch: {
        inputs: { service: { options: ['all', 'cart', 'shop'] } },
      },
    });
    expect(deploy.jobs['deploy-cart'].if).toContain(
      "(inputs.service == 'all' || inputs.service == 'cart')",
    );
  });

  it('has the image no larger than the gate asks', () => {
    const maximumOf = (gate: string) =>
      workflowsOf(
        generate(BROKER.replace(/image-size: .*/, `image-size: ${gate}`)),
      )['build.yml'].jobs['build-sandbox-broker-api'].steps.find(
        ({ name }) => name === 'Measure the image',
      )?.env?.MAXIMUM_BYTES;

    expect(
      maximumOf('{ performance: image.size, unit: MiB, maximum: 1 }'),
    ).toBe('1048576');
    expect(
      maximumOf('{ performance: image.pull, unit: s, maximum: 1 }'),
    ).toBeUndefined();
  });
});
