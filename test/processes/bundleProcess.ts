import { randomUUID } from 'node:crypto';
import { readFile, rename } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';

/** Below the root, so that what is left out of a bundle is found from there. */
const folder = resolve(__dirname, '..', '..', '.test', 'processes');

/** Addons, and drivers that are not installed. */
const leftOut = [
  'better-sqlite3',
  'mariadb',
  'mariadb/callback',
  'mysql',
  'mysql2',
  'oracledb',
  'pg-native',
  'pg-query-stream',
  'sqlite3',
  'tedious',
];

/** Simulators find what they read from where they are, and not from where the bundle is. */
const simulators = {
  name: 'simulators',
  setup: (build: Build) =>
    build.onLoad(
      { filter: /[\\/]simulators[\\/].*\.ts$/ },
      async ({ path }) => ({
        contents: `const __dirname = ${JSON.stringify(dirname(path))};
${await readFile(path, 'utf8')}`,
        loader: 'ts',
      }),
    ),
};

/**
 * Makes one file of a process and all that it loads: to load the modules one by one takes each process ten
 * times as long as what it does then.
 *
 * @param script - with its path
 * @param scenario - file that the script imports by `process.env.FAULT_SCENARIO`, with its path
 * @returns the file; it is replaced as a whole, as others may be loading it
 */
export async function bundleProcess(
  script: string,
  scenario?: string,
): Promise<string> {
  // tsx brings it, which runs the scripts that are not bundled.
  const { build } = createRequire(require.resolve('tsx'))('esbuild');
  const name = [script, ...(scenario ? [scenario] : [])]
    .map(file => basename(file, '.ts'))
    .join('-');
  const bundle = join(folder, `${name}.cjs`);
  const outfile = `${bundle}.${randomUUID()}`;
  await build({
    entryPoints: [script],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    // Of modules only what is used.
    mainFields: ['module', 'main'],
    external: leftOut,
    logLevel: 'error',
    ...(scenario && {
      define: { 'process.env.FAULT_SCENARIO': JSON.stringify(scenario) },
      plugins: [simulators],
    }),
  });
  await rename(outfile, bundle);
  return bundle;
}

/** What a plugin of esbuild is given. */
interface Build {
  onLoad(
    options: { filter: RegExp },
    load: (file: {
      path: string;
    }) => Promise<{ contents: string; loader: string }>,
  ): void;
}
