import { answers, entityParameters, plainText, textParameter } from './parts';

const security = [{}, { JWT: [] }];
const environmentPath =
  '/services/{kind}/{namespace}/{name}/environments/{environment}';

const environment = {
  in: 'path',
  name: 'environment',
  required: true,
  schema: { type: 'string', pattern: plainText },
};
const id = {
  in: 'path',
  name: 'id',
  required: true,
  schema: { type: 'string', format: 'uuid' },
};
const idempotencyKey = {
  in: 'header',
  name: 'Idempotency-Key',
  description:
    'The same key by the same caller starts the work once and gets the same id again',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

const reason = {
  type: 'string',
  minLength: 10,
  maxLength: 2000,
  description: 'Why, for whoever reads it next week',
};
const confirm = {
  type: 'string',
  maxLength: 255,
  description: 'For production: the name of the service',
};
const override = {
  type: 'string',
  minLength: 10,
  maxLength: 2000,
  description:
    'Why it goes ahead although it is refused. Waives the refusals that are overridable, and no others; needs deploy.override',
};
const commit = {
  type: 'string',
  pattern: '^([0-9a-f]{40}|[0-9a-f]{64})$',
};
const revision = {
  type: 'string',
  pattern: '^[^\\u0000-\\u001f]+$',
  minLength: 1,
  maxLength: 500,
  description: 'As E/revisions names it',
};
const rollback = {
  entityRef: {
    type: 'string',
    maxLength: 255,
    pattern: '^[^:/\\s\\u0000]+:[^:/\\s\\u0000]+/[^:/\\s\\u0000]+$',
    description: 'Full entity ref, such as component:default/vvp-issuer',
  },
  environment: { type: 'string', pattern: plainText },
  revision,
};

const revisionParameters = [
  ...entityParameters(),
  environment,
  { in: 'path', name: 'revision', required: true, schema: revision },
];

function body(
  properties: Record<string, unknown>,
  required: readonly string[] = Object.keys(properties),
) {
  return {
    required: true,
    content: {
      'application/json': {
        schema: {
          type: 'object',
          additionalProperties: false,
          required: [...required],
          properties,
        },
      },
    },
  };
}

const noContent = {
  '204': { description: 'Done' },
  default: answers('Error').default,
};

/** Operations, rollbacks, what targets tell, and restrictions. */
export const operationPaths = {
  '/services/{kind}/{namespace}/{name}/operations': {
    get: {
      operationId: 'listOperations',
      summary: 'Operations of a service, newest first',
      security,
      parameters: [
        ...entityParameters(),
        textParameter('environment', 'Name of the environment'),
        {
          in: 'query',
          name: 'status',
          description: 'Any of these',
          explode: true,
          schema: {
            type: 'array',
            items: { $ref: '#/components/schemas/OperationStatus' },
          },
        },
        { $ref: '#/components/parameters/limit' },
        { $ref: '#/components/parameters/cursor' },
      ],
      responses: answers('OperationPage'),
    },
  },
  '/services/{kind}/{namespace}/{name}/commits': {
    get: {
      operationId: 'listCommits',
      summary: 'What lies between two releases of a service',
      security,
      parameters: [
        ...entityParameters(),
        { in: 'query', name: 'from', required: true, schema: commit },
        { in: 'query', name: 'to', required: true, schema: commit },
      ],
      responses: answers('CommitRange'),
    },
  },
  [`${environmentPath}/revisions`]: {
    get: {
      operationId: 'listRevisions',
      summary: 'What can be put back, newest first; asks the platform',
      security,
      parameters: [...entityParameters(), environment],
      responses: answers('RevisionList'),
    },
  },
  [`${environmentPath}/revisions/{revision}/quarantine`]: {
    post: {
      operationId: 'quarantineRevision',
      summary: 'Forbids a revision to be put back into this environment',
      description:
        'For revisions whose commit is not known; asks the platform what the revision runs. Needs deploy.quarantine. Audited.',
      security: [{ JWT: [] }],
      parameters: revisionParameters,
      requestBody: body({ reason }),
      responses: answers('RevisionQuarantine', '201'),
    },
    delete: {
      operationId: 'liftRevisionQuarantine',
      summary: 'Lets a revision be put back again',
      description:
        'The revision is the one that the quarantine was set on. The platform is not asked: it may have named the revision anew. Needs deploy.quarantine. Audited.',
      security: [{ JWT: [] }],
      parameters: revisionParameters,
      responses: noContent,
    },
  },
  [`${environmentPath}/diagnostics`]: {
    get: {
      operationId: 'getDiagnostics',
      summary: 'State, reasons and logs as the platform tells them',
      security,
      parameters: [...entityParameters(), environment],
      responses: answers('TargetDiagnostics'),
    },
  },
  [`${environmentPath}/redeploy`]: {
    post: {
      operationId: 'redeploy',
      summary: 'Puts a release in again',
      description:
        'Without a commit, runs the pipeline for this service although nothing of it changed. Needs deploy.deploy. Audited.',
      security: [{ JWT: [] }],
      parameters: [...entityParameters(), environment, idempotencyKey],
      requestBody: body({ reason, commit, confirm, override }, ['reason']),
      responses: answers('StartedOperation', '202'),
    },
  },
  [`${environmentPath}/restart`]: {
    post: {
      operationId: 'restart',
      summary: 'Starts what runs anew',
      description: 'Needs deploy.operate. Audited.',
      security: [{ JWT: [] }],
      parameters: [...entityParameters(), environment, idempotencyKey],
      requestBody: body({ reason, confirm }, ['reason']),
      responses: answers('StartedOperation', '202'),
    },
  },
  [`${environmentPath}/rerun-tests`]: {
    post: {
      operationId: 'rerunTests',
      summary: 'Runs the integration tests against the environment',
      description: 'Needs deploy.operate. Audited.',
      security: [{ JWT: [] }],
      parameters: [...entityParameters(), environment, idempotencyKey],
      requestBody: { ...body({}), required: false },
      responses: answers('StartedOperation', '202'),
    },
  },
  [`${environmentPath}/hold`]: {
    post: {
      operationId: 'setHold',
      summary: 'Turns automatic promotion off',
      description: 'Needs deploy.operate. Audited.',
      security: [{ JWT: [] }],
      parameters: [...entityParameters(), environment],
      requestBody: body({ reason }),
      responses: answers('Hold', '201'),
    },
    delete: {
      operationId: 'liftHold',
      summary: 'Turns automatic promotion on again',
      description: 'Needs deploy.operate. Audited.',
      security: [{ JWT: [] }],
      parameters: [...entityParameters(), environment],
      responses: noContent,
    },
  },
  [`${environmentPath}/lock`]: {
    post: {
      operationId: 'lockEnvironment',
      summary: 'Stops every change until the lock is released or runs out',
      description: 'Needs deploy.lock. Audited.',
      security: [{ JWT: [] }],
      parameters: [...entityParameters(), environment],
      requestBody: body(
        {
          reason,
          expiresAt: {
            type: 'string',
            format: 'date-time',
            description: 'In the future; without it the lock stays',
          },
        },
        ['reason'],
      ),
      responses: answers('Lock', '201'),
    },
    delete: {
      operationId: 'unlockEnvironment',
      summary: 'Releases the lock',
      description: 'Needs deploy.lock. Audited.',
      security: [{ JWT: [] }],
      parameters: [...entityParameters(), environment],
      responses: noContent,
    },
  },
  '/locks': {
    get: {
      operationId: 'listLocks',
      summary: 'Locks in force, newest first',
      security,
      parameters: [
        { $ref: '#/components/parameters/limit' },
        { $ref: '#/components/parameters/cursor' },
      ],
      responses: answers('LockPage'),
    },
  },
  '/releases/{id}/quarantine': {
    post: {
      operationId: 'quarantineRelease',
      summary: 'Forbids a release to be deployed',
      description:
        'Needs deploy.quarantine in every environment of the service. Audited.',
      security: [{ JWT: [] }],
      parameters: [id],
      requestBody: body({ reason }),
      responses: answers('Quarantine', '201'),
    },
    delete: {
      operationId: 'liftQuarantine',
      summary: 'Lets a release be deployed again',
      description:
        'Needs deploy.quarantine in every environment of the service. Audited.',
      security: [{ JWT: [] }],
      parameters: [id],
      responses: noContent,
    },
  },
  '/deployments/{id}/rerun-failed-jobs': {
    post: {
      operationId: 'rerunFailedJobs',
      summary: 'Runs the failed jobs of the run of a failed deployment again',
      description:
        'Only of the newest attempt, for 30 days. A job that is held at an environment of GitHub is held again. Needs deploy.operate, also wherever else the failed jobs deploy without asking first. Audited.',
      security: [{ JWT: [] }],
      parameters: [id, idempotencyKey],
      requestBody: body({ reason, confirm }, ['reason']),
      responses: answers('StartedOperation', '202'),
    },
  },
  '/rollbacks/preview': {
    post: {
      operationId: 'previewRollback',
      summary: 'What a rollback would do; changes nothing',
      security: [{ JWT: [] }],
      requestBody: body(rollback),
      responses: answers('RollbackPreview'),
    },
  },
  '/rollbacks': {
    post: {
      operationId: 'rollBack',
      summary: 'Puts an earlier revision back',
      description: 'Needs deploy.rollback. Audited.',
      security: [{ JWT: [] }],
      parameters: [idempotencyKey],
      requestBody: body({ ...rollback, reason, confirm, override }, [
        ...Object.keys(rollback),
        'reason',
      ]),
      responses: answers('StartedOperation', '202'),
    },
  },
  '/operations/{id}': {
    get: {
      operationId: 'getOperation',
      summary: 'An operation with its steps and their logs',
      security,
      parameters: [id],
      responses: answers('Operation'),
    },
  },
  '/operations/{id}/cancel': {
    post: {
      operationId: 'cancelOperation',
      summary: 'Stops before the next step, and undoes what was done',
      description:
        "Needs deploy.operate, unless it is the caller's own operation. Audited.",
      security: [{ JWT: [] }],
      parameters: [id],
      requestBody: { ...body({}), required: false },
      responses: answers('Operation', '202'),
    },
  },
};
