import { Entity } from '@backstage/catalog-model';
import {
  Deployment,
  DeploymentStatus,
  EnvironmentOverview,
  ServiceOverview,
} from '@vvp/backstage-plugin-deploy-common';

const minute = 60_000;
const endedStatuses: DeploymentStatus[] = [
  'succeeded',
  'failed',
  'errored',
  'cancelled',
  'superseded',
  'rolled_back',
];

/**
 * A full SHA that begins with the given digits.
 *
 * @internal
 */
export function sampleCommit(start: string): string {
  return start.padEnd(40, '0123456789abcdef0123456789abcdef01234567');
}

/**
 * An ISO time so many minutes ago.
 *
 * @internal
 */
export function minutesAgo(minutes: number): string {
  return new Date(Date.now() - minutes * minute).toISOString();
}

/**
 * A believable deployment; what is given replaces what is made up.
 *
 * @internal
 */
export function sampleDeployment(
  part: Partial<Deployment> & { minutesAgo?: number; commit?: string } = {},
): Deployment {
  const { minutesAgo: age = 180, commit = 'a1b2c3d', ...given } = part;
  const id = given.id ?? `deployment-${commit}-${age}`;
  const status = given.status ?? 'succeeded';
  const ended = endedStatuses.includes(status);
  const started = status !== 'queued' && status !== 'waiting';
  const runId = String(9_100_000 + age);
  return {
    id,
    entityRef: 'component:default/vvp-verifier',
    environment: 'production',
    source: `github:example-org/vvp:${runId}:1:${age}`,
    status,
    release: { id: `release-${commit}`, commit: sampleCommit(commit) },
    ref: 'main',
    actor: 'dana',
    title: 'Check the signature before the expiry',
    createdAt: minutesAgo(age + 5),
    startedAt: started ? minutesAgo(age + 4) : undefined,
    finishedAt: ended ? minutesAgo(age) : undefined,
    durationSeconds: ended ? 252 : undefined,
    url: `https://github.example.test/example-org/vvp/actions/runs/${runId}/job/${age}`,
    jobName: 'deploy-verifier',
    run: {
      runId,
      attempt: 1,
      workflowName: 'Deploy',
      workflowPath: '.github/workflows/deploy.yml',
      event: 'push',
      url: `https://github.example.test/example-org/vvp/actions/runs/${runId}`,
    },
    chain: [],
    ...given,
  };
}

/**
 * An environment; enforced unless said otherwise.
 *
 * @internal
 */
export function sampleEnvironment(
  part: Partial<EnvironmentOverview> = {},
): EnvironmentOverview {
  return {
    name: 'production',
    tier: 'production',
    order: 0,
    enforced: true,
    currentDeployment: sampleDeployment({ environment: part.name }),
    ...part,
  };
}

/**
 * A service with the given environments.
 *
 * @internal
 */
export function sampleService(
  part: Partial<ServiceOverview> = {},
): ServiceOverview {
  return {
    entityRef: 'component:default/vvp-verifier',
    repository: 'example-org/vvp',
    environments: [sampleEnvironment()],
    ...part,
  };
}

/**
 * A component with an owner and a repository.
 *
 * @internal
 */
export function sampleEntity(
  name: string = 'vvp-verifier',
  annotations: Record<string, string> = {
    'github.com/project-slug': 'example-org/vvp',
  },
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { namespace: 'default', name, annotations },
    spec: { type: 'service', lifecycle: 'production', owner: 'vvp-team' },
    relations: [{ type: 'ownedBy', targetRef: 'group:default/vvp-team' }],
  };
}
