import {
  deploymentStatuses,
  environmentTiers,
  watchStates,
} from '@vvp/backstage-plugin-deploy-common';
import { deploymentTestsSchemas } from './deploymentTestsPaths';
import { evidenceSchemas } from './evidenceSchemas';
import { freezeSchemas } from './freezeSchemas';
import { promotionSchemas } from './promotionSchemas';
import { gateSchemas } from './gateSchemas';
import { operationSchemas } from './operationSchemas';

/** Shapes of the answers; the types of deploy-common, as the OpenAPI document gives them. */

const time = { type: 'string', format: 'date-time' } as const;
const text = { type: 'string' } as const;

export const schemas = {
  DeploymentStatus: {
    type: 'string',
    enum: [...deploymentStatuses],
    description: 'Where a deployment stands',
  },
  EnvironmentTier: { type: 'string', enum: [...environmentTiers] },
  Release: {
    type: 'object',
    additionalProperties: false,
    required: ['id', 'commit'],
    properties: {
      id: text,
      commit: { type: 'string', pattern: '^([0-9a-f]{40}|[0-9a-f]{64})$' },
      version: text,
      artifact: {
        type: 'string',
        description: 'Image digest or tarball hash, where known',
      },
      quarantine: { $ref: '#/components/schemas/QuarantineInfo' },
    },
  },
  PipelineRun: {
    type: 'object',
    additionalProperties: false,
    required: ['runId', 'attempt'],
    properties: {
      runId: text,
      attempt: { type: 'integer', minimum: 1 },
      workflowName: text,
      workflowPath: text,
      event: text,
      url: text,
    },
  },
  Deployment: {
    type: 'object',
    additionalProperties: false,
    required: [
      'id',
      'entityRef',
      'environment',
      'source',
      'status',
      'release',
      'createdAt',
      'chain',
    ],
    properties: {
      id: text,
      entityRef: text,
      environment: text,
      source: text,
      status: { $ref: '#/components/schemas/DeploymentStatus' },
      release: { $ref: '#/components/schemas/Release' },
      ref: text,
      actor: text,
      title: text,
      createdAt: time,
      startedAt: time,
      finishedAt: time,
      durationSeconds: { type: 'integer', minimum: 0 },
      url: text,
      jobName: text,
      operationId: text,
      rolledBack: { $ref: '#/components/schemas/RolledBack' },
      watch: { $ref: '#/components/schemas/DeploymentWatch' },
      run: { $ref: '#/components/schemas/PipelineRun' },
      chain: {
        type: 'array',
        items: { $ref: '#/components/schemas/PipelineRun' },
      },
    },
  },
  DeploymentWatch: {
    type: 'object',
    additionalProperties: false,
    description:
      'A watch over a fresh deployment, where deploy.yaml asks for automatic rollback',
    required: ['state', 'startedAt', 'looks'],
    properties: {
      state: { type: 'string', enum: [...watchStates] },
      note: { type: 'string', description: 'What came of it' },
      startedAt: time,
      until: {
        ...time,
        description: 'When its window ends, while it goes on',
      },
      looks: {
        type: 'object',
        additionalProperties: false,
        required: ['done', 'healthy'],
        properties: {
          done: { type: 'integer', minimum: 0 },
          healthy: { type: 'integer', minimum: 0 },
          planned: { type: 'integer', minimum: 1 },
        },
      },
      operationId: text,
      operationStatus: { $ref: '#/components/schemas/OperationStatus' },
    },
  },
  EnvironmentOverview: {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'tier', 'order', 'enforced'],
    properties: {
      name: text,
      tier: { $ref: '#/components/schemas/EnvironmentTier' },
      url: text,
      order: { type: 'integer', minimum: 0 },
      enforced: {
        type: 'boolean',
        description: 'Whether the pipeline can be held at this environment',
      },
      currentDeployment: { $ref: '#/components/schemas/Deployment' },
      latestDeployment: { $ref: '#/components/schemas/Deployment' },
      gates: { $ref: '#/components/schemas/GateSummary' },
      operable: { type: 'boolean' },
      inoperable: {
        type: 'string',
        description: 'Why the portal cannot roll back here, and what to do',
      },
      lock: { $ref: '#/components/schemas/Lock' },
      hold: { $ref: '#/components/schemas/Hold' },
      freeze: { $ref: '#/components/schemas/FreezeInForce' },
      pendingPromotion: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'status', 'release'],
        properties: {
          id: text,
          status: { $ref: '#/components/schemas/PromotionStatus' },
          release: { $ref: '#/components/schemas/Release' },
        },
      },
      runningOperation: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'kind', 'status'],
        properties: {
          id: text,
          kind: { $ref: '#/components/schemas/OperationKind' },
          status: { $ref: '#/components/schemas/OperationStatus' },
        },
      },
    },
  },
  SpecProblem: {
    type: 'object',
    additionalProperties: false,
    required: ['message', 'url', 'since'],
    properties: {
      message: text,
      url: text,
      line: { type: 'integer', minimum: 1 },
      since: time,
      lastGoodCommit: text,
    },
  },
  ServiceOverview: {
    type: 'object',
    additionalProperties: false,
    required: ['entityRef', 'environments'],
    properties: {
      entityRef: text,
      repository: text,
      specProblem: { $ref: '#/components/schemas/SpecProblem' },
      environments: {
        type: 'array',
        items: { $ref: '#/components/schemas/EnvironmentOverview' },
      },
    },
  },
  ServiceSummary: {
    type: 'object',
    additionalProperties: false,
    required: ['entityRef', 'environments'],
    properties: {
      entityRef: text,
      title: text,
      owner: text,
      system: text,
      repository: text,
      environments: {
        type: 'array',
        items: { $ref: '#/components/schemas/EnvironmentOverview' },
      },
    },
  },
  IngestProblem: {
    type: 'object',
    additionalProperties: false,
    required: ['id', 'kind', 'message', 'count', 'firstSeenAt', 'lastSeenAt'],
    properties: {
      id: text,
      kind: text,
      message: text,
      repository: text,
      subject: text,
      count: { type: 'integer', minimum: 1 },
      firstSeenAt: time,
      lastSeenAt: time,
    },
  },
  ...evidenceSchemas,
  ...deploymentTestsSchemas,
  ...gateSchemas,
  ...operationSchemas,
  ...freezeSchemas,
  ...promotionSchemas,
  DeploymentPage: pageOf('Deployment'),
  ServicePage: pageOf('ServiceSummary'),
  IngestProblemPage: pageOf('IngestProblem'),
  Error: {
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['name', 'message'],
        properties: { name: text, message: text },
      },
    },
  },
};

function pageOf(item: string) {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['items'],
    properties: {
      items: { type: 'array', items: { $ref: `#/components/schemas/${item}` } },
      nextCursor: {
        type: 'string',
        description: 'Absent on the last page',
      },
    },
  };
}
