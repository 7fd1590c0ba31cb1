import { createHash, randomUUID } from 'node:crypto';
import {
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = resolve(__dirname, '..', '..');

/** Below the root, so that what is left out of a bundle is found from there. */
const folder = join(root, '.test', 'processes');

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

/** Dependencies that find their files from where they are stay there; the workspace's packages do not. */
const dependenciesApart = {
  name: 'dependencies-apart',
  setup: (build: Build) =>
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('@vvp/')
        ? undefined
        : { path, external: true },
    ),
};

/** Modules find what they read from where they are, and not from where the bundle is. */
const places = {
  name: 'places',
  setup: (build: Build) =>
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      if (path.includes(`${sep}node_modules${sep}`)) {
        return undefined;
      }
      const text = await readFile(path, 'utf8');
      const url = JSON.stringify(pathToFileURL(path).href);
      return {
        contents: `const __dirname = ${JSON.stringify(dirname(path))};
${text.replaceAll('import.meta.url', url)}`,
        loader: 'ts',
      };
    }),
};

/**
 * Makes one file of a process and all that it loads: to load the modules one by one takes each process up to ten
 * times as long as what it does then.
 *
 * @param script - with its path
 * @param scenario - file that the script imports by `process.env.FAULT_SCENARIO`, with its path
 * @param options - `dependencies: 'apart'` leaves out what comes from `node_modules`
 * @returns the file; it is replaced as a whole, as others may be loading it, and kept while what is in it is the same
 */
export async function bundleProcess(
  script: string,
  scenario?: string,
  options: { dependencies?: 'apart' } = {},
): Promise<string> {
  const name = [script, ...(scenario ? [scenario] : [])]
    .map(file => basename(file, '.ts'))
    .join('-');
  const id = createHash('sha256')
    .update(`${script}:${scenario}`)
    .digest('hex')
    .slice(0, 8);
  const bundle = join(folder, `${name}-${id}.cjs`);
  if (!(await isCurrent(bundle))) {
    await buildBundle(bundle, script, scenario, options.dependencies);
  }
  return bundle;
}

async function buildBundle(
  bundle: string,
  script: string,
  scenario: string | undefined,
  dependencies: 'apart' | undefined,
): Promise<void> {
  // tsx brings it, which runs the scripts that are not bundled.
  const esbuild = createRequire(require.resolve('tsx'))('esbuild');
  const code = `${bundle}.js`;
  const outfile = `${code}.${randomUUID()}`;
  const { metafile } = await esbuild.build({
    entryPoints: [script],
    absWorkingDir: root,
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    // Of modules only what is used.
    mainFields: ['module', 'main'],
    // Of what was compiled before, V8 does not know any more whom to ask for a module.
    supported: { 'dynamic-import': false },
    external: leftOut,
    metafile: true,
    logLevel: 'error',
    plugins: [places, ...(dependencies ? [dependenciesApart] : [])],
    ...(scenario && {
      define: { 'process.env.FAULT_SCENARIO': JSON.stringify(scenario) },
    }),
  });
  const inputs = await timesOf([__filename, ...Object.keys(metafile.inputs)]);
  const loader = JSON.stringify(join(__dirname, 'loadBundle.cjs'));
  await writeFile(
    `${outfile}.cjs`,
    `require(${loader})(${JSON.stringify(code)});\n`,
  );
  await writeFile(`${outfile}.json`, JSON.stringify(inputs));
  await rename(outfile, code);
  await rename(`${outfile}.cjs`, bundle);
  await rename(`${outfile}.json`, `${bundle}.json`);
  await forgetCompiled(basename(code));
}

/** What V8 made of bundles that were here before. */
async function forgetCompiled(code: string): Promise<void> {
  const { mtimeMs } = await stat(join(folder, code));
  const old = (await readdir(folder)).filter(
    file =>
      file.endsWith('.compiled') &&
      file.startsWith(`${code}.`) &&
      !file.startsWith(`${code}.${mtimeMs}.`),
  );
  await Promise.all(old.map(file => rm(join(folder, file), { force: true })));
}

/** Whether every file that went into the bundle is as it was. */
async function isCurrent(bundle: string): Promise<boolean> {
  try {
    await stat(bundle);
    const inputs: Record<string, number> = JSON.parse(
      await readFile(`${bundle}.json`, 'utf8'),
    );
    const now = await timesOf(Object.keys(inputs));
    return Object.entries(inputs).every(([file, at]) => now[file] === at);
  } catch {
    return false;
  }
}

/** When files were changed last, by path below the root. */
async function timesOf(files: string[]): Promise<Record<string, number>> {
  return Object.fromEntries(
    await Promise.all(
      files.map(async file => {
        const { mtimeMs } = await stat(resolve(root, file));
        return [file, mtimeMs] as const;
      }),
    ),
  );
}

/** What a plugin of esbuild is given. */
interface Build {
  onResolve(
    options: { filter: RegExp },
    resolve: (module: {
      path: string;
      kind: string;
    }) => { path: string; external: boolean } | undefined,
  ): void;
  onLoad(
    options: { filter: RegExp },
    load: (file: {
      path: string;
    }) => Promise<{ contents: string; loader: string } | undefined>,
  ): void;
}
