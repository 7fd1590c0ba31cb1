import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
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
  const executablePath = await chromium.executablePath();
  const fontConfiguration = path.join(directory, 'fonts.conf');
  await writeFile(fontConfiguration, describeFonts(directory));
  return {
    executablePath,
    env: {
      LD_LIBRARY_PATH: path.join(directory, 'al2023', 'lib'),
      FONTCONFIG_FILE: fontConfiguration,
    },
    args: browserFlags,
    temporaryDirectory: directory,
  };
}

/** The package's own description knows its fonts in one fixed folder; without any font, text has no size. */
function describeFonts(directory) {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${directory}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${directory}/font-cache</cachedir>
</fontconfig>
`;
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
