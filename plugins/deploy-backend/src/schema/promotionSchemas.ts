import { promotionStatuses } from '@vvp/backstage-plugin-deploy-common';

const time = { type: 'string', format: 'date-time' } as const;
const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const count = { type: 'integer', minimum: 0 } as const;
const id = { type: 'string', format: 'uuid' } as const;
const listOf = <T>(items: T) => ({ type: 'array', items } as const);
const schemaRef = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const oneOf = (values: readonly string[]) =>
  ({ type: 'string', enum: [...values] } as const);

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

const release = {
  id: text,
  commit: text,
  version: text,
  artifact: text,
  quarantine: schemaRef('QuarantineInfo'),
} as const;

const approval = {
  by: { type: 'string', description: 'Entity ref of the user' },
  at: time,
  comment: text,
  lapsed: shape(['at', 'why'], { at: time, why: text }, 'It no longer counts'),
} as const;

const permitted = shape(['allowed'], {
  allowed: flag,
  why: { type: 'string', description: 'Only if not allowed' },
});

const promotion = {
  id,
  entityRef: text,
  environment: text,
  tier: schemaRef('EnvironmentTier'),
  release: schemaRef('Release'),
  class: schemaRef('PromotionClass'),
  status: schemaRef('PromotionStatus'),
  requestedBy: {
    type: 'string',
    description:
      'Entity ref, github:<login> of somebody the catalog does not know, or automatic',
  },
  reason: text,
  createdAt: time,
  updatedAt: time,
  expiresAt: time,
  finishedAt: time,
  seam: schemaRef('Seam'),
  run: schemaRef('PipelineRun'),
  operationId: text,
  approvals: listOf(schemaRef('Approval')),
  requiredApprovals: count,
  failure: schemaRef('Failure'),
  note: text,
} as const;

const required = [
  'id',
  'entityRef',
  'environment',
  'tier',
  'release',
  'class',
  'status',
  'requestedBy',
  'createdAt',
  'updatedAt',
  'expiresAt',
  'seam',
  'approvals',
  'requiredApprovals',
] as const;

const page = (items: string) =>
  shape(['items'], { items: listOf(schemaRef(items)), nextCursor: text });

/** Shapes of readiness and promotions. */
export const promotionSchemas = {
  PromotionClass: oneOf(['regular', 'hotfix']),
  PromotionStatus: oneOf(promotionStatuses),
  Seam: {
    ...oneOf(['protection-rule', 'dispatch', 'review', 'none']),
    description: 'What holds the pipeline at an environment',
  },
  ConfigurationComparison: shape(
    ['to', 'state', 'differences'],
    {
      from: {
        type: 'string',
        description: 'Commit of what runs there; absent where nothing does',
      },
      to: { type: 'string', description: 'Commit of the release' },
      state: {
        ...oneOf(['known', 'partial', 'unknown']),
        description: 'Whether these are all differences; message says why not',
      },
      differences: listOf(schemaRef('ConfigurationDifference')),
      message: text,
    },
    'Names only: values may be secrets',
  ),
  Approval: shape(['by', 'at'], approval),
  Condition: shape(
    ['id', 'kind', 'title', 'state', 'reason', 'overridable'],
    {
      id: { type: 'string', description: 'Stable, such as gate:coverage' },
      kind: oneOf([
        'gate',
        'order',
        'soak',
        'ref',
        'outdated',
        'artifact',
        'quarantine',
        'spec',
        'approval',
        'lock',
        'freeze',
        'hold',
        'operation',
        'pipeline',
      ]),
      title: text,
      state: oneOf(['met', 'unmet', 'pending', 'waived']),
      reason: text,
      since: time,
      until: { ...time, description: 'When it clears by itself' },
      clearedBy: shape(['how'], {
        how: text,
        permission: text,
        people: listOf(text),
      }),
      overridable: flag,
    },
    'One condition between a release and an environment',
  ),
  ApprovalStanding: shape(['required', 'approvers'], {
    from: {
      ...listOf(text),
      description: 'Absent: whoever has deploy.approve',
    },
    required: count,
    approvers: listOf(text),
  }),
  Readiness: shape(
    [
      'entityRef',
      'environment',
      'tier',
      'release',
      'state',
      'conditions',
      'approvals',
      'seam',
      'at',
    ],
    {
      entityRef: text,
      environment: text,
      tier: schemaRef('EnvironmentTier'),
      release: schemaRef('Release'),
      state: oneOf(['ready', 'pending', 'blocked']),
      conditions: listOf(schemaRef('Condition')),
      approvals: listOf(schemaRef('ApprovalStanding')),
      gates: schemaRef('GateSummary'),
      seam: schemaRef('Seam'),
      seamRemedy: {
        type: 'string',
        description:
          'What to add so that the environment is enforced, or who is asked there besides',
      },
      promotionId: id,
      at: time,
    },
    'Every condition between a release and an environment',
  ),
  Canary: shape(
    ['phase', 'settings', 'startedAt', 'lookedAt', 'health', 'notes'],
    {
      phase: oneOf([
        'starting',
        'watching',
        'paused',
        'continuing',
        'aborting',
        'done',
        'aborted',
        'failed',
      ]),
      settings: shape(['percent', 'minutes', 'maxErrors', 'logEntries'], {
        percent: { type: 'integer', minimum: 1, maximum: 99 },
        minutes: count,
        maxErrors: count,
        logEntries: count,
      }),
      revision: text,
      stable: { type: 'string', description: 'What runs besides it' },
      percent: { type: 'number', minimum: 0, maximum: 100 },
      startedAt: time,
      lookedAt: time,
      watchSecondsLeft: {
        ...count,
        description: 'When it was last looked at; runs down while watching',
      },
      errors: { ...count, description: 'Absent where no log can be read' },
      entries: { ...count, description: 'How many were looked at' },
      health: shape(['state'], {
        state: schemaRef('HealthState'),
        reason: text,
        ready: count,
        wanted: count,
      }),
      pausedBy: text,
      notes: { ...listOf(text), description: 'Whole sentences' },
      operationId: text,
    },
    'A release that gets a part of the traffic before all of it',
  ),
  PromotionEvent: shape(['sequence', 'at', 'type', 'text'], {
    sequence: count,
    at: time,
    by: text,
    type: text,
    text,
    comment: text,
  }),
  PromotionSummary: shape(required, promotion),
  PromotionPage: page('PromotionSummary'),
  Promotion: shape(
    [
      ...required,
      'events',
      'mayApprove',
      'mayReject',
      'mayCancel',
      'mayOverride',
      'seen',
    ],
    {
      ...promotion,
      events: listOf(schemaRef('PromotionEvent')),
      readiness: schemaRef('Readiness'),
      deployment: schemaRef('Deployment'),
      canary: schemaRef('Canary'),
      mayPause: permitted,
      mayContinue: permitted,
      mayAbort: permitted,
      mayApprove: permitted,
      mayReject: permitted,
      mayCancel: permitted,
      mayOverride: permitted,
      needsGithubToken: {
        type: 'boolean',
        description:
          'An approval of the caller lets it in at GitHub now, and takes their own token. Absent: no',
      },
      runStillWaits: {
        type: 'boolean',
        description:
          'It is decided, and the run waits at GitHub for a reviewer for all that. Absent: no',
      },
      seen: {
        type: 'string',
        description: 'To be sent with an approval; empty once it is decided',
      },
    },
  ),
  ReleaseSummary: shape(['id', 'commit', 'createdAt', 'deployments'], {
    ...release,
    createdAt: time,
    ref: text,
    title: text,
    deployments: listOf(
      shape(['id', 'environment', 'status', 'createdAt'], {
        id: text,
        environment: text,
        status: schemaRef('DeploymentStatus'),
        createdAt: time,
      }),
    ),
  }),
  ReleasePage: page('ReleaseSummary'),
  FreezeInForce: shape(
    ['id', 'title', 'reason', 'by', 'since', 'nextOpen', 'allows'],
    {
      id: text,
      title: text,
      reason: text,
      by: text,
      since: time,
      until: time,
      nextOpen: time,
      allows: listOf(schemaRef('FreezeExemption')),
    },
    'A freeze that stops an environment now',
  ),
} as const;
