import { isOwn } from './images/images';
import { registryOf } from './images/registry';
import { checkout } from './jobs/steps';
import { defaults } from './jobs/workflowPieces';
import { Job, Step, Workflow } from './model';
import { githubEnvironments } from './names';
import { PipelinePlan } from './planModel';

/** Sundays, before anybody works. */
const USUAL = '0 3 * * 0';

/** The workflow that deletes what nobody needs any more, where one is asked for. */
export function cleanupWorkflows(plan: PipelinePlan): [string, Workflow][] {
  const { cleanup } = plan.settings;
  return cleanup
    ? [
        [
          'cleanup.yml',
          {
            name: 'Clean up',
            on: {
              schedule: [{ cron: cleanup.schedule ?? USUAL }],
              workflow_dispatch: {},
            },
            permissions: {},
            defaults,
            // Two at once would delete the same things.
            concurrency: { group: 'cleanup', 'cancel-in-progress': false },
            jobs: {
              actions: actionsJob(plan, cleanup.days),
              ...imagesJobs(plan, cleanup),
            },
          },
        ],
      ]
    : [];
}

function actionsJob(plan: PipelinePlan, days: number): Job {
  return job(plan, { actions: 'write' }, [
    {
      name: 'Delete old artifacts and caches',
      env: { DAYS: String(days), GITHUB_TOKEN: '${{ github.token }}' },
      run: '.github/deploy/cleanup-github.sh',
    },
  ]);
}

/** Only at ghcr.io: elsewhere the token of a job has no say. */
function imagesJobs(
  plan: PipelinePlan,
  { days, keep = 10 }: { days: number; keep?: number },
): Record<string, Job> {
  const images = plan.spec.services.flatMap(({ image }) =>
    isOwn(image) && registryOf(image.repository).kind === 'github'
      ? [image.repository]
      : [],
  );
  const environments = plan.groups.flatMap(group =>
    githubEnvironments(plan, group),
  );
  return images.length === 0 || environments.length === 0
    ? {}
    : {
        images: job(plan, { deployments: 'read', packages: 'write' }, [
          {
            name: 'Delete images that nobody goes back to',
            env: {
              IMAGES: [...new Set(images)].join(' '),
              ENVIRONMENTS: JSON.stringify([...new Set(environments)]),
              KEEP: String(keep),
              DAYS: String(days),
              LATE_COMMITS: String(
                plan.stages.some(({ after }) => after !== undefined),
              ),
              GITHUB_TOKEN: '${{ github.token }}',
            },
            run: '.github/deploy/cleanup-images.sh',
          },
        ]),
      };
}

function job(
  { settings }: PipelinePlan,
  permissions: Job['permissions'],
  steps: Step[],
): Job {
  return {
    'runs-on': settings.runner,
    'timeout-minutes': 60,
    permissions: { contents: 'read', ...permissions },
    steps: [checkout(), ...steps],
  };
}
