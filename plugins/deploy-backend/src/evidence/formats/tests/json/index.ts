import { ReportFormat } from '../../types';
import { CtrfParser } from './CtrfParser';
import { PlaywrightParser } from './PlaywrightParser';
import { TerraformParser } from './TerraformParser';

/** Whether all of the keys stand in the beginning of a JSON object. */
function hasKeys(head: string, ...keys: string[]): boolean {
  return (
    /^\s*\{/.test(head) &&
    keys.every(key => new RegExp(`"${key}"\\s*:`).test(head))
  );
}

/** Playwright's own JSON; known by its `config`, which comes first. */
export const playwright: ReportFormat = {
  format: 'playwright',
  detect: head => hasKeys(head, 'config', 'rootDir', 'projects', 'forbidOnly'),
  createParser: () => new PlaywrightParser(),
};

/** CTRF; the first drafts did not name themselves. */
export const ctrf: ReportFormat = {
  format: 'ctrf',
  detect: head =>
    (/"reportFormat"\s*:\s*"CTRF"/.test(head) && hasKeys(head)) ||
    (/^\s*\{\s*"results"\s*:\s*\{/.test(head) &&
      hasKeys(head, 'tool', 'summary', 'tests', 'passed', 'other')),
  createParser: () => new CtrfParser(),
};

/** `terraform validate -json`. */
export const terraformValidate: ReportFormat = {
  format: 'terraform-validate',
  detect: head => hasKeys(head, 'valid', 'error_count', 'diagnostics'),
  createParser: () => new TerraformParser(),
};
