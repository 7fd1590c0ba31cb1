import { parsePipelineSpec } from './parsePipelineSpec';

const TARGETS = {
  app: 'type: azure-container-app, resourceGroup: Shop, name: shop',
  release:
    'type: azure-vm, resourceGroup: Shop, name: shop, release: { directory: /opt/shop, unit: shop.service }',
  asked:
    "type: azure-vm, resourceGroup: Shop, name: shop, release: { directory: /opt/shop, unit: shop.service }, health: { url: 'http://127.0.0.1:8080/health' }",
  file: 'type: azure-vm, resourceGroup: Shop, name: shop, configFile: { source: shop.conf, path: /etc/shop.conf, backupDirectory: /var/backups }',
  ecs: 'type: ecs, region: eu-central-1, cluster: shop, service: shop',
  kubernetes: 'type: kubernetes, namespace: shop, name: shop',
  workflow: 'type: github-workflow, workflow: back.yml',
  custom: 'type: custom, platform: own, settings: {}',
} as const;

const URL = 'url: https://shop.example.test, ';

function findingsOf(
  target: keyof typeof TARGETS,
  placed: string,
  {
    url = URL,
    more = '',
    pipeline = '',
  }: { url?: string; more?: string; pipeline?: string } = {},
) {
  const result = parsePipelineSpec(`apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: shop }
spec:
  repository: example-org/shop
  pipeline: { ${pipeline} }
  environments: [{ name: production, tier: production }]
  services:
    shop:
      environments:
        production: { ${url}target: { ${TARGETS[target]} }, ${placed} }
${more}`);
  return result.ok ? [] : result.findings;
}

const placeOf = ({ path, message }: { path: string; message: string }) =>
  `${path.replace(/^.*\/production\//, '')}: ${message}`;

const VARIABLES = 'deploy: { environment: { MODE: quick } }';

describe('what a deployment makes nothing of', () => {
  it.each([
    ['app', VARIABLES],
    ['app', 'verify: { path: /ready }'],
    ['release', 'deploy: { include: [shop, common] }'],
    ['asked', 'verify: { statuses: [200, 204] }'],
    ['ecs', 'verify: { attempts: 3 }'],
    ['kubernetes', 'verify: { seconds: 3 }'],
    ['workflow', 'verify: { path: /ready }'],
    [
      'app',
      'jobs: [{ workflow: other.yml, job: all, matrix: { part: shop } }]',
    ],
  ] as const)('is not in %s with %s', (target, placed) => {
    expect(findingsOf(target, placed)).toEqual([]);
  });

  it.each([
    ['release', 'target.release.environmentFile'],
    ['ecs', 'the task definition'],
    ['kubernetes', 'deploy.kubernetes.manifests'],
    ['workflow', 'deploy.compose.environmentFiles'],
    ['custom', 'Remove'],
  ] as const)(
    'are variables of %s, and somebody is told to look at %s',
    (target, place) => {
      const [finding, ...others] = findingsOf(target, VARIABLES);

      expect(others).toEqual([]);
      expect(finding).toMatchObject({
        path: '/spec/services/shop/environments/production/deploy/environment',
        message: expect.stringContaining('only Container Apps get variables'),
        remedy: expect.stringContaining(place),
        line: 11,
      });
    },
  );

  it.each([
    ['app', 'deploy: { include: [shop] }', 'deploy/include: only releases'],
    ['file', 'deploy: { include: [shop] }', 'deploy/include: only releases'],
    ['release', 'verify: { path: /ready }', 'verify/path: a deployment to a'],
    ['release', 'verify: { statuses: [204] }', 'verify/statuses: a deployment'],
    ['asked', 'verify: { attempts: 3 }', 'verify/attempts: a deployment to a'],
    ['file', 'verify: { seconds: 3 }', 'verify/seconds: a deployment to a'],
    [
      'app',
      'jobs: [{ workflow: deploy.yml, job: all, matrix: { part: shop } }]',
      'jobs/0/matrix: the job "all" is generated without a matrix: no other',
    ],
    [
      'app',
      'jobs: [{ workflow: deploy.yml, job: all, commit: triggering-run }]',
      'jobs/0/commit: no other run starts deploy.yml',
    ],
  ] as const)('are keys of %s: %s', (target, placed, told) => {
    expect(findingsOf(target, placed).map(placeOf)).toEqual([
      expect.stringContaining(told),
    ]);
  });

  it.each(['matrix: { part: shop }', 'commit: triggering-run'])(
    'is not in jobs of somebody’s own workflow, where none that deploys is generated: %s',
    key => {
      const jobs = `jobs: [{ workflow: deploy.yml, job: all, ${key} }]`;
      const at = (level: number) =>
        findingsOf('app', jobs, { pipeline: `safetyLevel: ${level}` });

      expect(at(3)).toEqual([]);
      expect(at(4)).toHaveLength(1);
    },
  );

  it('is how an address is asked that there is not', () => {
    expect(
      findingsOf('ecs', 'verify: { path: /ready }', { url: '' }).map(placeOf),
    ).toEqual(['verify: "shop" has no "url" there that could be asked']);
  });

  it('is no matrix that services share', () => {
    const jobs = (part: string) =>
      `jobs: [{ workflow: deploy.yml, job: all, matrix: { part: ${part} } }]`;

    expect(
      findingsOf('app', jobs('shop'), {
        more: `    other: { environments: { production: { target: { type: azure-container-app, resourceGroup: Shop, name: other }, ${jobs(
          'other',
        )} } } }\n`,
      }),
    ).toEqual([]);
  });
});
