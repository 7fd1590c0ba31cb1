import { parse } from 'yaml';

const PORTAL = 'https://portal.example.test/api/deploy';

const HEAD = `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: shop }
`;

const placed = (environment: string, target: string) =>
  `${environment}: { url: https://${environment}.example.test, target: { ${target} } }`;

const two = (key: string, target: (environment: string) => string) =>
  `{ ${['staging', 'production']
    .map(environment => placed(`${environment}`, target(`${environment}`)))
    .join(', ')
    .replaceAll('https://', `https://${key}-`)} }`;

/** Two services at Container Apps, two environments. */
const APPS = `${HEAD}spec:
  repository: example-org/shop
  pipeline: { portal: '${PORTAL}' }
  environments:
    - { name: staging, tier: staging }
    - { name: production, tier: production }
  services:
    web:
      entity: component:default/web
      paths: [web/**]
      test: { language: python, version: '3.12' }
      image: { dockerfile: web/Dockerfile }
      environments: ${two(
        'web',
        name =>
          `type: azure-container-app, resourceGroup: shop, name: web-${name}, image: registry.example.test/web`,
      )}
    api:
      entity: component:default/api
      paths: [api/**]
      image: { dockerfile: api/Dockerfile }
      environments: ${two(
        'api',
        name =>
          `type: azure-container-app, resourceGroup: shop, name: api-${name}, image: registry.example.test/api`,
      )}
`;

/** And one of everything that tests can be beside them. */
const TESTS = APPS.replace(
  '  services:\n',
  `  tests:
    after: { language: none, after: [web, api], in: staging, commands: [make smoke] }
    before: { language: none, before: [production], in: staging, commands: [make check] }
    nightly: { language: none, workflow: nightly.yml, schedule: '1 2 * * *', commands: [make nightly] }
    python: { language: python, version: '3.13', workflow: nightly.yml, schedule: '1 2 * * *', directory: e2e }
    scan: { language: none, workflow: scans.yml, on: [push], scan: { type: dependencies } }
  services:
`,
);

const MACHINES = `${HEAD}spec:
  repository: example-org/shop
  pipeline: { storage: { account: { variable: ACCOUNT }, container: releases } }
  environments: [{ name: production, tier: production }]
  services:
    queue:
      entity: component:default/queue
      paths: [queue/**]
      test: { language: python, version: '3.12' }
      environments:
        production:
          url: https://queue.example.test
          target: { type: azure-vm, resourceGroup: shop, name: queue, release: { directory: /opt/queue, unit: queue.service } }
    proxy:
      entity: component:default/proxy
      paths: [proxy/**]
      environments:
        production:
          target: { type: azure-vm, resourceGroup: shop, name: proxy, configFile: { source: proxy/proxy.conf, path: /etc/proxy.conf, backupDirectory: /var/backups } }
`;

const TASKS = `${HEAD}spec:
  repository: example-org/shop
  pipeline: { portal: '${PORTAL}', aws: { deployRole: { variable: ROLE } } }
  environments:
    - { name: staging, tier: staging }
    - { name: production, tier: production }
  services:
    web:
      entity: component:default/web
      paths: [web/**]
      test: { language: python, version: '3.12' }
      image: { dockerfile: web/Dockerfile }
      environments: ${two(
        'web',
        name =>
          `type: ecs, region: eu-west-1, cluster: ${name}, service: web, taskDefinition: web, container: web, repository: web`,
      )}
`;

const CLUSTER = `${HEAD}spec:
  repository: example-org/shop
  pipeline: { portal: '${PORTAL}', aws: { deployRole: { variable: ROLE } } }
  environments:
    - { name: staging, tier: staging, deploy: { kubernetes: { cluster: { name: one, region: eu-west-1 } } } }
    - { name: production, tier: production, deploy: { kubernetes: { kubeconfig: { secret: KUBECONFIG } } } }
  services:
    web:
      entity: component:default/web
      paths: [web/**]
      test: { language: typescript, version: '22' }
      image: { dockerfile: web/Dockerfile, repository: ghcr.io/example-org/web, sign: true }
      environments: ${two(
        'web',
        name =>
          `type: kubernetes, connection: one, namespace: ${name}, name: web`,
      )}
    api:
      entity: component:default/api
      paths: [api/**]
      test: { language: rust, version: '1.89' }
      image: { dockerfile: api/Dockerfile, repository: ghcr.io/example-org/api }
      environments: ${two(
        'api',
        name =>
          `type: kubernetes, connection: one, namespace: ${name}, name: api`,
      )}
`;

const MACHINE = `${HEAD}spec:
  repository: example-org/shop
  pipeline: { portal: '${PORTAL}' }
  environments:
    - name: production
      tier: production
      deploy: { compose: { directory: app, files: [compose.yml], images: { WEB: web, API: api }, host: shop.example.test, user: deploy, key: { secret: KEY }, knownHosts: { variable: HOSTS } } }
  services:
    web: &web
      entity: component:default/web
      paths: [web/**]
      image: { dockerfile: web/Dockerfile, repository: ghcr.io/example-org/web }
      environments: { production: { url: https://shop.example.test, target: { type: github-workflow, workflow: back.yml, inputs: { service: web }, releaseInput: commit } } }
    api:
      entity: component:default/api
      paths: [api/**]
      image: { dockerfile: api/Dockerfile, repository: ghcr.io/example-org/api }
      environments: { production: { url: https://shop.example.test, target: { type: github-workflow, workflow: back.yml, inputs: { service: api }, releaseInput: commit } } }
`;

const FILES = `${HEAD}spec:
  repository: example-org/shop
  pipeline: { after: { workflow: ci.yml }, workflow: cd.yml, portal: '${PORTAL}', aws: { deployRole: { variable: ROLE }, buildRole: { variable: BUILD } } }
  environments:
    - { name: staging, tier: staging }
    - { name: production, tier: production }
  tests:
    unit: { language: none, workflow: ci.yml, on: [pull-request, push], commands: [make unit] }
  services:
    web:
      entity: component:default/web
      paths: [web/**]
      image: { dockerfile: web/Dockerfile, repository: ghcr.io/example-org/web }
      environments: ${two(
        'web',
        name =>
          `type: ecs, region: eu-west-1, cluster: ${name}, service: web, taskDefinition: web, container: web`,
      )}
`;

/** Small specs, one for each way to deploy. */
export const BASES: Readonly<Record<string, unknown>> = Object.fromEntries(
  Object.entries({ APPS, TESTS, MACHINES, TASKS, CLUSTER, MACHINE, FILES }).map(
    ([name, text]) => [name, parse(text)],
  ),
);
