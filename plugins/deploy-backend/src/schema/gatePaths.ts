import { answers, entityParameters, plainText } from './parts';

const security = [{}, { JWT: [] }];

/** Operations on gates. */
export const gatePaths = {
  '/services/{kind}/{namespace}/{name}/environments/{environment}/gates': {
    get: {
      operationId: 'getGates',
      summary: 'The gates between a commit and an environment',
      security,
      parameters: [
        ...entityParameters(),
        {
          in: 'path',
          name: 'environment',
          required: true,
          schema: { type: 'string', pattern: plainText },
        },
        {
          in: 'query',
          name: 'commit',
          required: true,
          description: 'Full SHA of the release',
          schema: {
            type: 'string',
            pattern: '^([0-9a-f]{40}|[0-9a-f]{64})$',
          },
        },
      ],
      responses: answers('GateSummary'),
    },
  },
  '/gates/{id}/waiver': {
    post: {
      operationId: 'waiveGate',
      summary: 'Lets a release pass a gate that it does not meet',
      description:
        'Needs the permission deploy.waive for the environment, and a person: services cannot waive. Audited.',
      security: [{ JWT: [] }],
      parameters: [
        {
          in: 'path',
          name: 'id',
          required: true,
          description: 'Of the gate, as its result tells it',
          schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,2000}$' },
        },
      ],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              additionalProperties: false,
              required: ['reason', 'expiresAt'],
              properties: {
                reason: {
                  type: 'string',
                  minLength: 10,
                  maxLength: 2000,
                  description: 'Why this release may pass',
                },
                expiresAt: {
                  type: 'string',
                  format: 'date-time',
                  description: 'Within the next 90 days',
                },
              },
            },
          },
        },
      },
      responses: answers('Waiver', '201'),
    },
  },
};
