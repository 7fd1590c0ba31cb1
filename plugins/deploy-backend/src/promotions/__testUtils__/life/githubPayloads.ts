export const REPOSITORY = 'example-org/vvp';
export const PRODUCTION = 'production';
export const STAGING = 'staging';

/** Of the person whose login is known. */
export const userRef = (login: string) => `user:default/${login}`;

export const serviceKeys = ['verifier', 'issuer'] as const;
export type ServiceKey = (typeof serviceKeys)[number];

/** A job that deploys a service. */
export interface FakeJob {
  id: number;
  runId: number;
  attempt: number;
  service: ServiceKey;
  /** Else it deploys to staging. */
  isProduction: boolean;
  status: 'queued' | 'waiting' | 'in_progress' | 'completed';
  conclusion?: string;
  createdAt: string;
  startedAt?: string;
  finishedAt?: string;
  deploymentId: number;
  /** As GitHub lists them. */
  statuses: object[];
  decidedBy?: 'portal' | 'somebody';
}

export interface FakeRun {
  id: number;
  attempt: number;
  commit: string;
  /** Login. */
  starter: string;
  services: readonly ServiceKey[];
  status: 'in_progress' | 'completed';
  conclusion?: string;
  createdAt: string;
  updatedAt: string;
  /** Of all attempts. */
  jobs: FakeJob[];
}

export function toRun(run: FakeRun) {
  return {
    workflow_run: {
      id: run.id,
      name: 'Build and Deploy',
      path: '.github/workflows/deploy.yml',
      event: 'push',
      head_sha: run.commit,
      head_branch: 'main',
      actor: { login: run.starter },
      triggering_actor: { login: run.starter },
      run_attempt: run.attempt,
      status: run.status,
      conclusion: run.conclusion ?? null,
      created_at: run.createdAt,
      updated_at: run.updatedAt,
    },
  };
}

export function toJob(run: FakeRun, job: FakeJob) {
  return {
    workflow_job: {
      id: job.id,
      run_id: run.id,
      run_attempt: job.attempt,
      name: `deploy-${job.service}${job.isProduction ? '' : '-staging'}`,
      workflow_name: 'Build and Deploy',
      head_sha: run.commit,
      head_branch: 'main',
      status: job.status,
      conclusion: job.conclusion ?? null,
      created_at: job.createdAt,
      started_at: job.startedAt ?? null,
      completed_at: job.finishedAt ?? null,
    },
    sender: { login: run.starter },
  };
}

export function deploymentOf(run: FakeRun, job: FakeJob) {
  return {
    id: job.deploymentId,
    sha: run.commit,
    ref: 'main',
    environment: PRODUCTION,
    creator: { login: run.starter },
    created_at: job.createdAt,
    updated_at: job.createdAt,
  };
}
