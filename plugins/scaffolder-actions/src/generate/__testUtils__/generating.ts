import path from 'node:path';
import {
  parsePipelineSpec,
  PipelineSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { generatePipeline } from '../generatePipeline';
import { GeneratedFile } from '../model';

/** Folder of the example repositories. */
export const EXAMPLES = path.resolve(__dirname, '../../../../../examples');

/** A service that goes to a Container App, to be changed by the tests. */
export const SHOP = `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: shop }
spec:
  repository: example-org/shop
  pipeline: {}
  environments: [{ name: production, tier: production }]
  services:
    shop:
      paths: [src/**]
      image: { dockerfile: Dockerfile }
      environments:
        production:
          url: https://shop.example.test
          target: { type: azure-container-app, resourceGroup: Shop, name: shop, image: registry.example.test/shop }
          deploy: { environment: { GREETING: hello } }
`;

/** The spec of a text without mistakes. */
export function specOf(text: string): PipelineSpec {
  const result = parsePipelineSpec(text);
  if (!result.ok) {
    throw new Error(result.findings.map(({ message }) => message).join('\n'));
  }
  return result.spec;
}

/** The files that a text asks for, without scripts. */
export function generate(text: string): GeneratedFile[] {
  const result = generatePipeline(specOf(text), {
    source: text,
    version: '1.0.0',
    scripts: {},
  });
  if ('problems' in result) {
    throw new Error(result.problems.map(({ message }) => message).join('\n'));
  }
  return result.files;
}
