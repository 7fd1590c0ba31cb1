import { stepsWith } from '../testJobs/results';
import { Deployment, Repository } from './Repository';
import { numeric } from './values';

/** The script that deletes images. */
const IMAGES = 'cleanup-images.sh';

/** Sets the workflow by which somebody deploys an image that there is, and its jobs by the names that they show. */
export function assembleManual(
  repository: Repository,
  byHand: readonly Deployment[],
): void {
  const { draft } = repository;
  for (const one of byHand) {
    const { workflow, job, service, environment } = one;
    if (stepsWith(job, 'image-choose.sh').length === 0) {
      continue;
    }
    const path = ['spec', 'pipeline', 'manual'];
    const title = workflow.index.at('name');
    const name = job.text('name');
    draft.set([...path, 'workflow'], { value: workflow.name, leaves: [] });
    draft.set(
      [...path, 'title'],
      title && { value: title.value, leaves: [title] },
      'Manual Deployment',
    );
    if (name) {
      draft.add(
        ['spec', 'services', service, 'environments', environment, 'jobs'],
        {
          value: { workflow: workflow.name, job: name.value },
          leaves: name.leaves,
        },
      );
    }
  }
}

/** Sets what is cleaned up, and when. */
export function assembleCleanup(repository: Repository): void {
  const { draft } = repository;
  const path = ['spec', 'pipeline', 'cleanup'];
  for (const job of repository.jobs) {
    const [images] = stepsWith(job, IMAGES);
    const [step = images] = stepsWith(job, 'cleanup-github.sh');
    const days = numeric(step?.variable('DAYS'));
    if (!days) {
      continue;
    }
    const [cron] = repository
      .workflowOf(job)
      .index.under('on', 'schedule')
      .filter(leaf => leaf.path[3] === 'cron');
    draft.set(
      [...path, 'schedule'],
      cron && { value: cron.value, leaves: [cron] },
      '0 3 * * 0',
    );
    draft.set([...path, 'days'], days);
    draft.set([...path, 'keep'], numeric(images?.variable('KEEP')), 10);
    if (repository.jobs.every(one => stepsWith(one, IMAGES).length === 0)) {
      draft.open.push({
        key: [...path, 'keep'].join('.'),
        message: 'how many images are spared: none are deleted',
        remedy: 'Name it once there are images at ghcr.io.',
      });
    }
  }
}
