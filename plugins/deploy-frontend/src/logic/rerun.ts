import { Deployment } from '@vvp/backstage-plugin-deploy-common';

/**
 * Whether the failed jobs of a deployment's run can be asked to run again, by what the page knows of it. The
 * backend knows more, and decides.
 *
 * @internal
 */
export function mayBeRerun({ status, source, run }: Deployment): boolean {
  return (
    ['failed', 'errored', 'cancelled'].includes(status) &&
    source.startsWith('github:') &&
    run !== undefined &&
    !run.event?.startsWith('pull_request')
  );
}
