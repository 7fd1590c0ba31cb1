import { Job } from '../model';
import { PipelinePlan } from '../planModel';
import { isDetecting } from '../stages';
import { isChosen } from './choice';
import { getsThere, inParentheses, isOn, isTrusted } from './refs';
import { checkout, ofPullRequest, verifyTag } from './steps';

/** The job that says which commit is released, where all services are and nothing has to be looked for. */
export function releaseJob({ settings, stage, units }: PipelinePlan): Job {
  const verifying = verifyTag(stage);
  return {
    if: [
      ...(stage.pullRequests ? [ofPullRequest] : []),
      stage.after === undefined
        ? isOn(stage.allowed)
        : `${inParentheses(
            getsThere(stage, stage),
          )} && (github.event_name == 'workflow_dispatch' || ${isTrusted})`,
    ].join(' || '),
    'runs-on': settings.runner,
    'timeout-minutes': 5,
    permissions: { contents: 'read' },
    outputs: {
      [commitOutput({ units })]: stage.after
        ? '${{ github.event.workflow_run.head_sha || github.sha }}'
        : '${{ github.sha }}',
      ...Object.fromEntries(
        units.map(({ key }) => [
          key,
          units.length > 1
            ? `\${{ github.event_name != 'workflow_dispatch' || ${isChosen(
                { settings, stage, units },
                [key],
              )} }}`
            : 'true',
        ]),
      ),
    },
    steps: [
      ...(verifying.length > 0 ? [checkout(), ...verifying] : []),
      {
        name: 'Say what is released',
        env: {
          COMMIT: stage.after
            ? '${{ github.event.workflow_run.head_sha || github.sha }}'
            : '${{ github.sha }}',
        },
        run: 'echo "Released is $COMMIT." >> "$GITHUB_STEP_SUMMARY"',
      },
    ],
  };
}

/** What the job calls the commit, apart from all services: no key of one has an underscore. */
export function commitOutput({ units }: Pick<PipelinePlan, 'units'>): string {
  return units.some(({ key }) => key === 'commit')
    ? 'released_commit'
    : 'commit';
}

/** Key of the job that everything of a workflow waits for. */
export function firstJobOf({ stage }: Pick<PipelinePlan, 'stage'>): string {
  return isDetecting(stage) ? 'changes' : 'release';
}
