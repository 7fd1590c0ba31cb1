import { Job, Step, Workflow } from '../model';

const RELEASED = 'needs.release.outputs.commit';

/**
 * A workflow that another one started is a run of the newest commit of the default branch. Its jobs have to take the
 * one that the other workflow found good: code, images, reports and all.
 */
export function atReleasedCommit(workflow: Workflow): Workflow {
  return {
    ...workflow,
    jobs: Object.fromEntries(
      Object.entries(workflow.jobs).map(([key, job]) => [
        key,
        // A way back waits for nothing: it brings no release.
        key === 'release' || !job.needs ? job : releasing(job),
      ]),
    ),
  };
}

function releasing(job: Job): Job {
  const { needs = [], steps, ...rest } = job;
  return {
    ...withCommit({
      ...(rest.name && { name: rest.name }),
      needs: [...new Set(['release', ...needs])],
      ...rest,
    }),
    steps: steps.map(step => withCommit(ofCommit(step))),
  };
}

function ofCommit(step: Step): Step {
  return step.uses === 'actions/checkout'
    ? { ...step, with: { ref: `\${{ ${RELEASED} }}`, ...step.with } }
    : step;
}

/** The same with the released commit in every expression, wherever it stands. */
function withCommit<Part>(part: Part): Part {
  return JSON.parse(
    JSON.stringify(part).replace(/\$\{\{.*?\}\}/g, expression =>
      expression.replace(/\bgithub\.sha\b/g, RELEASED),
    ),
  );
}
