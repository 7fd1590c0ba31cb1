import { Finding, WorkflowFile } from '../lint';
import { inspect } from '../lint/inspect/inspect';

/**
 * What GitHub's own parser refuses in workflows. One that GitHub would not run is not worth importing.
 *
 * @throws LintToolError if the parser did not end well
 */
export async function githubFindings(
  files: readonly WorkflowFile[],
  options: { signal?: AbortSignal } = {},
): Promise<Finding[]> {
  const found = await inspect(files, { ...options, onlyGithub: true });
  return found.map(finding => ({
    ...finding,
    remedy: 'Mend it first: GitHub would not run it, either.',
  }));
}
