import { gateStates } from '@vvp/backstage-plugin-deploy-common';

const time = { type: 'string', format: 'date-time' } as const;
const text = { type: 'string' } as const;
const number = { type: 'number' } as const;
const sha = {
  type: 'string',
  pattern: '^([0-9a-f]{40}|[0-9a-f]{64})$',
} as const;

/** Shapes of gates; the types of deploy-common's `model/gate`. */
export const gateSchemas = {
  GateState: {
    type: 'string',
    enum: [...gateStates],
    description: 'How a gate stands; none: no rule asks for anything',
  },
  GateCheck: {
    type: 'object',
    additionalProperties: false,
    required: ['operator', 'state', 'reason'],
    properties: {
      operator: text,
      state: { type: 'string', enum: ['pass', 'fail', 'pending'] },
      reason: text,
      actual: number,
      threshold: number,
      unit: text,
    },
  },
  Waiver: {
    type: 'object',
    additionalProperties: false,
    required: ['id', 'grantedBy', 'reason', 'grantedAt', 'expiresAt'],
    properties: {
      id: text,
      grantedBy: text,
      reason: text,
      grantedAt: time,
      expiresAt: time,
    },
  },
  GateResult: {
    type: 'object',
    additionalProperties: false,
    required: [
      'id',
      'name',
      'title',
      'environment',
      'state',
      'reason',
      'checks',
      'evidenceIds',
      'carriedForward',
    ],
    properties: {
      id: text,
      name: text,
      title: text,
      environment: text,
      state: { $ref: '#/components/schemas/GateState' },
      reason: text,
      checks: {
        type: 'array',
        items: { $ref: '#/components/schemas/GateCheck' },
      },
      actual: number,
      threshold: number,
      unit: text,
      evidenceType: { $ref: '#/components/schemas/EvidenceType' },
      evidenceIds: { type: 'array', items: text },
      measuredCommit: sha,
      measuredAt: time,
      ageSeconds: number,
      carriedForward: {
        type: 'boolean',
        description:
          'Measured on an earlier commit, since when nothing of the service changed',
      },
      afterDeployment: {
        type: 'boolean',
        description:
          'Looks at what is measured in the environment itself: as long as nothing was, it holds no promotion up',
      },
      waiver: { $ref: '#/components/schemas/Waiver' },
    },
  },
  GateSummary: {
    type: 'object',
    additionalProperties: false,
    required: ['release', 'state', 'results'],
    properties: {
      release: {
        type: 'object',
        additionalProperties: false,
        required: ['commit'],
        properties: { commit: sha, version: text },
      },
      state: { $ref: '#/components/schemas/GateState' },
      results: {
        type: 'array',
        items: { $ref: '#/components/schemas/GateResult' },
      },
    },
  },
};
