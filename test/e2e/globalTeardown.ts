import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { shared } from './shared';

/** Keeps what the simulators validated, stops the demo and removes what it wrote. */
export default async function globalTeardown(): Promise<void> {
  const { demo, directory } = shared.get() ?? {};
  try {
    await keepValidationReport();
  } finally {
    await demo?.interrupt();
    for (const written of [directory, browserDirectory()]) {
      if (written) {
        await rm(written, { recursive: true, force: true });
      }
    }
  }
}

/** Where the browser of the npm package was unpacked, if it was needed. */
function browserDirectory(): string | undefined {
  const { E2E_BROWSER: browser } = process.env;
  return browser && JSON.parse(browser).temporaryDirectory;
}

async function keepValidationReport(): Promise<void> {
  const {
    E2E_GITHUB_URL: github,
    E2E_CLOUD_URL: clouds,
    TEST_VALIDATION_DIRECTORY: reportDirectory,
  } = process.env;
  if (!github || !clouds || !reportDirectory) {
    return;
  }
  await mkdir(reportDirectory, { recursive: true });
  for (const [simulator, name] of [
    [github, 'e2e.json'],
    [clouds, 'e2e-clouds.json'],
  ]) {
    const response = await fetch(`${simulator}/_control/validation`);
    await writeFile(path.join(reportDirectory, name), await response.text());
  }
}
