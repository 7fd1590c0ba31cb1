import { join, resolve } from 'node:path';
import type { GithubSimulator, RunSummary } from './client';

/** Small repositories that tests play with. */
export const REPOSITORIES = resolve(
  __dirname,
  '../../fixtures/github/repositories',
);

/** Where reports are left for the summary after all tests. */
export const VALIDATION = resolve(__dirname, '../../../.test/validation');

export const VVP = 'example-org/vvp';
export const RELEASE = 'example-org/release';
export const START = '2026-01-05T09:00:00Z';
export const TOKEN = 'portal-token';
/** Of the app whose custom rules ask. */
export const APP_TOKEN = 'app-token';
export const TOKENS = {
  [TOKEN]: 'portal',
  [APP_TOKEN]: 'deploy-portal[bot]',
  'omar-token': 'omar',
  'dana-token': 'dana',
};

/** Keeps the report of a test file and fails when it has violations. */
export async function expectNoViolations(
  simulator: GithubSimulator,
  name: string,
): Promise<void> {
  const report = await simulator.validation();
  await simulator.saveValidation(join(VALIDATION, `github-${name}.json`));
  expect(report.violations).toEqual([]);
}

/** Conclusion (or status) by job name, of the latest attempt. */
export function conclusions(run: RunSummary): Record<string, string> {
  const { jobs } = run.attempts[run.attempts.length - 1];
  return Object.fromEntries(
    jobs.map(job => [job.name, job.conclusion ?? job.status]),
  );
}

/** The same but for the jobs that hand over reports: no other job waits for them. */
export function conclusionsBesideReports(
  run: RunSummary,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(conclusions(run)).filter(
      ([name]) => !/-report( \(|$)/.test(name),
    ),
  );
}

/** The only run that something started. */
export async function onlyRun(
  simulator: GithubSimulator,
  repository: string,
  started: { runs: number[] },
): Promise<RunSummary> {
  expect(started.runs).toHaveLength(1);
  return simulator.run(repository, started.runs[0]);
}

/** `event.action` of every delivery of a repository, in order. */
export async function eventsOf(
  simulator: GithubSimulator,
  repository: string,
): Promise<string[]> {
  const deliveries = await simulator.deliveries();
  return deliveries
    .filter(delivery => delivery.repository === repository)
    .map(({ event, action }) => (action ? `${event}.${action}` : event));
}
