import {
  DeploymentFact,
  DeploymentStatusFact,
  JobFact,
  RunFact,
} from '@vvp/backstage-plugin-deploy-node';
import { ServiceMapping } from '../mapping/types';

export const REPOSITORY = 'example-org/vvp';
export const COMMIT = 'a'.repeat(40);

/** A time so many seconds after noon. */
export function at(seconds: number): string {
  return new Date(Date.UTC(2026, 0, 5, 12) + seconds * 1000).toISOString();
}

export function runFact(overrides: Partial<RunFact> = {}): RunFact {
  return {
    kind: 'run',
    repository: REPOSITORY,
    runId: '100',
    attempt: 1,
    workflowName: 'Build and Deploy',
    workflowPath: '.github/workflows/deploy.yml',
    event: 'push',
    commit: COMMIT,
    ref: 'main',
    title: 'fix: verify faster',
    actor: 'dana',
    url: 'https://github.example.test/example-org/vvp/actions/runs/100',
    createdAt: at(0),
    updatedAt: at(600),
    status: 'completed',
    conclusion: 'success',
    ...overrides,
  };
}

export function jobFact(overrides: Partial<JobFact> = {}): JobFact {
  return {
    kind: 'job',
    repository: REPOSITORY,
    runId: '100',
    attempt: 1,
    jobId: '1',
    name: 'deploy-verifier',
    workflowName: 'Build and Deploy',
    commit: COMMIT,
    ref: 'main',
    actor: 'dana',
    url: 'https://github.example.test/example-org/vvp/actions/runs/100/job/1',
    createdAt: at(10),
    startedAt: at(20),
    finishedAt: at(80),
    status: 'completed',
    conclusion: 'success',
    ...overrides,
  };
}

export function deploymentFact(
  overrides: Partial<DeploymentFact> = {},
): DeploymentFact {
  return {
    kind: 'deployment',
    repository: REPOSITORY,
    deploymentId: '9000',
    environment: 'production',
    commit: COMMIT,
    ref: 'main',
    actor: 'dana',
    createdAt: at(5),
    updatedAt: at(5),
    ...overrides,
  };
}

export function status(
  state: DeploymentStatusFact['state'],
  seconds: number,
): DeploymentStatusFact {
  return { statusId: `${state}-${seconds}`, state, at: at(seconds) };
}

/** A service of the repository, deployed to production by one job. */
export function serviceMapping(
  key: string,
  job = `deploy-${key}`,
): ServiceMapping {
  return {
    serviceId: `id-of-${key}`,
    serviceKey: key,
    environments: [
      {
        name: 'production',
        selectors: [[{ workflow: 'deploy.yml', job, commit: 'run' }]],
      },
    ],
  };
}
