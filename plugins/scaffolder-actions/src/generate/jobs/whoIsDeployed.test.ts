import { parse } from 'yaml';
import { generate } from '../__testUtils__/generating';
import { Workflow } from '../model';

jest.setTimeout(240_000);

type Places = Record<string, string>;

const ECS = (name: string) =>
  `{ type: ecs, region: eu-central-1, cluster: ${name}, service: api, taskDefinition: api, container: api, repository: api-${name} }`;
const KUBERNETES = (name: string) =>
  `{ type: kubernetes, namespace: ${name}, name: api }`;

function textOf(parts: {
  pipeline?: string;
  /** What stands in `deploy`, by environment. */
  environments: Places;
  /** Target, and more, of each service by environment. */
  services: Record<string, { image?: string; places: Places }>;
  tests?: string;
}): string {
  return [
    'apiVersion: deploy.vvp.io/v1alpha1',
    'kind: Pipeline',
    'metadata: { name: shop }',
    'spec:',
    '  repository: example-org/shop',
    `  pipeline: { aws: { deployRole: { variable: ROLE }, buildRole: { variable: B } }, ${
      parts.pipeline ?? ''
    } }`,
    '  environments:',
    ...Object.entries(parts.environments).map(
      ([name, deploy]) =>
        `    - { name: ${name}, tier: production${
          deploy ? `, deploy: { ${deploy} }` : ''
        } }`,
    ),
    ...(parts.tests ? ['  tests:', `    ${parts.tests}`] : []),
    '  services:',
    ...Object.entries(parts.services).flatMap(([key, { image, places }]) => [
      `    ${key}:`,
      `      paths: [${key}/**]`,
      `      image: { dockerfile: Dockerfile${image ? `, ${image}` : ''} }`,
      '      environments:',
      ...Object.entries(places).map(
        ([name, target]) =>
          `        ${name}: { url: https://${key}-${name}.example.test, target: ${target} }`,
      ),
    ]),
    '',
  ].join('\n');
}

function workflowOf(text: string, file = 'deploy.yml'): Workflow {
  const found = generate(text).find(({ path }) => path.endsWith(`/${file}`));
  return parse(found?.content ?? '{}');
}

/** One service of ECS in each of these environments. */
function api(environments: Places, pipeline?: string, tests?: string): string {
  return textOf({
    pipeline,
    environments,
    services: {
      api: {
        places: Object.fromEntries(
          Object.keys(environments).map(name => [name, ECS(name)]),
        ),
      },
    },
    tests,
  });
}

/** Two services that staging and production deploy by a job each, or by one of both. */
function together(...environments: string[]): string {
  const place = (key: string, name: string) =>
    `{ type: azure-container-app, resourceGroup: ${name}, name: ${key}-${name}, image: shop.azurecr.io/shop }${
      environments.includes(name)
        ? `, jobs: [{ workflow: deploy.yml, job: ${name}, matrix: { part: ${key} } }]`
        : ''
    }`;
  const places = (key: string) => ({
    places: {
      staging: place(key, 'staging'),
      production: place(key, 'production'),
    },
  });
  return textOf({
    environments: { staging: '', production: '' },
    services: { 'shop-a': places('shop-a'), 'shop-b': places('shop-b') },
  });
}

const changed = (unit: string) => `needs.changes.outputs.${unit} == 'true'`;
const TAG =
  "(startsWith(github.ref, 'refs/tags/v') && !contains(github.ref_name, '/'))";

describe('an environment that takes tags', () => {
  it('gets no push of a branch that goes to another one of its workflow', () => {
    const { jobs } = workflowOf(
      api({ staging: '', production: "tags: ['v*'], signedTags: true" }),
    );

    expect(jobs['deploy-api-staging'].if).toMatch(
      / && github\.ref == 'refs\/heads\/main'$/,
    );
    expect(jobs['deploy-api-production'].if).toBe(
      `${changed(
        'api',
      )} && !failure() && !cancelled() && !contains(needs.*.result, 'cancelled') && (${TAG} || github.event_name == 'workflow_dispatch' && github.ref == 'refs/heads/main') && (needs.deploy-api-staging.result == 'success' || !(github.ref == 'refs/heads/main'))`,
    );
  });

  it('gets the branches that it names besides', () => {
    const { jobs } = workflowOf(
      api({ staging: '', production: "tags: ['v*'], branches: [main]" }),
    );

    expect(jobs['deploy-api-production'].if).toBe(
      `${changed(
        'api',
      )} && !failure() && !cancelled() && !contains(needs.*.result, 'cancelled') && (needs.deploy-api-staging.result == 'success' || !(github.ref == 'refs/heads/main'))`,
    );
  });

  it('may have branches by hand that go nowhere by themselves', () => {
    const { jobs } = workflowOf(
      api(
        { staging: 'branches: [develop]', production: "tags: ['v*']" },
        'branches: [main, release/**]',
      ),
    );

    expect(jobs['deploy-api-production'].if).toContain(
      "github.event_name == 'workflow_dispatch' && (github.ref == 'refs/heads/main' || startsWith(github.ref, 'refs/heads/release/'))",
    );
  });
});

describe('an image', () => {
  it('is built only of what gets to an environment of its service', () => {
    const { jobs } = workflowOf(
      textOf({
        environments: { staging: 'branches: [release/**]', production: '' },
        services: {
          api: {
            image: 'repository: ghcr.io/example-org/api',
            places: { production: ECS('production').replace(/, repo.*/, ' }') },
          },
          web: { places: { staging: ECS('staging') } },
        },
      }),
    );

    expect(jobs['build-api-image'].if).toMatch(
      / && github\.ref == 'refs\/heads\/main'$/,
    );
  });
});

describe('tests before several environments', () => {
  it('run for all that gets to any of them', () => {
    const tests =
      'e2e: { language: none, before: [staging, production], commands: [make] }';
    const environments = {
      staging: 'branches: [develop]',
      production: 'branches: [main]',
    };

    expect(workflowOf(api(environments, '', tests)).jobs.e2e.if).toBe(
      changed('api'),
    );
    expect(
      workflowOf(
        api({ preview: 'branches: [try/**]', ...environments }, '', tests),
      ).jobs.e2e.if,
    ).toBe(
      `${changed(
        'api',
      )} && (github.ref == 'refs/heads/develop' || github.ref == 'refs/heads/main')`,
    );
  });
});

describe('environments of one workflow, whatever their jobs bring together', () => {
  it('come one after the other', () => {
    const { jobs } = workflowOf(together('production'));

    expect(jobs.production.needs).toEqual([
      'changes',
      'build-shop-image',
      'deploy-shop-a-staging',
      'deploy-shop-b-staging',
    ]);
    expect(jobs['deploy-shop-a-staging'].needs).toEqual(['changes']);
  });

  it('wait for the common look at an earlier one', () => {
    for (const text of [
      together('staging'),
      together('staging', 'production'),
    ]) {
      const { jobs } = workflowOf(text);
      const later = jobs.production ?? jobs['deploy-shop-b-production'];

      expect(later.needs).toEqual(
        expect.arrayContaining(['staging', 'verify-staging']),
      );
    }
  });

  it('have nothing come to a later one that was not in an earlier one', () => {
    const { jobs } = workflowOf(together('production'));

    expect(jobs.production.if).toContain(`${changed('shop')} && `);
    for (const key of ['shop-a', 'shop-b']) {
      expect(jobs[`deploy-${key}-staging`].if).toContain(
        `(${changed(key)} || ${changed('shop')}) && `,
      );
    }
  });

  it('have an image for whoever waits for it', () => {
    const { jobs } = workflowOf(together('staging'));
    const wanted = `(${['shop', 'shop-a', 'shop-b']
      .map(changed)
      .join(' || ')}) && `;

    expect(jobs['build-shop-image'].if).toContain(wanted);
    expect(jobs.staging.if).toContain(wanted);
    expect(jobs['deploy-shop-a-production'].if).toContain(changed('shop-a'));
  });
});

describe('the way back', () => {
  it.each([
    ['of one workflow', '', ''],
    ['of two workflows', ', workflow: s.yml', ', workflow: p.yml'],
  ])(
    'of ECS is there for each environment, from what may be there: %s',
    (_, staging, production) => {
      const { on, jobs } = workflowOf(
        api({
          staging: `branches: [main, feature/**]${staging}`,
          production: `branches: [main]${production}`,
        }),
        'rollback.yml',
      );
      const { options } = (on.workflow_dispatch as any).inputs.deployment;

      expect(Object.keys(jobs)).toHaveLength(2);
      Object.values(jobs).forEach((job, index) => {
        expect(job.if).toMatch(
          new RegExp(` && inputs\\.deployment == '${options[index]}'$`),
        );
      });
      const [first, second] = Object.values(jobs);
      expect(first.environment?.name).toBe('staging');
      expect(first.if).toContain(
        "(github.ref == 'refs/heads/main' || startsWith(github.ref, 'refs/heads/feature/'))",
      );
      expect(second.environment?.name).toBe('production');
      expect(second.if).not.toContain('feature/');
    },
  );

  it('of ECS is called in the runbook as in the workflow', () => {
    const text = api({ staging: 'workflow: s.yml', production: '' });
    const runbook = generate(text).find(({ path }) =>
      path.endsWith('RUNBOOK.md'),
    );

    expect(Object.keys(workflowOf(text, 'rollback.yml').jobs).sort()).toEqual([
      'rollback-production',
      'rollback-staging',
    ]);
    expect(runbook?.content).toContain('--field deployment=production');
  });

  it.each([
    ['5', 'inputs.rollback'],
    ['4', "inputs.confirm == 'ROLLBACK'"],
  ])('of Kubernetes names its environment, at level %s', (level, asked) => {
    const cluster = 'kubernetes: { kubeconfig: { secret: KUBE } }';
    const text = textOf({
      pipeline: level === '5' ? '' : `safetyLevel: ${level}`,
      environments: {
        staging: `branches: [main, feature/**], ${cluster}`,
        production: `branches: [main], ${cluster}`,
      },
      services: {
        api: {
          image: 'repository: ghcr.io/example-org/api',
          places: {
            staging: KUBERNETES('staging'),
            production: KUBERNETES('production'),
          },
        },
      },
    });
    const { on, jobs } = workflowOf(text);

    expect(
      (on.workflow_dispatch as any).inputs.rollback_environment,
    ).toMatchObject({ options: ['staging', 'production'] });
    expect(jobs['rollback-api-production'].if).toBe(
      `${asked} && github.ref == 'refs/heads/main' && inputs.rollback_environment == 'production'`,
    );
    expect(jobs['rollback-api-staging'].if).toContain("== 'staging'");
    expect(
      generate(text).find(({ path }) => path.endsWith('RUNBOOK.md'))?.content,
    ).toContain('--field rollback_environment=production');
  });

  it('of Kubernetes does not wait for a release that another workflow found good', () => {
    const { jobs } = workflowOf(
      textOf({
        pipeline: 'after: { workflow: ci.yml, title: CI }',
        environments: {
          production: 'kubernetes: { kubeconfig: { secret: KUBE } }',
        },
        services: {
          api: {
            image: 'repository: ghcr.io/example-org/api',
            places: { production: KUBERNETES('production') },
          },
        },
      }),
    );

    expect(jobs.release.if).toContain('!inputs.rollback');
    expect(jobs['rollback-api'].needs).toBeUndefined();
    expect(jobs['rollback-api'].if).toBe(
      "inputs.rollback && github.ref == 'refs/heads/main'",
    );
  });

  it('is started in the workflow of its environment, says the runbook', () => {
    const text = api(
      { staging: 'workflow: s.yml', production: 'workflow: p.yml' },
      'safetyLevel: 4',
    );
    const runbook =
      generate(text).find(({ path }) => path.endsWith('RUNBOOK.md'))?.content ??
      '';

    for (const file of ['s.yml', 'p.yml']) {
      expect(runbook).toContain(
        `gh workflow run ${file} --repo example-org/shop --field confirm=DEPLOY\n`,
      );
    }
  });

  it('of docker compose is there for each environment', () => {
    const machine = (name: string) =>
      `workflow: ${name}.yml, compose: { directory: ${name}, files: [compose.yml], images: { IMAGE: api }, host: ${name}.example.test, user: deploy, key: { secret: KEY }, knownHosts: { variable: HOSTS } }`;
    const place = (name: string) =>
      `{ type: github-workflow, workflow: back.yml, releaseInput: commit, inputs: { environment: ${name} } }, jobs: [{ workflow: ${name}.yml, job: deploy }]`;
    const { jobs } = workflowOf(
      textOf({
        environments: {
          staging: machine('staging'),
          production: machine('production'),
        },
        services: {
          api: {
            image: 'repository: ghcr.io/example-org/api',
            places: {
              staging: place('staging'),
              production: place('production'),
            },
          },
        },
      }),
      'back.yml',
    );

    expect(Object.keys(jobs)).toEqual([
      'bring-back-staging-api',
      'bring-back-production-api',
    ]);
  });

  it('of images by hand is there for each service in each environment', () => {
    const place = (name: string) => ECS(name).replace(/, repo.*/, ' }');
    const { jobs } = workflowOf(
      textOf({
        pipeline: 'manual: { workflow: manual.yml }',
        environments: { prod: '', 'eu-prod': '' },
        services: {
          api: {
            image: 'repository: ghcr.io/example-org/api',
            places: { 'eu-prod': place('eu-prod') },
          },
          'api-eu': {
            image: 'repository: ghcr.io/example-org/api-eu',
            places: { prod: place('prod') },
          },
        },
      }),
      'manual.yml',
    );

    expect(
      Object.entries(jobs).map(([key, { environment }]) => [
        key,
        environment?.name,
      ]),
    ).toEqual([
      ['deploy-prod-api-eu', 'prod-api-eu'],
      ['deploy-eu-prod-api', 'eu-prod-api'],
    ]);
  });
});
