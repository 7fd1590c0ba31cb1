import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import {
  parsePipelineSpec,
  PipelineSpec,
} from '@vvp/backstage-plugin-deploy-common';
import {
  GeneratedFile,
  generatePipeline,
  PipelinePlan,
  planPipeline,
} from '@vvp/backstage-plugin-scaffolder-backend-module-deploy';
import { SCRIPTS } from './vmWorld';

/** What a `deploy.yaml` becomes. */
export interface Generated {
  spec: PipelineSpec;
  plan: PipelinePlan;
  files: GeneratedFile[];
}

/** Generates the pipeline of one of the examples, such as `edenco`. */
export async function generateExample(name: string): Promise<Generated> {
  const source = await readFile(
    resolve(__dirname, '../../examples', name, 'deploy.yaml'),
    'utf8',
  );
  return generateText(source);
}

/** Generates the pipeline of a `deploy.yaml`. */
export async function generateText(source: string): Promise<Generated> {
  const parsed = parsePipelineSpec(source);
  if (!parsed.ok) {
    throw new Error(JSON.stringify(parsed.findings, undefined, 2));
  }
  const scripts = Object.fromEntries(
    await Promise.all(
      (
        await readdir(SCRIPTS)
      ).map(
        async script =>
          [script, await readFile(join(SCRIPTS, script), 'utf8')] as const,
      ),
    ),
  );
  const planned = planPipeline(parsed.spec);
  const generated = generatePipeline(parsed.spec, {
    source,
    version: '1.0.0',
    scripts,
  });
  if ('problems' in planned || 'problems' in generated) {
    throw new Error(
      JSON.stringify('problems' in planned ? planned.problems : generated),
    );
  }
  return { spec: parsed.spec, plan: planned.plan, files: generated.files };
}

/**
 * A repository with nothing but what was generated, and a few files besides.
 *
 * @returns its folder, which is the caller's to remove
 */
export async function writeRepository(
  files: readonly GeneratedFile[],
  besides: Readonly<Record<string, string>> = {},
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'repository-'));
  const all = [
    ...files,
    ...Object.entries(besides).map(
      ([path, content]): GeneratedFile => ({ path, content }),
    ),
  ];
  for (const { path, content, executable } of all) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    if (executable) {
      await chmod(file, 0o755);
    }
  }
  return folder;
}
