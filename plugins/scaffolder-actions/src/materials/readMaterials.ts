import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Materials } from '../generate';

const PACKAGE = path.dirname(
  require.resolve(
    '@vvp/backstage-plugin-scaffolder-backend-module-deploy/package.json',
  ),
);

/** What the files of a pipeline are made of, besides its spec: this tool's version, and its scripts. */
export async function readMaterials(): Promise<Omit<Materials, 'source'>> {
  const [version, scripts] = await Promise.all([readVersion(), readScripts()]);
  return { version, scripts };
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
