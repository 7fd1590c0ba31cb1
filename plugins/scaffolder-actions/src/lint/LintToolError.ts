import { CustomErrorBase } from '@backstage/errors';

/**
 * A program that linting needs is not there, or did not end well; not a finding about a workflow.
 *
 * @public
 */
export class LintToolError extends CustomErrorBase {
  name = 'LintToolError' as const;
}
