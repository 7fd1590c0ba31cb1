import { answers } from './parts';

const security = [{}, { JWT: [] }];

/** Freezes. */
export const freezePaths = {
  '/freezes': {
    get: {
      operationId: 'listFreezes',
      summary: 'Freezes in force or to come, newest first',
      description:
        'Those of the configuration come last. Whoever may see some environments only sees the freezes that concern one of them, and of the services that they name those that they may see.',
      security,
      parameters: [
        { $ref: '#/components/parameters/limit' },
        { $ref: '#/components/parameters/cursor' },
      ],
      responses: answers('FreezePage'),
    },
    post: {
      operationId: 'setFreeze',
      summary: 'Sets a freeze',
      description: 'Needs deploy.freeze. Audited.',
      security,
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              additionalProperties: false,
              required: ['title', 'reason', 'scope', 'window'],
              properties: {
                title: { type: 'string', minLength: 1, maxLength: 100 },
                reason: { type: 'string', minLength: 10, maxLength: 2000 },
                scope: { $ref: '#/components/schemas/FreezeScope' },
                window: { $ref: '#/components/schemas/FreezeWindow' },
                allows: {
                  type: 'array',
                  maxItems: 10,
                  items: { $ref: '#/components/schemas/FreezeExemption' },
                  description: 'Default: rollbacks only',
                },
              },
            },
          },
        },
      },
      responses: answers('Freeze', '201'),
    },
  },
  '/freezes/preview': {
    post: {
      operationId: 'previewFreeze',
      summary: 'The first windows that a freeze would have',
      description:
        'At most five, the one that is open already included. Needs deploy.freeze. Changes nothing.',
      security,
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              additionalProperties: false,
              required: ['window'],
              properties: {
                window: { $ref: '#/components/schemas/FreezeWindow' },
              },
            },
          },
        },
      },
      responses: answers('FreezePreview'),
    },
  },
  '/freezes/{id}': {
    delete: {
      operationId: 'endFreeze',
      summary: 'Ends a freeze',
      description:
        'Needs deploy.freeze. One of the configuration is not ended here. Audited.',
      security,
      parameters: [
        {
          in: 'path',
          name: 'id',
          required: true,
          schema: { type: 'string', pattern: '^[a-z0-9-]{1,64}$' },
        },
      ],
      responses: {
        '204': { description: 'Done' },
        default: answers('Error').default,
      },
    },
  },
};
