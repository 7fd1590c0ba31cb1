import { answers } from './parts';

const security = [{ ApiKey: [] }];

/** The endpoint that VVP's pipeline posts the results of its tests to. */
export const deploymentTestsPaths = {
  '/admin/deployment-tests': {
    post: {
      operationId: 'reportDeploymentTests',
      summary: 'Brings the results of tests after a deployment',
      security,
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/DeploymentTests' },
          },
        },
      },
      responses: {
        ...answers('ReceivedDeploymentTests'),
        '201': answers('ReceivedDeploymentTests')['200'],
      },
    },
    get: {
      operationId: 'listDeploymentTests',
      summary: 'The last results, newest first',
      security,
      parameters: [{ $ref: '#/components/parameters/limit' }],
      responses: answers('DeploymentTestsResults'),
    },
  },
};

const fields = {
  git_sha: { type: 'string', pattern: '^[0-9a-fA-F]{7,64}$' },
  passed: { type: 'boolean' },
  total_tests: { type: 'integer', minimum: 0 },
  passed_tests: { type: 'integer', minimum: 0 },
  failed_tests: { type: 'integer', minimum: 0 },
  duration_seconds: { type: 'number', minimum: 0 },
  issuer_url: { type: 'string' },
  verifier_url: { type: 'string' },
  errors: { type: 'array', items: { type: 'string' } },
};

const stored = {
  ...fields,
  id: { type: 'string' },
  timestamp: { type: 'string', format: 'date-time' },
};

const recorded = {
  id: { type: 'string' },
  entityRef: { type: 'string' },
  environment: { type: 'string' },
  created: { type: 'boolean' },
};

/** Shapes of those results; the payload is VVP's. */
export const deploymentTestsSchemas = {
  DeploymentTests: {
    type: 'object',
    required: Object.keys(fields).filter(field => field !== 'errors'),
    properties: {
      ...fields,
      errors: { ...fields.errors, type: ['array', 'null'] },
    },
  },
  StoredDeploymentTests: {
    type: 'object',
    required: Object.keys(stored),
    properties: stored,
  },
  ReceivedDeploymentTests: {
    type: 'object',
    required: [...Object.keys(stored), 'evidence', 'unmatched'],
    properties: {
      ...stored,
      evidence: {
        type: 'array',
        items: {
          type: 'object',
          required: Object.keys(recorded),
          properties: recorded,
        },
      },
      unmatched: {
        type: 'array',
        items: { type: 'string' },
        description: 'Fields whose host is that of no environment',
      },
    },
  },
  DeploymentTestsResults: {
    type: 'object',
    required: ['results'],
    properties: {
      results: {
        type: 'array',
        items: { $ref: '#/components/schemas/StoredDeploymentTests' },
      },
    },
  },
};
