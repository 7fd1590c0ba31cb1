import { JobSource, StepSource } from '../../workflows/WorkflowSource';
import { Rule, RuleFinding } from '../Finding';
import { triggersOf } from './triggersOf';

/** Runs that hold secrets although anybody with an account can start them. */
const TRUSTED_EVENTS = ['pull_request_target', 'workflow_run', 'issue_comment'];

const FOREIGN_CODE =
  /github\s*\.\s*event\s*\.\s*(pull_request\s*\.\s*(head|number)|workflow_run\s*\.\s*head|issue\s*\.\s*number)|github\s*\.\s*head_ref|refs\/pull\//i;

/** The code of a stranger never runs beside secrets. */
export const untrustedCheckout: Rule = {
  name: 'untrusted-checkout',
  check: ({ root, jobs }) => {
    const event = triggersOf(root).find(name => TRUSTED_EVENTS.includes(name));
    return event === undefined
      ? []
      : jobs.flatMap(checkouts).flatMap(({ node }) => {
          const ref = node.get('with')?.get('ref');
          return ref && FOREIGN_CODE.test(ref.text ?? '')
            ? [
                {
                  ...ref.position,
                  message: `${event} runs with the secrets of the repository, and this checks out somebody else's code`,
                  remedy: 'Run it on pull_request, which has none.',
                },
              ]
            : [];
        });
  },
};

/** The token that fetched the code does not stay on the disk, where every later step can read it. */
export const checkoutCredentials: Rule = {
  name: 'checkout-credentials',
  check: ({ jobs }) =>
    jobs.flatMap(checkouts).flatMap(({ uses, node }): RuleFinding[] =>
      uses && node.get('with')?.get('persist-credentials')?.value !== false
        ? [
            {
              ...uses.position,
              message: "the job's token stays in .git/config",
              remedy:
                'Add with.persist-credentials: false; a step that has to push sets the token itself.',
            },
          ]
        : [],
    ),
};

function checkouts({ steps }: JobSource): StepSource[] {
  return steps.filter(({ uses }) =>
    uses?.text?.startsWith('actions/checkout@'),
  );
}
