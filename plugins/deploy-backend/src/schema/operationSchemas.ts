import { operationKinds } from '@vvp/backstage-plugin-deploy-common';

const time = { type: 'string', format: 'date-time' } as const;
const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const count = { type: 'integer', minimum: 0 } as const;
const listOf = <T>(items: T) => ({ type: 'array', items } as const);
const schemaRef = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** An object that has these members and no others. */
function shape<T extends Record<string, unknown>>(
  required: readonly (keyof T & string)[],
  properties: T,
  description?: string,
) {
  return {
    type: 'object',
    additionalProperties: false,
    required: [...required],
    properties,
    ...(description && { description }),
  } as const;
}

const failure = { message: text, remedy: text };

const step = {
  name: text,
  title: text,
  status: {
    type: 'string',
    enum: [
      'pending',
      'running',
      'succeeded',
      'failed',
      'skipped',
      'compensated',
    ],
  },
  attempts: count,
  startedAt: time,
  finishedAt: time,
  failure: schemaRef('Failure'),
} as const;

const operation = {
  id: { type: 'string', format: 'uuid' },
  entityRef: text,
  environment: text,
  kind: schemaRef('OperationKind'),
  status: schemaRef('OperationStatus'),
  requestedBy: text,
  reason: text,
  override: shape(
    ['reason', 'waived'],
    {
      reason: text,
      waived: listOf(
        shape(['code', 'message'], {
          code: text,
          message: text,
          freezes: listOf(text),
        }),
      ),
    },
    'What was waived, and why',
  ),
  from: schemaRef('RevisionReference'),
  to: schemaRef('RevisionReference'),
  lockKey: text,
  ahead: count,
  createdAt: time,
  startedAt: time,
  finishedAt: time,
  cancelRequested: shape(['by', 'at'], { by: text, at: time }),
  parked: shape(['message', 'since'], { ...failure, since: time }),
  outcome: {
    type: 'string',
    enum: ['done', 'already-there', 'as-before', 'unclear'],
    description: 'What the environment is left in',
  },
  failure: schemaRef('Failure'),
} as const;

const operationRequired = [
  'id',
  'entityRef',
  'environment',
  'kind',
  'status',
  'requestedBy',
  'lockKey',
  'createdAt',
] as const;

const revision = {
  id: text,
  current: flag,
  commit: text,
  version: text,
  artifact: text,
  createdAt: time,
  health: schemaRef('HealthState'),
  trafficPercent: { type: 'number', minimum: 0, maximum: 100 },
  unavailable: text,
  comingIn: flag,
  givenUp: shape(['at', 'reason'], { at: time, reason: text }),
  releaseId: text,
  lastDeployedAt: time,
  deploymentId: text,
  deployments: listOf(
    shape(['id', 'status', 'at'], {
      id: text,
      status: schemaRef('DeploymentStatus'),
      at: time,
    }),
  ),
  quarantine: schemaRef('QuarantineInfo'),
} as const;

/** Shapes of operations, targets and restrictions; the types of deploy-common. */
export const operationSchemas = {
  OperationKind: { type: 'string', enum: [...operationKinds] },
  OperationStatus: {
    type: 'string',
    enum: ['queued', 'running', 'succeeded', 'failed', 'cancelled'],
  },
  HealthState: {
    type: 'string',
    enum: ['healthy', 'degraded', 'unhealthy', 'unknown'],
  },
  Failure: shape(['message'], failure),
  RevisionReference: shape([], {
    revision: text,
    artifact: text,
    commit: text,
    version: text,
  }),
  StartedOperation: shape(
    ['id'],
    { id: { type: 'string', format: 'uuid' } },
    'Of the operation that was started, now or by an earlier request with the same Idempotency-Key',
  ),
  Operation: shape([...operationRequired, 'steps'], {
    ...operation,
    steps: listOf(
      shape(['name', 'title', 'status', 'attempts', 'log', 'droppedLines'], {
        ...step,
        log: listOf(
          shape(['sequence', 'at', 'level', 'text'], {
            sequence: count,
            at: time,
            level: { type: 'string', enum: ['info', 'warn', 'error'] },
            text,
          }),
        ),
        droppedLines: count,
      }),
    ),
  }),
  OperationSummary: shape([...operationRequired, 'steps'], {
    ...operation,
    steps: listOf(shape(['name', 'title', 'status', 'attempts'], step)),
  }),
  OperationPage: shape(['items'], {
    items: listOf(schemaRef('OperationSummary')),
    nextCursor: text,
  }),
  QuarantineInfo: shape(['by', 'reason', 'since'], {
    by: text,
    reason: text,
    since: time,
    revision: text,
  }),
  RolledBack: shape(['operationId', 'by', 'reason', 'at', 'automatic'], {
    operationId: text,
    by: text,
    reason: text,
    at: time,
    badForSeconds: count,
    automatic: flag,
  }),
  RevisionEntry: shape(['id', 'current', 'deployments'], revision),
  RevisionList: shape(['target', 'resource', 'items'], {
    target: text,
    resource: text,
    items: listOf(schemaRef('RevisionEntry')),
    missing: {
      ...shape(['message'], failure),
      description:
        'The platform does not know the resource, and no deployment is known to have worked here: nothing runs here yet.',
    },
  }),
  TargetDiagnostics: shape(['health', 'facts', 'events', 'logs', 'problems'], {
    health: shape(['state'], {
      state: schemaRef('HealthState'),
      reason: text,
      ready: count,
      wanted: count,
    }),
    facts: listOf(shape(['label', 'value'], { label: text, value: text })),
    events: listOf(
      shape(['level', 'message'], {
        at: time,
        level: { type: 'string', enum: ['info', 'warn', 'error'] },
        message: text,
      }),
    ),
    logs: listOf(
      shape(['source', 'lines'], { source: text, lines: listOf(text) }),
    ),
    problems: listOf(text),
  }),
  Refusal: shape(['code', 'message', 'remedy'], {
    code: {
      type: 'string',
      enum: [
        'permission',
        'lock',
        'freeze',
        'hold',
        'quarantine',
        'operation-running',
        'revision-unavailable',
        'version-unusable',
        'too-old',
      ],
    },
    message: text,
    remedy: text,
    clearedBy: text,
    since: time,
    until: time,
    freezes: listOf(text),
    overridable: {
      type: 'boolean',
      enum: [true],
      description: 'Whoever has deploy.override may waive it, with a reason',
    },
  }),
  Admission: shape(['admitted', 'refusals'], {
    admitted: flag,
    refusals: listOf(schemaRef('Refusal')),
    waived: listOf(schemaRef('Refusal')),
  }),
  CommitRange: shape(['from', 'to', 'state', 'direction', 'commits'], {
    from: text,
    to: text,
    state: {
      type: 'string',
      enum: ['known', 'partial', 'unrelated', 'unknown'],
    },
    direction: { type: 'string', enum: ['forward', 'backward', 'same'] },
    commits: listOf(
      shape(['sha', 'title'], {
        sha: text,
        title: text,
        author: text,
        committedAt: time,
        url: text,
        pullRequest: shape(['number'], {
          number: { type: 'integer', minimum: 1 },
          title: text,
          url: text,
        }),
      }),
    ),
    message: text,
  }),
  ConfigurationDifference: shape(['name', 'change'], {
    name: text,
    change: { type: 'string', enum: ['added', 'removed', 'changed'] },
  }),
  RollbackPreview: shape(
    [
      'entityRef',
      'environment',
      'tier',
      'admission',
      'to',
      'alreadyThere',
      'configuration',
      'notRestored',
      'artifact',
      'sameRun',
      'runsInFlight',
      'steps',
      'problems',
    ],
    {
      entityRef: text,
      environment: text,
      tier: schemaRef('EnvironmentTier'),
      admission: schemaRef('Admission'),
      from: schemaRef('RevisionEntry'),
      to: schemaRef('RevisionEntry'),
      alreadyThere: flag,
      ageSeconds: count,
      changes: schemaRef('CommitRange'),
      configuration: listOf(schemaRef('ConfigurationDifference')),
      notRestored: listOf(text),
      artifact: shape(['state'], {
        state: { type: 'string', enum: ['present', 'missing', 'unknown'] },
        message: text,
      }),
      migrations: shape(['state', 'files', 'irreversible'], {
        state: { type: 'string', enum: ['known', 'partial', 'unknown'] },
        files: listOf(text),
        irreversible: listOf(text),
      }),
      gates: schemaRef('GateSummary'),
      sameRun: listOf(
        shape(['entityRef', 'environment'], {
          entityRef: text,
          environment: text,
        }),
      ),
      runsInFlight: listOf(
        shape(['runId', 'status'], {
          runId: text,
          workflowName: text,
          status: {
            type: 'string',
            enum: ['queued', 'waiting', 'in_progress'],
          },
          commit: text,
          startedAt: time,
          url: text,
        }),
      ),
      steps: listOf(shape(['name', 'title'], { name: text, title: text })),
      confirmation: text,
      problems: listOf(text),
    },
  ),
  Lock: shape(['id', 'entityRef', 'environment', 'owner', 'reason', 'since'], {
    id: text,
    entityRef: text,
    environment: text,
    owner: text,
    reason: text,
    since: time,
    expiresAt: time,
  }),
  LockPage: shape(['items'], {
    items: listOf(schemaRef('Lock')),
    nextCursor: text,
  }),
  Hold: shape(['by', 'reason', 'since'], {
    by: text,
    reason: text,
    since: time,
    operationId: text,
  }),
  RevisionQuarantine: shape(
    ['entityRef', 'environment', 'revision', 'by', 'reason', 'since'],
    {
      entityRef: text,
      environment: text,
      revision: text,
      artifact: text,
      by: text,
      reason: text,
      since: time,
    },
  ),
  Quarantine: shape(
    ['releaseId', 'entityRef', 'commit', 'by', 'reason', 'since'],
    {
      releaseId: text,
      entityRef: text,
      commit: text,
      by: text,
      reason: text,
      since: time,
    },
  ),
};
