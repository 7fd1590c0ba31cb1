import { parse } from 'yaml';
import { generate, specOf } from '../__testUtils__/generating';
import { planPipeline } from '../plan';

const IMAGE =
  'dockerfile: Dockerfile, repository: ghcr.io/example-org/shop/web';

const SHOP = `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: shop }
spec:
  repository: example-org/shop
  pipeline: {}
  environments:
    - name: production
      tier: production
      url: https://shop.example.test
      deploy:
        compose:
          directory: shop
          files: [compose.yml]
          images: { WEB_IMAGE: web, WORKER_IMAGE: worker }
          host: shop.example.test
          user: deployer
          key: { secret: KEY }
          knownHosts: { variable: KNOWN_HOSTS }
  services:
    web:
      paths: [web/**]
      image: { ${IMAGE} }
      environments:
        production:
          target: { type: github-workflow, workflow: back.yml, inputs: { part: web }, releaseInput: release }
    worker:
      paths: [worker/**]
      image: { dockerfile: Dockerfile, repository: ghcr.io/example-org/shop/worker }
      environments:
        production:
          target: { type: github-workflow, workflow: back.yml, inputs: { part: worker }, releaseInput: release }
`;

function problemsOf(text: string): string {
  const planned = planPipeline(specOf(text));
  return 'problems' in planned
    ? planned.problems.map(({ message }) => message).join('\n')
    : '';
}

function workflow(text: string, name: string): any {
  const file = generate(text).find(one => one.path.endsWith(`/${name}`));
  return parse(file?.content ?? '');
}

const stepsOf = (job: any, name: string) =>
  job.steps.filter((step: any) => step.name.startsWith(name));

jest.setTimeout(240_000);

describe('docker compose', () => {
  it('comes in one job with the images that were built for it, and no network of its own', () => {
    const { jobs } = workflow(SHOP, 'deploy.yml');

    expect(Object.keys(jobs)).toEqual([
      'changes',
      'build-web-image',
      'build-worker-image',
      'deploy-production',
    ]);
    const job = jobs['deploy-production'];
    expect(job.environment.name).toBe('production');
    expect(job.steps.map(({ name }: any) => name)).toEqual([
      'Check out',
      'Deploy',
      'Take back what was cancelled',
    ]);
    expect(job.steps[1].env).toMatchObject({
      HOST: 'shop.example.test',
      SSH_KEY: '${{ secrets.KEY }}',
      KNOWN_HOSTS: '${{ vars.KNOWN_HOSTS }}',
      IMAGES:
        'WEB_IMAGE=${{ needs.build-web-image.outputs.reference }} WORKER_IMAGE=${{ needs.build-worker-image.outputs.reference }}',
      HEALTH_SECONDS: '120',
    });
    expect(job.steps[1].env).not.toHaveProperty('ENVIRONMENT_FILES');
  });

  it('comes back service by service, as the targets say', () => {
    const back = workflow(SHOP, 'back.yml');

    expect(back['run-name']).toContain('${{ inputs.correlation }}');
    expect(Object.keys(back.on.workflow_dispatch.inputs)).toEqual([
      'part',
      'release',
      'correlation',
    ]);
    const job = back.jobs['bring-back-web-production'];
    expect(job.if).toBe(
      "inputs.part == 'web' && github.ref == 'refs/heads/main'",
    );
    expect(stepsOf(job, 'Deploy')[0]).toMatchObject({
      env: {
        IMAGES: 'WEB_IMAGE=ghcr.io/example-org/shop/web:${{ inputs.release }}',
        RELEASE_IS: 'commit',
      },
      run: '.github/deploy/compose-ssh.sh images',
    });
  });

  it('comes back by version where the target says so', () => {
    const byVersion = SHOP.replace(
      /releaseInput: release/g,
      'releaseInput: release, releaseValue: version',
    );
    expect(problemsOf(byVersion)).toContain(
      'no image of web is called after its version',
    );
    const tagged = byVersion.replace(
      /(repository: [^ ]*[a-z])( })/g,
      '$1, tags: [version], version: { file: VERSION }$2',
    );

    const job = workflow(tagged, 'back.yml').jobs['bring-back-web-production'];

    expect(stepsOf(job, 'Deploy')[0].env).not.toHaveProperty('RELEASE_IS');
  });

  it('checks the signature of what comes back, and deploys by the digest that it looked at', () => {
    const signed = SHOP.replace(IMAGE, `${IMAGE}, sign: true`);

    const job = workflow(signed, 'back.yml').jobs['bring-back-web-production'];

    expect(stepsOf(job, 'Check the signature')).toHaveLength(1);
    expect(stepsOf(job, 'Check the signature')[0].env.IMAGE).toBe(
      'ghcr.io/example-org/shop/web@${{ steps.image.outputs.digest }}',
    );
    expect(stepsOf(job, 'Deploy')[0].env.IMAGES).toContain(
      'WEB_IMAGE=ghcr.io/example-org/shop/web@${{ steps.image.outputs.digest }}',
    );
    expect(
      stepsOf(
        workflow(signed, 'deploy.yml').jobs['deploy-production'],
        'Check the signature',
      ),
    ).toHaveLength(1);
  });

  it.each([
    [
      'nothing says how worker gets to production, other than back.yml',
      SHOP.replace(', WORKER_IMAGE: worker', ''),
    ],
    [
      'there is no "image.repository" at ghcr.io, and web goes to production',
      SHOP.replace(IMAGE, 'dockerfile: Dockerfile'),
    ],
    [
      'there is no "image.repository" at ghcr.io, and web goes to production',
      SHOP.replace('ghcr.io/example-org/shop/web', 'shop.azurecr.io/web'),
    ],
    [
      'one job deploys all that docker compose runs in production',
      SHOP.replace(
        'inputs: { part: worker }, releaseInput: release }',
        'inputs: { part: worker }, releaseInput: release }\n          jobs: [{ workflow: deploy.yml, job: deploy-worker }]',
      ),
    ],
  ])('says that %s', (message, text) => {
    expect(problemsOf(text)).toContain(message);
  });

  it('leaves services alone that a workflow of somebody deploys, while nothing is deployed here', () => {
    const byHand = SHOP.replace(
      /\n {6}deploy:[^]*?(?=\n {2}services)/,
      '',
    ).replace('pipeline: {}', 'pipeline: { safetyLevel: 2 }');

    expect(problemsOf(byHand)).toBe('');
    expect(Object.keys(workflow(byHand, 'build.yml').jobs)).toEqual([
      'build-web',
      'build-worker',
    ]);
  });

  it('tells in the runbook how to do without GitHub', () => {
    const runbook = generate(SHOP).find(one =>
      one.path.endsWith('runbooks/web/RUNBOOK.md'),
    )?.content;

    expect(runbook).toContain('docker compose --file compose.yml ps --all');
    expect(runbook).toContain(
      'gh workflow run back.yml --repo example-org/shop --field part=web --field release=<commit>',
    );
    expect(runbook).toContain('--field force=shop');
    // What is there runs even where no registry answers, and no token is an argument.
    expect(runbook).not.toContain('compose.yml pull');
    expect(runbook).toContain(
      'docker image inspect "$image" >/dev/null 2>&1 || { docker login --username <user> ghcr.io && docker pull "$image"; }',
    );
    expect(runbook).toContain('--no-build --pull never\ndocker logout ghcr.io');
  });
});
