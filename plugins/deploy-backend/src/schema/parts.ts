/** Parts that operations of the OpenAPI document have in common. */

/** Up to 253 characters, without control characters. */
export const plainText = '^[^\\u0000-\\u001f]{1,253}$';

/** The path to a service. */
export function entityParameters() {
  return ['kind', 'namespace', 'name'].map(name => ({
    in: 'path',
    name,
    required: true,
    schema: { type: 'string', pattern: plainText },
  }));
}

export function textParameter(name: string, description: string) {
  return {
    in: 'query',
    name,
    description,
    // Entity refs contain colons and slashes; people type them as they are.
    allowReserved: true,
    schema: { type: 'string', pattern: plainText },
  };
}

export function timeParameter(name: string, description: string) {
  return {
    in: 'query',
    name,
    description,
    allowReserved: true,
    schema: { type: 'string', format: 'date-time' },
  };
}

/** Answers of an operation: what it promises, and what is wrong. */
export function answers(schema: string, status: '200' | '201' | '202' = '200') {
  return {
    [status]: {
      description: 'OK',
      content: {
        'application/json': {
          schema: { $ref: `#/components/schemas/${schema}` },
        },
      },
    },
    default: {
      description: 'What is wrong, and what to do about it',
      content: {
        'application/json': { schema: { $ref: '#/components/schemas/Error' } },
      },
    },
  };
}
