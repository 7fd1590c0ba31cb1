import { SourceNode } from '../../workflows/SourceNode';
import {
  JobSource,
  StepSource,
  WorkflowSource,
} from '../../workflows/WorkflowSource';
import { Rule, RuleFinding } from '../Finding';

/** Actions that ask GitHub for a token of OpenID Connect. */
const TOKEN_USERS = [
  'azure/login',
  'aws-actions/configure-aws-credentials',
  'google-github-actions/auth',
  'hashicorp/vault-action',
  'sigstore/cosign-installer',
  'actions/attest-build-provenance',
  'actions/attest',
  'tailscale/github-action',
  'pypa/gh-action-pypi-publish',
  'docker/build-push-action',
  'codecov/codecov-action',
];

/** A job may do what it has to, and no more. */
export const permissions: Rule = {
  name: 'permissions',
  check: workflow => [
    ...checkWorkflow(workflow),
    ...workflow.jobs.flatMap(job => checkJob(workflow, job)),
  ],
};

function checkWorkflow({ root, jobs }: WorkflowSource): RuleFinding[] {
  const granted = root.get('permissions');
  if (!granted) {
    return [];
  }
  if (granted.text?.endsWith('-all')) {
    return [
      {
        ...granted.position,
        message: `"${granted.text}" gives every job every permission`,
        remedy: 'Write permissions: {}, and give each job what it needs.',
      },
    ];
  }
  return jobs.length > 1
    ? granted
        .entries()
        .filter(({ value }) => value.text === 'write')
        .map(({ name, key }) => ({
          ...key.position,
          message: `every job may write ${name}`,
          remedy: 'Give it to the job that needs it.',
        }))
    : [];
}

function checkJob(workflow: WorkflowSource, job: JobSource): RuleFinding[] {
  const { root } = workflow;
  const granted = job.node.get('permissions');
  if (!granted) {
    return root.get('permissions') || !job.node.isMapping
      ? []
      : [
          {
            ...job.keyNode.position,
            message: `what the job "${job.key}" may do is left to the repository's settings`,
            remedy: 'Add permissions, such as contents: read.',
          },
        ];
  }
  if (granted.text?.endsWith('-all')) {
    return [
      {
        ...granted.position,
        message: `"${granted.text}" gives the job "${job.key}" every permission`,
        remedy: 'Name those that it needs, such as contents: read.',
      },
    ];
  }
  const token = tokenOf(workflow, job);
  return token && !job.node.get('uses') && !job.steps.some(mayUseToken)
    ? [
        {
          ...token.position,
          message: `the job "${job.key}" may ask for tokens of OpenID Connect, and nothing in it does`,
          remedy: 'Remove id-token: write.',
        },
      ]
    : [];
}

/** Where a job is given the right to ask for tokens, if it is; that of the whole workflow counts where it has no own. */
export function tokenOf(
  { root }: WorkflowSource,
  { node }: JobSource,
): SourceNode | undefined {
  const granted = node.get('permissions') ?? root.get('permissions');
  return granted
    ?.entries()
    .find(({ name, value }) => name === 'id-token' && value.text === 'write')
    ?.key;
}

/** Whether a step asks for a token, or could for all that can be seen of it. */
export function mayUseToken({ uses, run }: StepSource): boolean {
  return (
    TOKEN_USERS.some(action => uses?.text?.startsWith(`${action}@`)) ||
    uses?.text?.startsWith('./') ||
    // What a script of the repository does cannot be seen from here.
    /ACTIONS_ID_TOKEN_REQUEST|\bcosign\b|getIDToken|(^|\s)\.[\w/.-]*\/[\w.-]+/.test(
      run?.text ?? '',
    )
  );
}
