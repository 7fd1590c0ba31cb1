/** What is only read, besides pull requests that are tested: by the portal, wherever it stands. */
export const PORTAL_ONLY = `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: shop }
spec:
  repository: example-org/shop
  pipeline: { safetyLevel: 1, audience: deploy, runner: ubuntu-24.04 }
  evidence: { refs: [main], workflows: [deploy.yml] }
  gates:
    speed: { performance: latency.avg, scenario: load, unit: s, lessThan: 2 }
  environments:
    - { name: staging, tier: staging, gates: { smoke: { coverage: exists } } }
    - name: production
      tier: production
      gates:
        smoke: { passedIn: staging }
        covered: { coverage: lines, minimum: 1, pendingFor: 1 day }
        old: { soak: { in: staging, for: 1 hour } }
      promotion:
        soak: 1 hour
        expiresAfter: 1 day
        hotfix:
          refs: { branches: [hotfix/**], tags: [h*] }
          approvals: [{ from: [group:default/shop], required: 1 }]
          order: previous
          soak: 1 hour
          expiresAfter: 1 day
  services:
    shop:
      paths: [src/**]
      test: { language: python, version: '3.12', select: not slow, environment: { A: { secret: A }, B: { variable: B } } }
      environments:
        staging:
          target: { type: custom, platform: mainframe, connection: shop, settings: { region: north } }
        production:
          target: { type: github-workflow, workflow: roll-out.yml, ref: main, inputs: { part: shop }, releaseInput: commit }
          workflows: { deploy: { workflow: deploy.yml, ref: main, inputs: { part: shop }, releaseInput: commit } }
`;

/** What other texts leave out of Kubernetes, machines, docker compose and tests. */
export const REST = `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: shop }
spec:
  repository: example-org/shop
  pipeline:
    after: { workflow: ci.yml, title: Checks }
    storage: { account: shopreleases, container: deployments }
    aws: { deployRole: 'arn:aws:iam::111122223333:role/deploy', buildRole: 'arn:aws:iam::111122223333:role/build', planRole: 'arn:aws:iam::111122223333:role/plan' }
    manual: { workflow: hand.yml, title: By Hand }
  environments:
    - name: staging
      tier: staging
      deploy:
        compose:
          directory: app
          files: [compose.yml]
          images: { SHOP_IMAGE: web }
          host: shop.example.test
          user: deploy
          key: { secret: KEY }
          knownHosts: shop.example.test ssh-ed25519 AAAA
          environmentFiles: { .env.shop: { A: b, C: { variable: C } } }
          tailscale: { clientId: k123, secret: { secret: TAILSCALE }, tags: ['tag:ci'] }
    - name: production
      tier: production
      deploy: { kubernetes: { kubeconfig: { secret: KUBECONFIG }, kubectl: 1.33.0, manifests: [k8s] } }
  tests:
    checks:
      language: python
      version: '3.12'
      before: [production]
      systemPackages: [libsodium23]
      tools: { kubectl: 1.33.0, terraform: 1.5.0 }
      databases: [{ type: postgresql, version: '16', variable: DATABASE }]
      environment: { A: { variable: A } }
      select: not slow
  services:
    web:
      paths: [web/**]
      image: { dockerfile: web/Dockerfile, repository: ghcr.io/example-org/web }
      environments:
        staging: { url: https://web.example.test, target: { type: github-workflow, workflow: back.yml, inputs: { part: web }, releaseInput: commit } }
    api:
      paths: [api/**]
      image: { dockerfile: api/Dockerfile, repository: ghcr.io/example-org/api }
      environments:
        production:
          url: https://api.example.test
          target: { type: kubernetes, namespace: shop, name: api, container: api, strategy: canary }
          deploy: { metric: { url: https://prometheus.example.test, query: up, maximum: 1, token: { secret: TOKEN } } }
    store:
      paths: [store/**]
      image: { dockerfile: store/Dockerfile, repository: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/store }
      environments:
        production: { url: https://store.example.test, target: { type: ecs, region: eu-west-1, cluster: shop, service: store, taskDefinition: store, container: store } }
    front:
      paths: [front/**]
      image: { dockerfile: front/Dockerfile }
      environments:
        production:
          url: https://front.example.test
          target: { type: azure-container-app, resourceGroup: Shop, name: front, container: front, image: registry.example.test/front }
          deploy: { environment: { A: { variable: A } } }
    phone:
      paths: [phone/**]
      environments:
        production:
          url: https://phone.example.test
          target: { type: azure-vm, resourceGroup: Shop, name: phone, release: { directory: /opt/phone, unit: phone.service, environmentFile: /etc/phone.env }, health: { url: 'http://localhost:8080/health', keyVariable: KEY, keyHeader: X-Key } }
          deploy: { include: [phone] }
    dialplan:
      paths: [pbx/**]
      environments:
        production:
          target: { type: azure-vm, resourceGroup: Shop, name: pbx, configFile: { source: pbx/public.xml, path: /etc/pbx/public.xml, backupDirectory: /etc/pbx/backup, owner: 'www-data:www-data' } }
`;
