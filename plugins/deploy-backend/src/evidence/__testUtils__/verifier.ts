import { component } from '../../__testUtils__/entities';

export const COMMIT = 'a'.repeat(40);
export const ENTITY_REF = 'component:default/verifier';

const FOLDER = 'https://github.example.test/example-org/vvp/blob/main/';

/** A service of a monorepo, as the catalog has it. */
export const verifier = component('verifier', {
  key: 'verifier',
  owner: 'group:default/vvp-team',
  location: `${FOLDER}catalog-info.yaml`,
});

/** Its files, as the URL reader finds them. */
export const files = {
  [`${FOLDER}deploy.yaml`]: `
apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: vvp }
spec:
  repository: example-org/vvp
  evidence: { refs: [main, 'release/**'] }
  environments:
    - { name: staging, tier: staging }
    - { name: production, tier: production }
  services:
    verifier:
      paths: [services/verifier/**]
      sharedPaths: [common/**]
      environments:
        staging: {}
        production: {}
    issuer:
      paths: [services/issuer/**]
      environments:
        production: {}
`,
};

/** A coverage report: for each file, its lines as `1` (run) and `0` (not run). */
export function lcov(lines: Record<string, string>): string {
  return Object.entries(lines)
    .map(
      ([path, hits]) =>
        `TN:\nSF:${path}\n${[...hits]
          .map((hit, index) => `DA:${index + 1},${hit}\n`)
          .join('')}end_of_record\n`,
    )
    .join('');
}
