import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { specPosition } from '@vvp/backstage-plugin-deploy-common';
import { GeneratedFile, generatePipeline } from '../generate';
import { Finding } from '../lint';
import { readSpec } from './readSpec';

const PACKAGE = path.resolve(__dirname, '../..');

/** The files of a pipeline, or what stands in the way, with its place in `deploy.yaml`. */
export async function planFiles(
  file: string,
): Promise<{ files: GeneratedFile[] } | { findings: Finding[] }> {
  const read = await readSpec(file);
  if ('findings' in read) {
    return read;
  }
  const { text, spec } = read;
  const result = generatePipeline(spec, {
    source: text,
    version: await readVersion(),
    scripts: await readScripts(),
  });
  return 'files' in result
    ? result
    : {
        findings: result.problems.map(
          ({ path: place, message, remedy }): Finding => ({
            file,
            ...specPosition(text, place),
            rule: 'deploy.yaml',
            message,
            remedy,
          }),
        ),
      };
}

async function readVersion(): Promise<string> {
  const { version } = JSON.parse(
    await readFile(path.join(PACKAGE, 'package.json'), 'utf8'),
  );
  return version;
}

/** The scripts that generated workflows call, by name. */
export async function readScripts(): Promise<Record<string, string>> {
  const folder = path.join(PACKAGE, 'assets/deploy');
  const names = (await readdir(folder)).filter(name => name.endsWith('.sh'));
  return Object.fromEntries(
    await Promise.all(
      names.map(
        async name =>
          [name, await readFile(path.join(folder, name), 'utf8')] as const,
      ),
    ),
  );
}
