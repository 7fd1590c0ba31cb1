import { SourceNode } from '../../workflows/SourceNode';
import { WorkflowSource } from '../../workflows/WorkflowSource';
import { Rule, RuleFinding } from '../Finding';

const SHA = /^[0-9a-f]{40}$/;
const VERSION = /^v?\d+(\.\d+)*([-+.][0-9A-Za-z.-]+)?$/;

/**
 * Actions and workflows of others by commit SHA, with the tag in a comment; images by digest. Whoever owns
 * the other repository can move a tag to other code, which then runs with the job's secrets.
 */
export const pinnedAction: Rule = {
  name: 'pinned-action',
  check: workflow => usesOf(workflow).flatMap(checkUses),
};

function usesOf({ jobs }: WorkflowSource): SourceNode[] {
  return jobs.flatMap(job => [
    ...(job.node.get('uses') ? [job.node.get('uses') as SourceNode] : []),
    ...job.steps.flatMap(({ uses }) => (uses ? [uses] : [])),
  ]);
}

function checkUses(uses: SourceNode): RuleFinding[] {
  const { text, position, comment } = uses;
  if (text === undefined || text.startsWith('./')) {
    return [];
  }
  if (text.startsWith('docker://')) {
    return text.includes('@sha256:')
      ? []
      : [
          {
            ...position,
            message: `${text} is not pinned to a digest`,
            remedy: 'Write docker://image@sha256:<digest>.',
          },
        ];
  }
  const [name, ref = ''] = text.split('@');
  if (!SHA.test(ref)) {
    return [
      {
        ...position,
        message: `${text} is not pinned to a commit`,
        remedy: `Write ${name}@<40 hexadecimal digits of the commit> # ${
          ref || 'v1.2.3'
        }.`,
      },
    ];
  }
  const [tag = ''] = (comment ?? '').split(/\s/);
  return VERSION.test(tag)
    ? []
    : [
        {
          ...position,
          message: `${name} is pinned, and nobody can see to which version`,
          remedy: 'Write its tag behind it, such as # v4.2.2.',
        },
      ];
}
