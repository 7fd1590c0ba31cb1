import {
  Operation,
  OperationStep,
  RevisionEntry,
  RevisionList,
  RollbackPreview,
  TargetDiagnostics,
} from '@vvp/backstage-plugin-deploy-common';
import { minutesAgo, sampleCommit } from './samples';

const day = 24 * 60;

/**
 * A revision of a Container App; the current one is `vvp-verifier--0000009`.
 *
 * @internal
 */
export function sampleRevision(
  part: Partial<RevisionEntry> & { minutesAgo?: number } = {},
): RevisionEntry {
  const { minutesAgo: age = day, ...given } = part;
  const id = given.id ?? 'vvp-verifier--0000008';
  return {
    id,
    current: false,
    commit: sampleCommit('b2c3d4e'),
    version: 'v1.4.1',
    artifact: 'registry.example.test/vvp-verifier:v1.4.1',
    createdAt: minutesAgo(age + 5),
    health: 'healthy',
    lastDeployedAt: minutesAgo(age),
    deploymentId: `deployment of ${id}`,
    releaseId: `release of ${id}`,
    deployments: [
      {
        id: `deployment of ${id}`,
        status: 'superseded',
        at: minutesAgo(age),
      },
    ],
    ...given,
  };
}

/**
 * The revision that runs now.
 *
 * @internal
 */
export function currentRevision(
  part: Partial<RevisionEntry> = {},
): RevisionEntry {
  return sampleRevision({
    id: 'vvp-verifier--0000009',
    current: true,
    commit: sampleCommit('a1b2c3d'),
    version: 'v1.4.2',
    trafficPercent: 100,
    deployments: [
      {
        id: 'deployment of now',
        status: 'succeeded',
        at: minutesAgo(40),
      },
    ],
    minutesAgo: 40,
    ...part,
  });
}

/**
 * What can be put back in an environment.
 *
 * @internal
 */
export function sampleRevisions(
  items: RevisionEntry[] = [
    currentRevision(),
    sampleRevision(),
    sampleRevision({
      id: 'vvp-verifier--0000007',
      commit: sampleCommit('c3d4e5f'),
      version: 'v1.4.0',
      minutesAgo: 9 * day,
    }),
  ],
): RevisionList {
  return {
    target: 'azure-container-app',
    resource: 'Container App vvp-verifier in VVP',
    items,
  };
}

/**
 * What a rollback from v1.4.2 to v1.4.1 would do.
 *
 * @internal
 */
export function samplePreview(
  part: Partial<RollbackPreview> = {},
): RollbackPreview {
  return {
    entityRef: 'component:default/vvp-verifier',
    environment: 'production',
    tier: 'production',
    admission: { admitted: true, refusals: [] },
    from: currentRevision(),
    to: sampleRevision(),
    alreadyThere: false,
    ageSeconds: day * 60,
    changes: {
      from: sampleCommit('a1b2c3d'),
      to: sampleCommit('b2c3d4e'),
      state: 'known',
      direction: 'backward',
      commits: [
        {
          sha: sampleCommit('a1b2c3d'),
          title: 'Read the witness list from configuration',
          author: 'omar',
          url: 'https://github.example.test/example-org/vvp/commit/a1b2c3d',
          pullRequest: {
            number: 398,
            title: 'Witness list from configuration',
            url: 'https://github.example.test/example-org/vvp/pull/398',
          },
        },
      ],
    },
    configuration: [],
    notRestored: [],
    artifact: { state: 'present' },
    migrations: { state: 'known', files: [], irreversible: [] },
    sameRun: [],
    runsInFlight: [],
    steps: [
      { name: 'stop-runs', title: 'Stop the runs that are under way' },
      { name: 'activate', title: 'Activate vvp-verifier--0000008' },
      { name: 'shift', title: 'Shift the traffic to vvp-verifier--0000008' },
      { name: 'verify', title: 'Verify that it serves' },
    ],
    confirmation: 'vvp-verifier',
    problems: [],
    ...part,
  };
}

/**
 * A step that was done.
 *
 * @internal
 */
export function sampleStep(part: Partial<OperationStep> = {}): OperationStep {
  return {
    name: 'activate',
    title: 'Activate vvp-verifier--0000008',
    status: 'succeeded',
    attempts: 1,
    startedAt: minutesAgo(3),
    finishedAt: minutesAgo(2.5),
    log: [],
    droppedLines: 0,
    ...part,
  };
}

/**
 * A rollback that is under way: one step is done, one runs, one comes later.
 *
 * @internal
 */
export function sampleOperation(part: Partial<Operation> = {}): Operation {
  return {
    id: 'operation-1',
    entityRef: 'component:default/vvp-verifier',
    environment: 'production',
    kind: 'rollback',
    status: 'running',
    requestedBy: 'user:default/dana',
    reason: 'Every third call fails since v1.4.2',
    from: {
      revision: 'vvp-verifier--0000009',
      commit: sampleCommit('a1b2c3d'),
      version: 'v1.4.2',
    },
    to: {
      revision: 'vvp-verifier--0000008',
      commit: sampleCommit('b2c3d4e'),
      version: 'v1.4.1',
    },
    lockKey: 'azure-container-app:vvp/vvp-verifier',
    createdAt: minutesAgo(3.2),
    startedAt: minutesAgo(3),
    steps: [
      sampleStep(),
      sampleStep({
        name: 'shift',
        title: 'Shift the traffic to vvp-verifier--0000008',
        status: 'running',
        startedAt: minutesAgo(2.5),
        finishedAt: undefined,
        log: [
          {
            sequence: 1,
            at: minutesAgo(2.5),
            level: 'info',
            text: 'Traffic 0 % -> 100 %',
          },
        ],
      }),
      sampleStep({
        name: 'verify',
        title: 'Verify that it serves',
        status: 'pending',
        attempts: 0,
        startedAt: undefined,
        finishedAt: undefined,
      }),
    ],
    ...part,
  };
}

/**
 * What the platform tells of an environment that does not do well.
 *
 * @internal
 */
export function sampleDiagnostics(
  part: Partial<TargetDiagnostics> = {},
): TargetDiagnostics {
  return {
    health: {
      state: 'degraded',
      reason: 'Back-off restarting the failed container',
      ready: 2,
      wanted: 3,
    },
    facts: [
      { label: 'Provisioning state', value: 'Succeeded' },
      { label: 'Running state', value: 'Degraded' },
    ],
    events: [
      {
        at: minutesAgo(4),
        level: 'error',
        message: 'Container verifier terminated with exit code 137',
      },
      { at: minutesAgo(40), level: 'info', message: 'Revision activated' },
    ],
    logs: [
      {
        source: 'verifier',
        lines: ['listening on 8080', 'witness pool is empty', 'out of memory'],
      },
    ],
    problems: [],
    ...part,
  };
}
