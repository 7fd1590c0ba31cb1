import { SourceNode } from '../../workflows/SourceNode';
import { Rule, RuleFinding } from '../Finding';

/** A push must not stop a deployment in the middle. */
export const deploymentCancelled: Rule = {
  name: 'deployment-cancelled',
  check: ({ root, jobs }) => {
    const deploying = jobs.filter(({ node }) => node.get('environment'));
    return [
      ...(deploying.length > 0 ? cancelling(root) : []).map(position => ({
        ...position,
        message: `a newer run stops the job "${deploying[0].key}" in the middle of its deployment`,
        remedy:
          'Set cancel-in-progress only for pull requests, or give the jobs that deploy a concurrency of their own.',
      })),
      ...deploying.flatMap(({ key, node }) =>
        cancelling(node).map(position => ({
          ...position,
          message: `a newer run stops the job "${key}" in the middle of its deployment`,
          remedy: 'Set cancel-in-progress: false.',
        })),
      ),
    ];
  },
};

function cancelling(node: SourceNode): Pick<RuleFinding, 'line' | 'column'>[] {
  const cancel = node.get('concurrency')?.get('cancel-in-progress');
  return cancel?.value === true ? [cancel.position] : [];
}
