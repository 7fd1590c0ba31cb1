import { SourceNode, SourceProblem } from './SourceNode';

/** A step of a job. */
export interface StepSource {
  node: SourceNode;
  run?: SourceNode;
  uses?: SourceNode;
  /** What runs it: its own `shell`, else the default of the job or the workflow, else of the runner. */
  shell: string;
}

/** A job. */
export interface JobSource {
  key: string;
  /** Where its name stands. */
  keyNode: SourceNode;
  node: SourceNode;
  steps: StepSource[];
}

/** A workflow file, with the place of everything in it. */
export interface WorkflowSource {
  root: SourceNode;
  jobs: JobSource[];
}

/** Reads a workflow as it is written; whether it means something is GitHub's parser's matter. */
export function readWorkflowSource(
  text: string,
): WorkflowSource | { problems: SourceProblem[] } {
  const read = SourceNode.parse(text);
  if ('problems' in read) {
    return read;
  }
  const { root } = read;
  const jobs = (root.get('jobs')?.entries() ?? []).map(
    ({ name, key, value }) => ({
      key: name,
      keyNode: key,
      node: value,
      steps: stepsOf(root, value),
    }),
  );
  return { root, jobs };
}

function stepsOf(root: SourceNode, job: SourceNode): StepSource[] {
  const inherited =
    shellOf(job.get('defaults')?.get('run')) ??
    shellOf(root.get('defaults')?.get('run')) ??
    defaultShell(job);
  return (job.get('steps')?.items() ?? []).map(node => {
    const run = node.get('run');
    const uses = node.get('uses');
    return {
      node,
      ...(run && { run }),
      ...(uses && { uses }),
      shell: shellOf(node) ?? inherited,
    };
  });
}

function shellOf(node: SourceNode | undefined): string | undefined {
  return node?.get('shell')?.text;
}

/** Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell */
function defaultShell(job: SourceNode): string {
  const runner = JSON.stringify(job.get('runs-on')?.value ?? '');
  return /windows/i.test(runner) ? 'pwsh' : 'bash -e {0}';
}
