import { githubEnvironments } from '../names';
import { Group, PipelinePlan, PlanProblem } from '../planModel';

/** What GitHub takes for the key of a job. */
const JOB = /^[A-Za-z_][A-Za-z0-9_-]{0,98}$/;

/** What whoever starts a deployment may choose in place of a service. */
const CHOICES = ['all', 'nothing'];

/** Names that GitHub would refuse, or that two things of the plan have. GitHub does not tell upper from lower case. */
export function nameProblems(plan: PipelinePlan): PlanProblem[] {
  return [
    ...unitProblems(plan),
    ...plan.groups
      .filter(({ job }) => !JOB.test(job))
      .map(group =>
        atJobs(
          group,
          `${JSON.stringify(group.job)} is no key of a job at GitHub`,
          'Begin with a letter, and use letters, digits, _ and - alone, less than 100 of them.',
        ),
      ),
    ...Object.keys(plan.spec.tests ?? {})
      .filter(key => !JOB.test(key))
      .map(key => ({
        path: ['spec', 'tests', key],
        message: `"${key}" is no key of a job at GitHub`,
        remedy: 'Begin with a letter.',
      })),
    ...environmentProblems(plan),
  ];
}

/** Two workflows that have one file. */
export function fileProblem(file: string): PlanProblem {
  return {
    path: ['spec'],
    message: `two workflows are called "${file}"`,
    remedy: 'Name another file for one of them.',
  };
}

/** Two jobs of one workflow that have one key: the later one would be in the place of the other. */
export function jobProblems(
  plan: PipelinePlan,
  workflow: string,
  jobs: readonly string[],
): PlanProblem[] {
  const keys = jobs.map(job => job.toLowerCase());
  return [
    ...new Set(
      jobs.filter((job, index) => keys.indexOf(job.toLowerCase()) < index),
    ),
  ].map(job => {
    const message = `two jobs of ${workflow} are called "${job}"`;
    const remedy =
      'Give what deploys or tests another name: keys such as changes, release, test-…, build-…, verify-…, …-issue and …-report are those of generated jobs.';
    const group = plan.groups.find(
      one =>
        one.workflow === workflow &&
        one.job.toLowerCase() === job.toLowerCase(),
    );
    return group
      ? atJobs(group, message, remedy)
      : {
          path: Object.hasOwn(plan.spec.tests ?? {}, job)
            ? ['spec', 'tests', job]
            : ['spec', 'services'],
          message,
          remedy,
        };
  });
}

function atJobs(
  { environment, placements: [{ service }] }: Group,
  message: string,
  remedy: string,
): PlanProblem {
  return {
    path: [
      ...['spec', 'services', service.key, 'environments', environment],
      'jobs',
    ],
    message,
    remedy,
  };
}

/** Services as change detection and choices know them: by one key each, which is also the name of an output. */
function unitProblems({ units, groups }: PipelinePlan): PlanProblem[] {
  const at = (key: string) => ['spec', 'services', key];
  return [
    ...units.flatMap(({ key, services }) => [
      ...(CHOICES.includes(key)
        ? [
            {
              path: at(services[0].key),
              message: `"${key}" is what somebody chooses in place of a service`,
              remedy: 'Give the service another key.',
            },
          ]
        : []),
      ...(JOB.test(key)
        ? []
        : [
            {
              path: at(services[0].key),
              message: `"${key}" is no name for an output at GitHub`,
              remedy: 'Begin the key of the service with a letter.',
            },
          ]),
    ]),
    ...groups.flatMap(({ key, placements, job }) => {
      const unit = units.find(one => one.key === key);
      const stranger = placements.find(
        ({ service }) => unit && !unit.services.includes(service),
      );
      return unit && stranger
        ? [
            {
              path: at(stranger.service.key),
              message: `${job} is about "${key}", and so is the job of ${unit.services
                .map(service => service.key)
                .join(', ')}`,
              remedy:
                'Call the services so that what those of one job begin with is not the key of another one.',
            },
          ]
        : [];
    }),
  ];
}

/** What is approved for one must not let another one in. */
function environmentProblems(plan: PipelinePlan): PlanProblem[] {
  const owners = new Map<string, string>();
  return plan.groups.flatMap(group =>
    githubEnvironments(plan, group).flatMap((name, index) => {
      const { service } = group.placements[index];
      const owner = `${service.key} in ${group.environment}`;
      const key = name.toLowerCase();
      const earlier = owners.get(key);
      owners.set(key, earlier ?? owner);
      return earlier
        ? [
            {
              path: [
                ...['spec', 'services', service.key],
                ...['environments', group.environment],
              ],
              message: `the environment at GitHub would be "${name}" both for ${earlier} and for ${owner}`,
              remedy: 'Rename the service or the environment.',
            },
          ]
        : [];
    }),
  );
}
