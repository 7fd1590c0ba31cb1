import {
  JobSource,
  StepSource,
  WorkflowSource,
} from '../../workflows/WorkflowSource';
import { Rule, RuleFinding } from '../Finding';
import { mayUseToken, tokenOf } from './permissions';

/** What a job that hands over reports does besides: nothing of what was tested is run by it. */
const OWN_ACTIONS = ['actions/checkout', 'actions/download-artifact'];

const REPORTING = 'report-evidence.sh';

/** A script that generated workflows call, and nothing else. */
const OWN_SCRIPT = /^(?:\.\/)?\.github\/deploy\/([\w-]+\.sh)\s*$/;

/** A job that has tokens for its reports alone runs nothing else: whatever that is could ask for tokens as well. */
export const reportApart: Rule = {
  name: 'report-apart',
  check: workflow => workflow.jobs.flatMap(job => checkJob(workflow, job)),
};

function checkJob(workflow: WorkflowSource, job: JobSource): RuleFinding[] {
  const token = tokenOf(workflow, job);
  const others = job.steps.filter(step => scriptOf(step) !== REPORTING);
  const isReporting = others.length < job.steps.length;
  return token &&
    isReporting &&
    others.some(step => !isOwn(step)) &&
    !others.some(step => scriptOf(step) === undefined && mayUseToken(step))
    ? [
        {
          ...token.position,
          message: `the job "${job.key}" may ask for tokens of OpenID Connect only to report, and so may whatever else it runs`,
          remedy:
            'Keep the reports as an artifact, and hand them over by a job that needs this one and does nothing else.',
        },
      ]
    : [];
}

function scriptOf({ run }: StepSource): string | undefined {
  return OWN_SCRIPT.exec(run?.text ?? '')?.[1];
}

function isOwn(step: StepSource): boolean {
  const [action] = (step.uses?.text ?? '').split('@');
  return scriptOf(step) !== undefined || OWN_ACTIONS.includes(action);
}
