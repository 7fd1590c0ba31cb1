import { Job, Step, Workflow } from '../model';

/**
 * A workflow that another one started is a run of the newest commit of the default branch. Its jobs have to take the
 * one that the other workflow found good: code, images, reports and all.
 *
 * @param output - what the job `release` calls that commit
 */
export function atReleasedCommit(workflow: Workflow, output: string): Workflow {
  const released = `needs.release.outputs.${output}`;
  return {
    ...workflow,
    jobs: Object.fromEntries(
      Object.entries(workflow.jobs).map(([key, job]) => [
        key,
        // A way back waits for nothing: it brings no release.
        key === 'release' || !job.needs ? job : releasing(job, released),
      ]),
    ),
  };
}

function releasing(job: Job, released: string): Job {
  const { needs = [], steps, ...rest } = job;
  return {
    ...withCommit(
      {
        ...(rest.name && { name: rest.name }),
        needs: [...new Set(['release', ...needs])],
        ...rest,
      },
      released,
    ),
    steps: steps.map(step => withCommit(ofCommit(step, released), released)),
  };
}

function ofCommit(step: Step, released: string): Step {
  return step.uses === 'actions/checkout'
    ? { ...step, with: { ref: `\${{ ${released} }}`, ...step.with } }
    : step;
}

/** The same with the released commit in every expression, wherever it stands. */
function withCommit<Part>(part: Part, released: string): Part {
  return JSON.parse(
    JSON.stringify(part).replace(/\$\{\{.*?\}\}/g, expression =>
      expression.replace(/\bgithub\.sha\b/g, released),
    ),
  );
}
