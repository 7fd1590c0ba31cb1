import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipelineSpecSchema } from '../src/spec/schema';

// Run after a change of the schema: npx tsx plugins/deploy-common/schema/write.ts
writeFileSync(
  join(__dirname, 'deploy.vvp.io-v1alpha1.json'),
  `${JSON.stringify(pipelineSpecSchema, undefined, 2)}\n`,
);
