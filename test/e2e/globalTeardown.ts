import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { shared } from './shared';

/** Keeps what the simulated GitHub validated, stops the demo and removes what it wrote. */
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
  const { E2E_GITHUB_URL: github, TEST_VALIDATION_DIRECTORY: reportDirectory } =
    process.env;
  if (!github || !reportDirectory) {
    return;
  }
  const response = await fetch(`${github}/_control/validation`);
  await mkdir(reportDirectory, { recursive: true });
  await writeFile(
    path.join(reportDirectory, 'e2e.json'),
    await response.text(),
  );
}
