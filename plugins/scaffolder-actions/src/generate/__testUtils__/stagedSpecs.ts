const placed = (key: string, environment: string) =>
  `{ url: https://${environment}-${key}.example.test, target: { type: azure-container-app, resourceGroup: Shop, name: ${key}-${environment}, image: registry.example.test/${key} } }`;

/** A text with environments, a service for each key, and what else is asked for. */
function text(parts: {
  pipeline: string;
  environments: string;
  services: Record<string, readonly string[]>;
  tests?: string;
}): string {
  const services = Object.entries(parts.services).map(
    ([key, environments]) => `    ${key}:
      entity: component:default/${key}
      paths: [${key}/**]
      image: { dockerfile: ${key}/Dockerfile }
      test: { language: python, version: '3.12' }
      environments:
${environments
  .map(name => `        ${name}: ${placed(key, name)}`)
  .join('\n')}`,
  );
  return `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: shop }
spec:
  repository: example-org/shop
  pipeline: ${parts.pipeline}
  environments:
${parts.environments}
${parts.tests ? `  tests:\n${parts.tests}\n` : ''}  services:
${services.join('\n')}
`;
}

/** One workflow: feature branches stop at staging, and production waits for what is tested there. */
export const ONE_WORKFLOW = text({
  pipeline:
    '{ workflow: ci-cd.yml, pullRequests: true, failureIssue: { labels: [bug] }, failureMessage: { slack: SLACK_WEBHOOK }, portal: https://portal.example.test/api/deploy, cleanup: { days: 30 } }',
  environments: `    - { name: staging, tier: staging, deploy: { branches: [main, feature/**] } }
    - { name: production, tier: production, deploy: { branches: [main] } }`,
  services: {
    shop: ['staging', 'production'],
    cart: ['staging', 'production'],
  },
  tests: `    style: { language: none, tools: { node: '22' }, commands: [npm ci, npm run lint], before: [staging] }
    e2e: { language: none, tools: { node: '22' }, commands: [npx playwright test], directory: testing, after: [shop, cart], in: staging, reports: { test: results.xml }, artifacts: [html], artifactDays: 30 }`,
});

/** A workflow for each environment, and one for pull requests and one by night. */
export const OWN_WORKFLOWS = text({
  pipeline: '{ serviceInput: specific_service }',
  environments: `    - { name: development, tier: development, deploy: { workflow: deploy-dev.yml, branches: [develop] } }
    - { name: production, tier: production, deploy: { workflow: deploy-production.yml, title: Deploy to Production, tags: ['v*'], signedTags: true } }`,
  services: {
    shop: ['development', 'production'],
    cart: ['development', 'production'],
  },
  tests: `    rust: { language: rust, version: '1.89', workflow: pr.yml, title: Pull Requests, on: [pull-request], commands: [cargo fmt --check, cargo clippy -- -D warnings], matrix: { crate: [shop, cart] } }
    commits: { language: none, workflow: pr.yml, on: [pull-request], scan: { type: commits } }
    codeql: { language: none, workflow: security.yml, schedule: '0 2 * * *', scan: { type: codeql, languages: [rust, javascript-typescript], severity: medium }, issue: { title: CodeQL found something, labels: [security] } }
    secrets: { language: none, workflow: security.yml, schedule: '0 2 * * *', scan: { type: secrets, licence: GITLEAKS_LICENSE } }
    dependencies: { language: none, workflow: security.yml, schedule: '0 2 * * *', scan: { type: dependencies, severity: critical } }
    baseline: { language: none, workflow: benchmark.yml, schedule: '0 3 * * 1', mode: baseline, modeInput: scenario, in: development, tools: { k6: '1.2.1' }, directory: load, commands: [k6 run baseline.js], reports: { performance: baseline.json } }
    stress: { language: none, workflow: benchmark.yml, schedule: '0 3 * * 1', mode: stress, in: development, tools: { k6: '1.2.1' }, directory: load, commands: [k6 run stress.js], reports: { performance: stress.json } }
    integration: { language: python, version: '3.12', before: [production], directory: tests, environment: { TOKEN: { secret: TEST_TOKEN } }, commands: ['pytest -m "not slow"'] }`,
});

/** CI, and a deployment that its success starts. */
export const AFTER_CI = text({
  pipeline:
    '{ workflow: cd.yml, title: CD, after: { workflow: ci.yml }, failureIssue: {} }',
  environments: `    - { name: staging, tier: staging }
    - { name: production, tier: production }`,
  services: { shop: ['staging', 'production'] },
  tests: `    unit: { language: python, version: '3.12', workflow: ci.yml, title: Continuous Integration, on: [pull-request, push], branches: [main, develop], directory: tests }
    load: { language: none, tools: { k6: '1.2.1' }, after: [shop], in: staging, commands: [k6 run load.js], reports: { performance: summary.json } }`,
});
