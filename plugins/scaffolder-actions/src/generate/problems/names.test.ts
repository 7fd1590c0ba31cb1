import { generatePipeline } from '../generatePipeline';
import { SHOP, specOf } from '../__testUtils__/generating';
import { ONE_WORKFLOW } from '../__testUtils__/stagedSpecs';
import { keyed } from '../keyed';
import { isOn } from '../jobs/refs';

function messagesOf(text: string): string {
  const result = generatePipeline(specOf(text), {
    source: text,
    version: '1.0.0',
    scripts: {},
  });
  return 'problems' in result
    ? result.problems
        .map(({ path, message }) => `${path.join('.')}: ${message}`)
        .join('\n')
    : '';
}

/** The shop, whose job is called something. */
function called(job: string): string {
  return SHOP.replace(
    '          deploy:',
    `          jobs: [{ workflow: deploy.yml, job: ${JSON.stringify(
      job,
    )} }]\n          deploy:`,
  ).replace(
    'image: {',
    "test: { language: python, version: '3.12' }\n      image: {",
  );
}

/** The shop with other services, each in one environment. */
function besides(...services: [string, string][]): string {
  return SHOP.replace(
    '[{ name: production, tier: production }]',
    '[{ name: production, tier: production }, { name: production-eu, tier: production }]',
  ).concat(
    ...services.map(
      ([key, environment]) => `    ${key}:
      paths: [${key}/**]
      image: { dockerfile: Dockerfile }
      environments:
        ${environment}: { target: { type: azure-container-app, resourceGroup: Shop, name: app-${key}, image: registry.example.test/a } }
`,
    ),
  );
}

describe('names of generated jobs', () => {
  it('are free', () => {
    expect(messagesOf(called('roll-out'))).toBe('');
    expect(messagesOf(ONE_WORKFLOW)).toBe('');
  });

  it.each([
    ['changes', 'two jobs of deploy.yml are called "changes"'],
    ['test-shop', 'two jobs of deploy.yml are called "test-shop"'],
    ['Test-Shop', 'two jobs of deploy.yml are called'],
    ['deploy $(id)', 'is no key of a job'],
    ['Deploy: the shop', 'is no key of a job'],
    ['1-shop', 'is no key of a job'],
  ])('are not %s', (job, message) => {
    expect(messagesOf(called(job))).toContain(
      'spec.services.shop.environments.production.jobs: ',
    );
    expect(messagesOf(called(job))).toContain(message);
  });

  it.each(['all', 'nothing'])('leave %s to whoever chooses a service', key => {
    expect(messagesOf(besides([key, 'production']))).toContain(
      `spec.services.${key}: "${key}" is what somebody chooses`,
    );
  });

  it('begin with a letter, as the outputs of services do', () => {
    expect(messagesOf(besides(['1a', 'production']))).toContain(
      '"1a" is no name for an output',
    );
  });

  it('lead to one environment at GitHub each', () => {
    expect(
      messagesOf(besides(['eu-api', 'production'], ['api', 'production-eu'])),
    ).toContain(
      'would be "production-eu-api" both for eu-api in production and for api in production-eu',
    );
  });

  it('are not that of the job that reports what tests leave', () => {
    const test = 'workflow: load.yml, language: none, commands: [./load.sh]';
    const text = SHOP.replace(
      'pipeline: {}',
      'pipeline: { portal: https://portal.example.test }',
    )
      .replace('paths: [src/**]', '$&\n      entity: component:default/shop')
      .replace(
        '  environments:',
        `  tests:
    load: { ${test}, services: [shop], reports: { performance: k6.json } }
    load-report: { ${test} }
  environments:`,
      );

    expect(messagesOf(text)).toContain(
      'spec.tests.load-report: two jobs of load.yml are called "load-report"',
    );
  });

  it('are told where they clash in other workflows than those that deploy', () => {
    const environments = ['one', 'two', 'three'];
    const jobs = ['deploy-api', 'deploy-api', 'deploy-one'];
    const text = SHOP.replace(
      '[{ name: production, tier: production }]',
      JSON.stringify(
        environments.map(name => ({
          name,
          tier: 'production',
          deploy: { workflow: `${name}.yml` },
        })),
      ),
    )
      .replace(
        'pipeline: {}',
        'pipeline: { aws: { deployRole: { variable: ROLE } } }',
      )
      .replace(/ {8}production:[^]*/, () =>
        environments
          .map(
            (name, index) =>
              `        ${name}: { target: { type: ecs, region: eu-west-1, cluster: ${name}, service: api, taskDefinition: api, container: api, repository: api }, jobs: [{ workflow: ${name}.yml, job: ${jobs[index]} }] }\n`,
          )
          .join(''),
      );

    expect(messagesOf(text)).toBe(
      'spec.services: two jobs of rollback.yml are called "rollback-one"',
    );
    expect(messagesOf(text.replace('deploy-one', 'three'))).toBe('');
  });

  it('never let one thing replace another', () => {
    expect(() =>
      keyed('deploy.yml', [
        ['changes', 1],
        ['Changes', 2],
      ]),
    ).toThrow('There are two of "Changes" in deploy.yml.');
    expect(keyed('deploy.yml', [['changes', 1]])).toEqual({ changes: 1 });
  });
});

describe('globs of what may be deployed by hand', () => {
  const text = (branch: string) =>
    SHOP.replace('pipeline: {}', `pipeline: { branches: ['${branch}'] }`);

  it.each([
    ['main', "github.ref == 'refs/heads/main'"],
    ['release/**', "startsWith(github.ref, 'refs/heads/release/')"],
    ['**', "startsWith(github.ref, 'refs/heads/')"],
    [
      'v*',
      "(startsWith(github.ref, 'refs/heads/v') && !contains(github.ref_name, '/'))",
    ],
  ])('are said exactly: %s', (branch, expression) => {
    expect(isOn({ branches: [branch], tags: [] })).toBe(expression);
  });

  it.each(['rel-*-x', 'release/*', 'a**b', 'v***', 'a*b*'])(
    'are refused where no expression says them: %s',
    branch => {
      expect(() => isOn({ branches: [branch], tags: [] })).toThrow();
      expect(messagesOf(text(branch))).toContain(
        `spec.pipeline.branches.0: no expression of GitHub says exactly what "${branch}"`,
      );
    },
  );
});
