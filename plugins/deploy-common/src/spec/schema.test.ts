import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { pipelineSpecSchema } from './schema';

interface SchemaNode {
  description?: string;
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
  additionalProperties?: SchemaNode | boolean;
  oneOf?: SchemaNode[];
}

function undescribed(node: SchemaNode, path: string): string[] {
  const children: [string, SchemaNode][] = [
    ...Object.entries(node.properties ?? {}),
    ...(node.oneOf ?? []).map((each, i): [string, SchemaNode] => [
      String(i),
      each,
    ]),
  ];
  if (node.items) children.push(['items', node.items]);
  if (typeof node.additionalProperties === 'object') {
    children.push(['*', node.additionalProperties]);
  }
  return [
    ...(node.description ? [] : [path]),
    ...children.flatMap(([key, child]) => undescribed(child, `${path}/${key}`)),
  ];
}

const published: SchemaNode = JSON.parse(
  readFileSync(
    join(__dirname, '../../schema/deploy.vvp.io-v1alpha1.json'),
    'utf8',
  ),
);

describe('the published schema', () => {
  it('is the one that the parser uses', () => {
    // Write it anew with: npx tsx plugins/deploy-common/schema/write.ts
    expect(published).toEqual(pipelineSpecSchema);
  });

  it('is a schema', () => {
    const ajv = new Ajv({ discriminator: true, strict: true });

    expect(ajv.validateSchema(pipelineSpecSchema)).toBe(true);
  });

  it('describes every key, for editors', () => {
    expect(undescribed(published, '')).toEqual([]);
  });
});
