import {
  EnvironmentOverview,
  Operation,
  OperationStep,
  RevisionEntry,
  RollbackPreview,
  ServiceOverview,
} from '@vvp/backstage-plugin-deploy-common';
import { sampleGate, sampleGates } from '../src/__testUtils__/evidenceSamples';
import {
  currentRevision,
  sampleOperation,
  samplePreview,
  sampleRevision,
  sampleRevisions,
  sampleStep,
} from '../src/__testUtils__/operationSamples';
import {
  minutesAgo,
  sampleCommit,
  sampleDeployment,
  sampleEnvironment,
  sampleService,
} from '../src/__testUtils__/samples';

const day = 24 * 60;
const longRevision =
  'vvp-verifier-for-confidential-customers-in-central-europe--0000000000000008-hotfix-for-the-certificate-rotation';
const longReason =
  'Since the release every third call from the carrier in Frankfurt is refused with “certificate chain incomplete”; the on-call of the carrier confirmed it by telephone. Ticket INC-20261121-0042-a-very-long-identifier-without-any-space-in-it-whatsoever.';

/** Names of the services, each of which shows the way back in one state. */
export const rollbackStates = [
  'rollback-normal',
  'rollback-running',
  'rollback-locked',
  'rollback-quarantined',
  'rollback-dangerous',
  'rollback-refused',
  'rollback-busy',
  'rollback-many',
  'rollback-long-names',
  'rollback-nothing',
  'rollback-unconnected',
  'rollback-platform-error',
  'rollback-platform-loading',
];

/** Ids of operations, each of which is in one state. */
export const operationStates = [
  'live',
  'queued',
  'parked',
  'undoing',
  'stopping',
  'done',
  'already-there',
  'failed',
  'cancelled',
  'unclear',
  'long',
  'missing',
];

function production(
  part: Partial<EnvironmentOverview> = {},
): EnvironmentOverview {
  return sampleEnvironment({
    order: 1,
    operable: true,
    url: 'https://vvp-verifier.example.test',
    currentDeployment: sampleDeployment({
      release: {
        id: 'release-now',
        commit: sampleCommit('a1b2c3d'),
        version: 'v1.4.2',
      },
      minutesAgo: 40,
    }),
    ...part,
  });
}

function development(): EnvironmentOverview {
  return sampleEnvironment({
    name: 'development',
    tier: 'development',
    order: 0,
    operable: true,
  });
}

const lock = {
  id: 'lock-1',
  entityRef: 'component:default/rollback-locked',
  environment: 'production',
  owner: 'user:default/omar',
  reason: 'The database is being moved; nothing may be deployed meanwhile.',
  since: minutesAgo(35),
  expiresAt: minutesAgo(-85),
};

const hold = {
  by: 'user:default/dana',
  reason: 'Rolled back: every third call failed. Wait for the fix.',
  since: minutesAgo(50),
  operationId: 'done',
};

/** What the services of the gallery answer that show the way back. */
export const rollbackOverviews: Record<string, ServiceOverview> = {
  'rollback-normal': sampleService({
    environments: [
      development(),
      production(),
      sampleEnvironment({ name: 'disaster-recovery', order: 2 }),
    ],
  }),
  'rollback-running': sampleService({
    environments: [
      production({
        runningOperation: { id: 'live', kind: 'rollback', status: 'running' },
      }),
    ],
  }),
  'rollback-locked': sampleService({
    environments: [production({ lock, hold })],
  }),
  'rollback-long-names': sampleService({
    environments: [
      production({
        name: 'production-eu-central-1-confidential-customers-blue',
        lock: { ...lock, reason: longReason },
      }),
    ],
  }),
  'rollback-nothing': sampleService({
    environments: [production({ currentDeployment: undefined })],
  }),
  'rollback-unconnected': sampleService({
    environments: [
      sampleEnvironment({ name: 'staging', tier: 'staging' }),
      sampleEnvironment({ order: 1 }),
    ],
  }),
  'rollback-quarantined': sampleService({
    environments: [
      production({
        latestDeployment: sampleDeployment({
          status: 'rolled_back',
          commit: 'badbad0',
          minutesAgo: 26,
          rolledBack: {
            operationId: 'done',
            by: 'user:default/dana',
            reason: 'Every third call failed',
            at: minutesAgo(12),
            badForSeconds: 840,
            automatic: false,
          },
          release: {
            id: 'release-bad',
            commit: sampleCommit('badbad0'),
            version: 'v1.5.0',
            quarantine: {
              by: 'user:default/dana',
              reason: 'Every third call failed',
              since: minutesAgo(12),
            },
          },
        }),
        hold,
      }),
    ],
  }),
};
for (const state of rollbackStates) {
  rollbackOverviews[state] ??= sampleService({ environments: [production()] });
}

const quarantined = sampleRevision({
  id: 'vvp-verifier--0000010',
  version: 'v1.5.0',
  commit: sampleCommit('badbad0'),
  minutesAgo: 26,
  health: 'degraded',
  trafficPercent: 0,
  deployments: [
    { id: 'bad', status: 'rolled_back', at: minutesAgo(12) },
    { id: 'bad-1', status: 'failed', at: minutesAgo(60) },
  ],
  quarantine: {
    by: 'user:default/dana',
    reason: 'Every third call failed',
    since: minutesAgo(12),
  },
});

const worn = sampleRevision({
  id: 'vvp-verifier--0000006',
  version: undefined,
  commit: sampleCommit('d4e5f60'),
  minutesAgo: 40 * day,
  health: 'unknown',
  unavailable: 'its image was deleted from the registry.',
  deployments: [
    { id: 'w-1', status: 'superseded', at: minutesAgo(40 * day) },
    { id: 'w-2', status: 'rolled_back', at: minutesAgo(41 * day) },
    { id: 'w-3', status: 'failed', at: minutesAgo(42 * day) },
    { id: 'w-4', status: 'errored', at: minutesAgo(43 * day) },
  ],
});

const foreign = sampleRevision({
  id: 'vvp-verifier--manual-test',
  version: undefined,
  commit: undefined,
  deployments: [],
  deploymentId: undefined,
  releaseId: undefined,
  lastDeployedAt: undefined,
  minutesAgo: 60 * day,
});

/** Revisions by service of the gallery. */
export function revisionsOf(service: string): RevisionEntry[] {
  const normal = [...sampleRevisions().items, worn, foreign];
  switch (service) {
    case 'rollback-nothing':
      return [];
    case 'rollback-quarantined':
      return [quarantined, ...normal];
    case 'rollback-long-names':
      return [
        currentRevision(),
        sampleRevision({
          id: longRevision,
          version: 'release/2026.11.21-hotfix-for-the-certificate-rotation.4',
          quarantine: {
            by: 'user:default/somebody-with-a-remarkably-long-login',
            reason: longReason,
            since: minutesAgo(90),
          },
        }),
        sampleRevision({ id: `${longRevision}-2` }),
      ];
    case 'rollback-many':
      return Array.from({ length: 100 }, (_unused, index) =>
        index === 11
          ? currentRevision()
          : sampleRevision({
              id: `vvp-verifier--${String(200 - index).padStart(7, '0')}`,
              version: `v1.${100 - index}.0`,
              commit: sampleCommit((0xa1b2c3d + index * 7919).toString(16)),
              minutesAgo: index * 600,
            }),
      );
    default:
      return normal;
  }
}

/** What the preview of a rollback says, by service of the gallery. */
export function previewOf(
  entityRef: string,
  environment: string,
  to: RevisionEntry,
): RollbackPreview {
  const preview = samplePreview({ entityRef, environment, to });
  switch (entityRef.split('/')[1]) {
    case 'rollback-dangerous':
      return dangerous(preview);
    case 'rollback-locked':
      return {
        ...preview,
        admission: {
          admitted: false,
          refusals: [
            {
              code: 'lock',
              message: `user:default/omar locked this environment: ${lock.reason}`,
              remedy: 'Wait until the lock runs out, or release it.',
              clearedBy: 'deploy.lock',
              since: lock.since,
              until: lock.expiresAt,
            },
          ],
        },
      };
    case 'rollback-running':
    case 'rollback-refused':
      return {
        ...preview,
        admission: {
          admitted: false,
          refusals: [
            {
              code: 'permission',
              message:
                'This needs the permission deploy.rollback for this environment.',
              remedy: 'Ask whoever keeps the permission policy of this portal.',
              clearedBy: 'deploy.rollback',
            },
            {
              code: 'operation-running',
              message:
                'A rollback of this service is under way here: operation live.',
              remedy: 'Wait for its end, or cancel it.',
              clearedBy: 'deploy.operate',
            },
          ],
        },
      };
    case 'rollback-long-names':
      return { ...preview, confirmation: entityRef.split('/')[1] };
    default:
      return preview;
  }
}

function dangerous(preview: RollbackPreview): RollbackPreview {
  return {
    ...preview,
    ageSeconds: 61 * day * 60,
    changes: {
      from: sampleCommit('a1b2c3d'),
      to: sampleCommit('b2c3d4e'),
      state: 'partial',
      direction: 'backward',
      commits: Array.from({ length: 36 }, (_unused, index) => ({
        sha: sampleCommit((0xa1b2c3d + index * 7919).toString(16)),
        title: [
          'Refuse expired certificates in the chain',
          'Read the witness list from configuration',
          'Raise the timeout of the key store',
        ][index % 3],
        author: index % 2 ? 'omar' : 'dana',
        url: 'https://github.example.test/example-org/vvp/commit/a1b2c3d',
        pullRequest:
          index % 5 === 4
            ? undefined
            : {
                number: 400 - Math.floor(index / 3),
                title: 'Certificates, witnesses and the key store',
                url: 'https://github.example.test/example-org/vvp/pull/398',
              },
      })),
    },
    configuration: [
      { name: 'env VVP_DB_HOST', change: 'changed' },
      { name: 'env VVP_WITNESS_URLS', change: 'removed' },
      { name: 'secret reference api-key', change: 'added' },
    ],
    notRestored: ['Secrets of the Container App', 'Custom domains'],
    artifact: {
      state: 'unknown',
      message: 'The registry was not asked: no connection to it.',
    },
    migrations: {
      state: 'known',
      files: ['services/issuer/migrations/0041_drop_legacy_keys.sql'],
      irreversible: ['services/issuer/migrations/0041_drop_legacy_keys.sql'],
    },
    gates: sampleGates([
      sampleGate({ state: 'fail', reason: 'Line coverage is 71 %.' }),
      sampleGate({ name: 'latency', title: 'Latency' }),
    ]),
    sameRun: [
      { entityRef: 'component:default/vvp-issuer', environment: 'production' },
      { entityRef: 'component:default/vvp-witness', environment: 'production' },
    ],
    runsInFlight: [
      {
        runId: '9100123',
        workflowName: 'Build and Deploy',
        status: 'in_progress',
        commit: sampleCommit('77aa88b'),
        url: 'https://github.example.test/example-org/vvp/actions/runs/9100123',
      },
    ],
    problems: ['GitHub did not tell the pull requests of 3 commits.'],
  };
}

const activate = sampleStep({
  log: [
    line(1, 'info', 'Revision vvp-verifier--0000008 is inactive; activating'),
    line(2, 'warn', 'The platform asks to wait 5 s (429)'),
    line(3, 'info', 'Running, 3 of 3 instances'),
  ],
});
const shift = sampleStep({
  name: 'shift',
  title: 'Shift the traffic to vvp-verifier--0000008',
});
const verify = sampleStep({ name: 'verify', title: 'Verify that it serves' });

function line(
  sequence: number,
  level: 'info' | 'warn' | 'error',
  text: string,
): OperationStep['log'][number] {
  return { sequence, level, text, at: minutesAgo(3 - sequence / 100) };
}

function later(step: OperationStep): OperationStep {
  return {
    ...step,
    status: 'pending',
    attempts: 0,
    startedAt: undefined,
    finishedAt: undefined,
    log: [],
  };
}

const over = { startedAt: minutesAgo(3), finishedAt: minutesAgo(1) };
const failure = {
  message:
    'vvp-verifier--0000008 did not become healthy within 10 minutes: ImagePullBackOff, manifest unknown.',
  remedy:
    'Choose a revision whose image is still in the registry, or redeploy the release.',
};
const failedVerify = sampleStep({
  name: 'verify',
  title: 'Verify that it serves',
  status: 'failed',
  attempts: 3,
  failure,
  log: [
    line(1, 'info', 'Asking https://vvp-verifier.example.test/version'),
    line(2, 'warn', '502 Bad Gateway, 1 of 12'),
    line(14, 'error', failure.message),
  ],
  droppedLines: 11,
});

const operations: Record<string, Partial<Operation>> = {
  queued: {
    status: 'queued',
    ahead: 2,
    startedAt: undefined,
    steps: [later(activate), later(shift), later(verify)],
  },
  parked: {
    parked: {
      message:
        'The connection vvp-production has no valid credential: AADSTS7000222, the client secret has expired.',
      remedy:
        'Renew the secret in deploy.targets.azure.connections of app-config and restart the portal.',
      since: minutesAgo(2),
    },
  },
  undoing: {
    steps: [
      { ...activate, status: 'succeeded' },
      { ...shift, status: 'running', finishedAt: undefined },
      failedVerify,
    ],
  },
  stopping: {
    cancelRequested: { by: 'user:default/omar', at: minutesAgo(0.2) },
  },
  done: {
    ...over,
    status: 'succeeded',
    outcome: 'done',
    steps: [activate, shift, verify],
  },
  'already-there': {
    ...over,
    status: 'succeeded',
    outcome: 'already-there',
    steps: [],
  },
  failed: {
    ...over,
    status: 'failed',
    outcome: 'as-before',
    failure,
    steps: [
      { ...activate, status: 'compensated' },
      { ...shift, status: 'compensated' },
      failedVerify,
    ],
  },
  cancelled: {
    ...over,
    status: 'cancelled',
    outcome: 'as-before',
    cancelRequested: { by: 'user:default/omar', at: minutesAgo(2) },
    steps: [
      { ...activate, status: 'compensated' },
      { ...later(shift), status: 'skipped' },
      { ...later(verify), status: 'skipped' },
    ],
  },
  unclear: {
    ...over,
    status: 'failed',
    outcome: 'unclear',
    failure: {
      message:
        'Undoing “Shift the traffic” failed after 10 minutes: the platform refused it (403 AuthorizationFailed).',
      remedy:
        'Give the traffic back to vvp-verifier--0000009 by hand: az containerapp ingress traffic set --revision-weight vvp-verifier--0000009=100.',
    },
    steps: [activate, { ...shift, status: 'failed' }, failedVerify],
  },
  long: {
    reason: longReason,
    to: { revision: longRevision, version: 'v1.4.1' },
    steps: [
      sampleStep({
        name: 'activate',
        title: `Activate ${longRevision}`,
        status: 'running',
        finishedAt: undefined,
        droppedLines: 1204,
        log: Array.from({ length: 200 }, (_unused, index) =>
          line(
            index < 100 ? index + 1 : index + 1205,
            index % 17 === 0 ? 'warn' : 'info',
            `Instance ${index} of the revision reports ${'x'.repeat(
              index % 90,
            )}`,
          ),
        ),
      }),
      later(verify),
    ],
  },
};

/** An operation of the gallery in one state; nothing for those that are made up as they go. */
export function operationOf(
  id: string,
  entityRef: string,
): Operation | undefined {
  const part = operations[id];
  return part && sampleOperation({ id, entityRef, ...part });
}
