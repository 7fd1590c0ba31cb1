import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { EXAMPLES, generate, SHOP } from '../__testUtils__/generating';
import {
  AFTER_CI,
  ONE_WORKFLOW,
  OWN_WORKFLOWS,
} from '../__testUtils__/stagedSpecs';

const exampleOf = (name: string) =>
  readFileSync(path.join(EXAMPLES, name, 'deploy.yaml'), 'utf8');

/** The jobs of the workflows of these names. */
function jobsOf(text: string, workflow: RegExp): [string, any][] {
  return generate(text)
    .filter(file => workflow.test(file.path))
    .flatMap(({ content }) => Object.entries<any>(parse(content).jobs));
}

const stepOf = ({ steps }: any) =>
  steps.find(({ name }: { name: string }) => name === 'Deploy');

describe('a deployment of what was pushed', () => {
  it.each([
    ['vvp', /deploy\.yml$/, 6, undefined],
    ['sandbox-broker', /deploy\.yml$/, 1, 'rollback.yml'],
    ['ngx-voice', /cd\.yml$/, 2, 'manual-deploy.yml'],
    [
      'phoenix-orchestrator',
      /deploy-dev\.yml$/,
      5,
      'deploy-dev.yml with its choice "rollback"',
    ],
  ])(
    'of %s is told what refuses an older one, and the token alone besides',
    (example, workflow, count, wayBack) => {
      const deploying = jobsOf(exampleOf(example), workflow).filter(
        ([key, job]) => key.startsWith('deploy') && stepOf(job),
      );

      expect(deploying).toHaveLength(count);
      for (const [, job] of deploying) {
        const { env } = stepOf(job);
        expect(env.COMING).toMatch(
          /^\$\{\{ (github\.sha|needs\.release\.outputs\.commit) \}\}$/,
        );
        expect(env.FORCED).toMatch(/^\$\{\{ .+ \}\}$/);
        expect(env.WAY_BACK).toBe(wayBack);
        expect(env.GITHUB_TOKEN).toBe('${{ github.token }}');
        expect(job.permissions.contents).toBe('read');
      }
    },
  );

  it('says of a workflow that another one started what that one found good', () => {
    const jobs = Object.fromEntries(jobsOf(AFTER_CI, /cd\.yml$/));

    expect(stepOf(jobs['deploy-shop-staging']).env.COMING).toBe(
      '${{ needs.release.outputs.commit }}',
    );
  });

  it.each([
    ['it alone', SHOP, "inputs.force == 'all' || inputs.force == 'shop'"],
    [
      'a service of several',
      OWN_WORKFLOWS,
      "inputs.specific_service == 'all' || inputs.specific_service == 'shop'",
    ],
    ['a workflow', AFTER_CI, "github.event_name == 'workflow_dispatch'"],
  ])('is forced by whoever starts %s', (_, text, condition) => {
    const [[, job]] = jobsOf(text, /\/(deploy|deploy-dev|cd)\.yml$/).filter(
      ([key]) => key.startsWith('deploy-shop'),
    );

    expect(stepOf(job).env.FORCED).toBe(`\${{ ${condition} }}`);
  });

  it('is not asked about on the way back, nor of an image that somebody names', () => {
    const others = [
      ...jobsOf(exampleOf('ngx-voice'), /manual-deploy\.yml$/),
      ...jobsOf(exampleOf('edenco'), /deploy-release\.yml$/),
      ...jobsOf(exampleOf('sandbox-broker'), /rollback\.yml$/),
    ];

    expect(others.length).toBeGreaterThan(4);
    expect(JSON.stringify(others)).not.toContain('COMING');
  });
});

describe('an environment of several branches', () => {
  it('asks nothing: what is behind another branch is no older', () => {
    const jobs = Object.fromEntries(jobsOf(ONE_WORKFLOW, /ci-cd\.yml$/));

    expect(stepOf(jobs['deploy-shop-staging']).env.COMING).toBeUndefined();
    expect(stepOf(jobs['deploy-shop-production']).env.COMING).toBeDefined();
    for (const [example, workflow] of [
      ['edenco', /ci-cd\.yml$/],
      ['phoenix-orchestrator', /deploy-production\.yml$/],
    ] as const) {
      const steps = jobsOf(exampleOf(example), workflow).flatMap(
        ([, job]) => stepOf(job) ?? [],
      );
      expect(steps.length).toBeGreaterThan(1);
      expect(
        steps.filter(({ env }) => env?.COMING).map(({ env }) => env.WAY_BACK),
      ).toEqual(example === 'edenco' ? ['deploy-release.yml'] : []);
    }
  });
});

describe('a deployment that was refused', () => {
  it('calls nobody, while one that failed does', () => {
    const jobs = Object.fromEntries(jobsOf(ONE_WORKFLOW, /ci-cd\.yml$/));

    expect(jobs['deploy-shop-production'].outputs).toEqual({
      refused: '${{ steps.deploy.outputs.refused }}',
    });
    expect(stepOf(jobs['deploy-shop-production']).id).toBe('deploy');
    expect(jobs['report-failure'].if).toContain(
      "needs.deploy-shop-production.result == 'failure' && needs.deploy-shop-production.outputs.refused != 'true' || needs.deploy-shop-production.result == 'cancelled'",
    );
    expect(jobs['report-failure'].if).toContain(
      "needs.test-shop.result == 'failure' || needs.test-shop.result == 'cancelled'",
    );
  });

  it('has nothing to say where nobody is called, where there are legs, or where something of other services waits for it', () => {
    const legs = exampleOf('vvp').replace(
      /^ {2}pipeline:$/m,
      '  pipeline:\n    failureIssue: {}',
    );
    const jobs = Object.fromEntries(jobsOf(legs, /deploy\.yml$/));

    for (const key of [
      'deploy-witnesses',
      // The machine, and tests of both.
      'deploy-sip-redirect',
      'deploy-verifier',
    ]) {
      expect(jobs[key]).not.toHaveProperty('outputs');
      expect(jobs['report-failure'].if).not.toContain(`needs.${key}.outputs`);
    }
    expect(jobs['report-failure'].if).toContain(
      "needs.deploy-pbx-config.outputs.refused != 'true'",
    );
    for (const [, job] of jobsOf(SHOP, /deploy\.yml$/)) {
      expect(stepOf(job)?.id).toBeUndefined();
    }
  });
});
