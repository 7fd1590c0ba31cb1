import { parse } from 'yaml';
import { generate, specOf } from './__testUtils__/generating';
import { Job } from './model';
import { planPipeline } from './plan';

jest.setTimeout(240_000);

const SHOP = `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: shop }
spec:
  repository: example-org/shop
  pipeline: { aws: { deployRole: { variable: ROLE } } }
  environments:
    - name: production
      tier: production
      deploy: { kubernetes: { cluster: { name: shop, region: eu-central-1 } } }
  services:
    api:
      paths: [api/**]
      image: { dockerfile: Dockerfile, repository: ghcr.io/example-org/api }
      environments:
        production:
          url: https://api.example.test
          target: { type: kubernetes, namespace: shop, name: api }
`;

const CLUSTER = 'cluster: { name: shop, region: eu-central-1 }';

function jobsOf(text: string): Record<string, Job> {
  const file = generate(text).find(({ path }) => path.endsWith('/deploy.yml'));
  return parse(file?.content ?? '').jobs;
}

function problemsOf(text: string): string[] {
  const planned = planPipeline(specOf(text));
  return 'problems' in planned
    ? planned.problems.map(
        ({ path, message }) => `${path.join('.')}: ${message}`,
      )
    : [];
}

describe('a pipeline to Kubernetes', () => {
  it('gives the script what it needs, and the commit with its digest', () => {
    const { steps } = jobsOf(SHOP)['deploy-api'];

    expect(steps.find(({ name }) => name === 'Deploy')).toEqual({
      name: 'Deploy',
      env: {
        NAMESPACE: 'shop',
        DEPLOYMENT: 'api',
        CLUSTER: 'shop',
        IMAGE: '${{ needs.build-api-image.outputs.reference }}',
        COMMIT: '${{ github.sha }}',
        VERIFY_URL: 'https://api.example.test/healthz',
        VERIFY_STATUSES: '200',
        VERIFY_ATTEMPTS: '12',
        VERIFY_SECONDS: '5',
        COMING: '${{ github.sha }}',
        FORCED: "${{ inputs.force == 'all' || inputs.force == 'api' }}",
        WAY_BACK: 'deploy.yml with its choice "rollback"',
        GITHUB_TOKEN: '${{ github.token }}',
      },
      run: '.github/deploy/kubernetes.sh',
    });
  });

  it('tells the commit that is deployed, and not that of a run which another workflow started', () => {
    const jobs = jobsOf(
      SHOP.replace(
        'pipeline: {',
        'pipeline: { after: { workflow: ci.yml, title: CI },',
      ),
    );

    const { steps } = jobs['deploy-api'];
    expect(steps.find(({ name }) => name === 'Deploy')?.env?.COMMIT).toBe(
      '${{ needs.release.outputs.commit }}',
    );
  });

  it('rests while it rolls back', () => {
    const jobs = jobsOf(SHOP);

    expect(jobs.changes.if).toMatch(/ && !inputs\.rollback$/);
    expect(jobs['rollback-api'].if).toBe(
      "inputs.rollback && github.ref == 'refs/heads/main'",
    );
    expect(jobs['rollback-api'].concurrency).toEqual(
      jobs['deploy-api'].concurrency,
    );
  });

  it('goes by the word that is typed, where one has to be', () => {
    const jobs = jobsOf(
      SHOP.replace('pipeline: {', 'pipeline: { safetyLevel: 4,'),
    );

    expect(jobs['deploy-api'].if).toContain("inputs.confirm == 'DEPLOY'");
    expect(jobs['rollback-api'].if).toContain("inputs.confirm == 'ROLLBACK'");
  });

  it('needs no token of its own where there is a kubeconfig', () => {
    const jobs = jobsOf(SHOP.replace(CLUSTER, 'kubeconfig: { secret: KUBE }'));

    for (const key of ['deploy-api', 'rollback-api']) {
      const { permissions, steps } = jobs[key];
      expect(permissions).toEqual({ contents: 'read' });
      expect(steps.at(-1)?.env?.KUBECONFIG_CONTENT).toBe('${{ secrets.KUBE }}');
    }
  });

  it.each([
    [
      `deploy: { kubernetes: { ${CLUSTER} } }`,
      '',
      'spec.environments.0: nothing says how a job gets at the cluster of production',
    ],
    [
      'aws: { deployRole: { variable: ROLE } }',
      '',
      'spec.pipeline: there is no "aws.deployRole", and api goes to a cluster of Amazon EKS',
    ],
    [
      'name: api }',
      'name: api, workload: StatefulSet }',
      'spec.services.api.environments.production.target.workload: no job can be generated for a StatefulSet yet',
    ],
    [
      ', repository: ghcr.io/example-org/api',
      '',
      'spec.services.api: there is no "image.repository", and api goes to Kubernetes in production',
    ],
  ])('says what lacks: without %s', (text, instead, problem) => {
    expect(problemsOf(SHOP.replace(text, instead))).toEqual([problem]);
  });
});
