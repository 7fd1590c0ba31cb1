import { formatSpecFindings } from './formatSpecFindings';
import { parsePipelineSpec } from './parsePipelineSpec';
import { PipelineSpec } from './types';

/** A small valid file, to be changed by the tests. */
export const validText = `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata:
  name: vvp
spec:
  repository: example-org/vvp
  environments:
    - name: staging
      tier: staging
      url: https://staging.example.test
    - name: production
      tier: production
  services:
    verifier:
      entity: Component:default/VVP-verifier
      paths: [services/verifier/**]
      sharedPaths: [common/**]
      environments:
        production:
          url: https://verifier.example.test
          version: { url: https://verifier.example.test/version, commit: $.git_sha }
          target: { type: azure-container-app, resourceGroup: VVP, name: vvp-verifier }
          jobs:
            - workflow: deploy.yml
              job: deploy-verifier
              branches: [main]
        staging:
          jobs:
            - { workflow: deploy.yml, job: stage, matrix: { replica: 1 }, commit: triggering-run }
`;

/** The spec of a text that must be valid. */
export function specOf(text: string): PipelineSpec {
  const result = parsePipelineSpec(text);
  if (!result.ok) {
    throw new Error(formatSpecFindings(result.findings, 'deploy.yaml'));
  }
  return result.spec;
}

/** What is found in a text, one line each; empty for a valid one. */
export function findingsOf(text: string): string[] {
  const result = parsePipelineSpec(text);
  return result.ok
    ? []
    : formatSpecFindings(result.findings, 'deploy.yaml').split('\n');
}
