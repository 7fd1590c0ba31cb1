import { RepositoryTestsSpec } from '@vvp/backstage-plugin-deploy-common';
import { secret } from '../expressions';
import { Job, Step } from '../model';
import { PipelinePlan, PipelineSettings } from '../planModel';
import { isTold } from './olderCommits';
import { checkout } from './steps';

/**
 * A job that waits for others whatever became of them, and begins if they did not succeed.
 *
 * @param refusing - those that fail as well for what is older than what runs, which nobody has to be called for
 */
function unlessSuccessful(
  needs: readonly string[],
  refusing: readonly string[] = [],
): string {
  return [
    '!cancelled()',
    "github.event_name != 'pull_request'",
    `(${needs
      .map(
        key =>
          `needs.${key}.result == 'failure'${
            refusing.includes(key)
              ? ` && needs.${key}.outputs.refused != 'true'`
              : ''
          } || needs.${key}.result == 'cancelled'`,
      )
      .join(' || ')})`,
  ].join(' && ');
}

/** The issue of tests that failed; the job has no right but that, and runs none of what was tested. */
export function testIssueJob(
  { settings }: PipelinePlan,
  key: string,
  issue: NonNullable<RepositoryTestsSpec[string]['issue']>,
): Job {
  return {
    needs: [key],
    if: unlessSuccessful([key]),
    'runs-on': settings.runner,
    'timeout-minutes': 5,
    permissions: { contents: 'read', issues: 'write' },
    steps: [checkout(), issueStep(issue.title, issue.labels)],
  };
}

/** The last job of a workflow that deploys: says what failed, as an issue and in a chat. */
export function failureJob(
  plan: PipelinePlan,
  needs: readonly string[],
): Job | undefined {
  const { settings, stage, groups } = plan;
  const { failureIssue, failureMessage } = settings;
  const title = `${stage.title} failed on \${{ github.event.workflow_run.head_branch || github.ref_name }}`;
  return failureIssue || failureMessage
    ? {
        needs: [...needs],
        if: unlessSuccessful(
          needs,
          groups.filter(group => isTold(plan, group)).map(({ job }) => job),
        ),
        'runs-on': settings.runner,
        'timeout-minutes': 5,
        permissions: {
          contents: 'read',
          ...(failureIssue && { issues: 'write' as const }),
        },
        steps: [
          checkout(),
          ...(failureIssue ? [issueStep(title, failureIssue.labels)] : []),
          ...messageSteps(failureMessage, title),
        ],
      }
    : undefined;
}

function messageSteps(
  message: PipelineSettings['failureMessage'],
  title: string,
): Step[] {
  return message
    ? [
        {
          name: 'Tell the chat',
          if: '!cancelled()',
          env: {
            TITLE: title,
            NEEDS: '${{ toJSON(needs) }}',
            COMMIT: '${{ github.sha }}',
            WEBHOOK: secret(message.slack),
          },
          run: '.github/deploy/tell-chat.sh',
        },
      ]
    : [];
}

function issueStep(title: string, labels: readonly string[] = []): Step {
  return {
    name: 'Open an issue',
    env: {
      TITLE: title,
      LABELS: labels.join('\n'),
      NEEDS: '${{ toJSON(needs) }}',
      COMMIT: '${{ github.sha }}',
      GITHUB_TOKEN: '${{ github.token }}',
    },
    run: '.github/deploy/open-issue.sh',
  };
}
