import { parse } from 'yaml';
import { lintWorkflows } from '../../lint';
import { shellcheckProgram } from '../../lint/__testUtils__/shellcheckProgram';
import { generate, SHOP, specOf } from '../__testUtils__/generating';
import { generatePipeline } from '../generatePipeline';
import { Job, Step, Workflow } from '../model';
import { planPipeline } from '../plan';
import { subjectsOf } from '../trust';
import { identityOf } from './identity';

jest.setTimeout(240_000);

const ECR = '111122223333.dkr.ecr.eu-central-1.amazonaws.com/shop';
const IMAGE_JOB = 'build-shop-image';

/** The shop, whose image has a repository of its own. */
function withImage(image: string, pipeline = '{}'): string {
  return SHOP.replace('image: { dockerfile: Dockerfile }', `image: ${image}`)
    .replace('pipeline: {}', `pipeline: ${pipeline}`)
    .replace(', image: registry.example.test/shop', '');
}

function jobsOf(text: string): Record<string, Job> {
  const file = generate(text).find(one => one.path.endsWith('/deploy.yml'));
  return (parse(file?.content ?? '') as Workflow).jobs;
}

function stepOf({ steps }: Job, name: string): Step | undefined {
  return steps.find(step => step.name === name);
}

function messagesOf(text: string): string[] {
  const result = generatePipeline(specOf(text), {
    source: text,
    version: '1.0.0',
    scripts: {},
  });
  return 'problems' in result
    ? result.problems.map(({ message }) => message)
    : [];
}

describe('an image with a repository of its own', () => {
  const SIGNED = withImage(
    '{ dockerfile: Dockerfile, target: production, repository: ghcr.io/example-org/shop, tags: [latest, branch], sign: true, scan: { severity: high, ignoreUnfixed: true } }',
  );

  it('is built by a job that deployments wait for, and deployed by its digest', () => {
    const jobs = jobsOf(SIGNED);

    expect(jobs['deploy-shop'].needs).toContain(IMAGE_JOB);
    expect(stepOf(jobs['deploy-shop'], 'Deploy')?.env?.IMAGE).toBe(
      `\${{ needs.${IMAGE_JOB}.outputs.reference }}`,
    );
    expect(jobs[IMAGE_JOB].outputs?.reference).toMatch(
      /^ghcr\.io\/example-org\/shop:\$\{\{ github\.sha \}\}@\$\{\{ steps\./,
    );
    expect(
      stepOf(jobs[IMAGE_JOB], 'Build and push the image')?.with,
    ).toMatchObject({
      target: 'production',
      outputs:
        'type=image,name=ghcr.io/example-org/shop,push-by-digest=true,name-canonical=true,push=true',
    });
  });

  it('is taken only if it was signed for the commit of the run', () => {
    const jobs = jobsOf(SIGNED);

    for (const job of [IMAGE_JOB, 'deploy-shop']) {
      expect(stepOf(jobs[job], 'Check the signature')?.env).toMatchObject({
        COMMIT: '${{ github.sha }}',
      });
    }
  });

  it('is pushed to GitHub by the token of the job, which deployments cannot do', () => {
    const jobs = jobsOf(SIGNED);

    expect(jobs[IMAGE_JOB].permissions).toEqual({
      contents: 'read',
      packages: 'write',
      'id-token': 'write',
    });
    expect(jobs['deploy-shop'].permissions).toMatchObject({
      packages: 'read',
    });
    expect(stepOf(jobs[IMAGE_JOB], 'Log in to the registry')?.with).toEqual({
      registry: 'ghcr.io',
      username: '${{ github.actor }}',
      password: '${{ github.token }}',
    });
  });

  it('is scanned for all that is as bad as asked, or worse', () => {
    const job = jobsOf(SIGNED)[IMAGE_JOB];

    expect(stepOf(job, 'Judge the scan')?.env?.SEVERITIES).toBe(
      'CRITICAL,HIGH',
    );
    expect(stepOf(job, 'Scan the image')?.with).toMatchObject({
      'ignore-unfixed': true,
    });
  });

  it('gets no more rights and steps than it needs', () => {
    const job = jobsOf(
      withImage(
        '{ dockerfile: Dockerfile, repository: ghcr.io/example-org/shop }',
      ),
    )[IMAGE_JOB];

    expect(job.permissions).toEqual({ contents: 'read', packages: 'write' });
    expect(job.steps.map(({ name }) => name)).toEqual([
      'Check out',
      'Log in to the registry',
      'Set up Buildx',
      'Look for the image',
      'Build and push the image',
      'Name the image',
    ]);
  });

  it('is pushed to ECR by a role that deploys nothing, and to Azure by the identity of the branch', () => {
    const atAws = jobsOf(
      withImage(
        `{ dockerfile: Dockerfile, repository: ${ECR} }`,
        '{ aws: { buildRole: { variable: BUILD_ROLE } } }',
      ),
    )[IMAGE_JOB];
    const atAzure = jobsOf(
      withImage('{ dockerfile: Dockerfile, repository: shop.azurecr.io/shop }'),
    )[IMAGE_JOB];

    expect(stepOf(atAws, 'Log in to AWS')?.with).toEqual({
      'role-to-assume': '${{ vars.BUILD_ROLE }}',
      'aws-region': 'eu-central-1',
    });
    expect(stepOf(atAws, 'Log in to the registry')).toMatchObject({
      with: { registries: '111122223333' },
      env: { AWS_REGION: 'eu-central-1' },
    });
    expect(stepOf(atAzure, 'Log in to the registry')?.env).toEqual({
      REGISTRY: 'shop.azurecr.io',
    });
    expect(atAzure.environment).toBeUndefined();
  });

  it('cannot be pushed to ECR by nobody, nor be called after two environments', () => {
    expect(
      messagesOf(
        withImage(`{ dockerfile: Dockerfile, repository: ${ECR} }`),
      ).join(),
    ).toContain('there is no "aws.buildRole"');
    const two = withImage(
      '{ dockerfile: Dockerfile, repository: ghcr.io/example-org/shop, tags: [environment] }',
    )
      .replace(
        'environments: [{',
        'environments: [{ name: staging, tier: staging }, {',
      )
      .replace(
        '        production:',
        '        staging:\n          target: { type: azure-container-app, resourceGroup: Staging, name: shop }\n        production:',
      );
    expect(messagesOf(two).join()).toContain(
      'deploy.yml goes to several environments',
    );
  });

  it('is one for all legs of a matrix', () => {
    const own = '{ dockerfile: Dockerfile, repository: ghcr.io/example-org/';
    const matrix = withImage(`${own}shop }`).replace(
      '          deploy:',
      '          jobs: [{ workflow: deploy.yml, job: deploy, matrix: { part: shop } }]\n          deploy:',
    ).concat(`    cart:
      paths: [cart/**]
      image: ${own}cart }
      environments:
        production:
          target: { type: azure-container-app, resourceGroup: Shop, name: cart }
          jobs: [{ workflow: deploy.yml, job: deploy, matrix: { part: cart } }]
          deploy: { environment: { GREETING: good day } }
`);

    expect(messagesOf(matrix).join()).toContain(
      'one job deploys shop and cart, whose images have different repositories',
    );
    expect(messagesOf(matrix.replace('org/cart', 'org/shop'))).toEqual([]);
  });

  it('has nothing that the linter finds', async () => {
    const files = [
      SIGNED,
      withImage(
        `{ dockerfile: Dockerfile, repository: ${ECR}, platforms: [linux/arm64], sign: true }`,
        '{ aws: { buildRole: { variable: B }, deployRole: { variable: D } } }',
      ),
    ].flatMap((text, index) =>
      generate(text)
        .filter(({ path: name }) => name.includes('/workflows/'))
        .map(({ path: name, content }) => ({
          file: `${index}/${name}`,
          text: content,
        })),
    );

    expect(files.length).toBeGreaterThan(1);
    expect(
      await lintWorkflows(files, { shellcheck: shellcheckProgram }),
    ).toEqual([]);
  });
});

describe('an image whose place the target names', () => {
  it('is looked for, built if it is not there, named, and deployed as that', () => {
    const deploy = jobsOf(SHOP)['deploy-shop'];
    const REGISTRY = 'registry.example.test/shop';

    expect(deploy.steps.map(({ name }) => name)).toEqual([
      'Check out',
      'Log in to Azure',
      'Log in to the registry',
      'Set up Buildx',
      'Look for the image',
      'Build and push the image',
      'Name the image',
      'Deploy',
      'Take back what was cancelled',
    ]);
    expect(stepOf(deploy, 'Look for the image')?.env).toEqual({
      REPOSITORY: REGISTRY,
      TAG: '${{ github.sha }}',
    });
    const build = stepOf(deploy, 'Build and push the image');
    expect(build?.if).toBe("steps.image.outputs.digest == ''");
    // Under no name: that is given afterwards, unless another image has it.
    expect(build?.with).not.toHaveProperty('tags');
    expect(stepOf(deploy, 'Deploy')?.env?.IMAGE).toBe(
      `${REGISTRY}:\${{ github.sha }}@\${{ steps.named.outputs.digest }}`,
    );
  });

  it('at ECS is built from the stage that is asked for, and not again', () => {
    const deploy = jobsOf(
      SHOP.replace(
        'image: { dockerfile: Dockerfile }',
        'image: { dockerfile: Dockerfile, target: production, platforms: [linux/arm64] }',
      )
        .replace(
          'pipeline: {}',
          'pipeline: { aws: { deployRole: { variable: ROLE } } }',
        )
        .replace(
          /target: \{ type.*\}/,
          'target: { type: ecs, region: eu-central-1, cluster: shop, service: shop, taskDefinition: shop, container: shop, repository: shop }',
        )
        .replace(/ {10}deploy: .*\n/, ''),
    )['deploy-shop'];
    const IF_NEW = "steps.image.outputs.digest == ''";

    expect(stepOf(deploy, 'Build and push the image')).toMatchObject({
      if: IF_NEW,
      with: {
        target: 'production',
        outputs:
          'type=image,name=${{ steps.image.outputs.repository }},push-by-digest=true,name-canonical=true,push=true',
      },
    });
    expect(stepOf(deploy, 'Set up emulation of other processors')?.if).toBe(
      IF_NEW,
    );
    expect(stepOf(deploy, 'Look for the image')?.env).toMatchObject({
      COMMIT: '${{ github.sha }}',
    });
  });

  it.each([
    ['registry.example.test/shop', '60'],
    ['Registry.example.test:443/shop', '60'],
    ['registry.example.test/shop-staging', undefined],
  ])('is waited for where another job may name it: %s', (image, seconds) => {
    const jobs = jobsOf(
      SHOP.replace(
        'environments: [{',
        'environments: [{ name: staging, tier: staging }, {',
      ).replace(
        '        production:',
        `        staging:\n          target: { type: azure-container-app, resourceGroup: Staging, name: shop, image: "${image}" }\n        production:`,
      ),
    );

    for (const environment of ['staging', 'production']) {
      const job = jobs[`deploy-shop-${environment}`];
      expect(stepOf(job, 'Name the image')?.env?.SETTLE_SECONDS).toBe(seconds);
    }
  });

  it('is pushed as no branch that it is not deployed from', () => {
    const planned = planPipeline(
      specOf(
        withImage(
          '{ dockerfile: Dockerfile, repository: shop.azurecr.io/shop }',
          '{ branches: [main, next] }',
        ).replace(
          'tier: production }',
          'tier: production, deploy: { branches: [main] } }, { name: test, tier: staging }',
        ).concat(`    cart:
      paths: [cart/**]
      image: { dockerfile: Dockerfile, repository: shop.azurecr.io/cart }
      environments:
        test: { target: { type: azure-container-app, resourceGroup: Test, name: cart } }
`),
      ),
    );
    const subjects = 'plan' in planned ? subjectsOf(planned.plan) : [];
    const branchesOf = (key: string) =>
      subjects
        .filter(({ job }) => job === key)
        .map(({ subject }) => subject.replace(/.*:ref:refs.heads./, ''));

    expect(branchesOf(IMAGE_JOB)).toEqual(['main']);
    expect(branchesOf('build-cart-image')).toEqual(['main', 'next']);
  });
});

describe('who may have signed an image', () => {
  const PREFIX =
    'https://github.com/example-org/shop/.github/workflows/deploy.yml@refs/';

  function identity(pipeline: string): RegExp {
    const repository = 'ghcr.io/example-org/shop';
    const planned = planPipeline(
      specOf(
        withImage(
          `{ dockerfile: Dockerfile, repository: ${repository}, sign: true }`,
          pipeline,
        ),
      ),
    );
    if ('problems' in planned) {
      throw new Error(planned.problems.map(({ message }) => message).join());
    }
    return new RegExp(identityOf(planned.plan, repository));
  }

  it.each([
    ['heads/main', true],
    ['heads/feature/a/b', true],
    ['heads/hot-one', true],
    ['heads/hot-one/two', false],
    ['heads/main2', false],
    ['heads/x/main', false],
    ['tags/main', false],
    ['pull/7/merge', false],
  ])('is the workflow on its branches: %s, %p', (ref, is) => {
    const pattern = identity('{ branches: [main, feature/**, hot-*] }');

    expect(pattern.test(`${PREFIX}${ref}`)).toBe(is);
    expect(pattern.test(`x${PREFIX}${ref}`)).toBe(false);
  });

  it('is no other workflow, and none of another repository', () => {
    const pattern = identity('{}');
    const own = `${PREFIX}heads/main`;

    expect(pattern.test(own)).toBe(true);
    for (const other of [
      own.replace('deploy.yml', 'deployXyml'),
      own.replace('deploy.yml', 'test.yml'),
      own.replace('example-org/shop', 'example-org/shop-two'),
      own.replace('github.com', 'githubXcom'),
    ]) {
      expect(pattern.test(other)).toBe(false);
    }
  });
});
