import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { resolveRoot } from './paths.mjs';

const machineBrowsers = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/**
 * A Chromium of this machine, or else (and with `CHROMIUM_PATH=npm`) the one of an npm package: its path, and the
 * environment it needs.
 */
export async function findBrowser() {
  const found = machineBrowsers.find(file => file && existsSync(file));
  if (found && process.env.CHROMIUM_PATH !== 'npm') {
    return { executablePath: found, env: {}, args: browserFlags };
  }
  const directory = await mkdtemp(path.join(tmpdir(), 'deploy-chromium-'));
  // The package unpacks there, and brings the shared libraries only where it believes to be in this environment.
  process.env.TMPDIR = directory;
  process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs20.x';
  const entry = createRequire(resolveRoot('test/package.json')).resolve(
    '@sparticuz/chromium',
  );
  const { default: chromium } = await import(pathToFileURL(entry).href);
  return {
    executablePath: await chromium.executablePath(),
    env: {
      LD_LIBRARY_PATH: path.join(directory, 'al2023', 'lib'),
      FONTCONFIG_PATH: path.join(directory, 'fonts'),
    },
    args: browserFlags,
    temporaryDirectory: directory,
  };
}

// Without these, Chromium looks for its maker's servers.
const browserFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
