/** What the schemas of this folder are made of. */

/** Text in one line, without anything that GitHub would put a value in for. */
export const line = {
  type: 'string',
  minLength: 1,
  maxLength: 2048,
  pattern: '^((?!\\$\\{\\{)[^\\u0000-\\u001f\\u007f])*$',
} as const;

export const path = {
  type: 'string',
  minLength: 1,
  maxLength: 255,
  pattern:
    '^(?![-/])(?!.*(^|/)\\.\\.(/|$))[A-Za-z0-9_./@-]*[A-Za-z0-9_@.-]$|^\\.$',
} as const;

export const paths = {
  type: 'array',
  minItems: 1,
  maxItems: 50,
  uniqueItems: true,
  items: {
    ...path,
    description: 'File or directory, relative to the root of the repository.',
  },
} as const;

export const variableName = {
  type: 'string',
  maxLength: 128,
  pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
} as const;

export const minutes = {
  type: 'integer',
  minimum: 1,
  maximum: 360,
} as const;

export const fileName = {
  type: 'string',
  maxLength: 100,
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*\\.ya?ml$',
} as const;

export const address = {
  type: 'string',
  maxLength: 2048,
  pattern: '^https?://[A-Za-z0-9][^\\s\'"`$\\\\<>]*$',
} as const;

/** A value that is written down, or where it comes from. */
export const setting = {
  type: ['string', 'object'],
  minLength: 1,
  maxLength: 4096,
  pattern: '^((?!\\$\\{\\{)[^\\u0000-\\u001f\\u007f])*$',
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  description:
    'The value in quotes, or where it comes from: {secret: NAME} and {variable: NAME} of the repository or environment at GitHub, {from: commit} or {from: repository}.',
  properties: {
    secret: {
      ...variableName,
      description: 'Name of a secret at GitHub. Never the secret itself.',
    },
    variable: { ...variableName, description: 'Name of a variable at GitHub.' },
    from: {
      enum: ['commit', 'repository'],
      description:
        'commit: the full SHA that is deployed. repository: owner/name.',
    },
  },
} as const;

export const settings = {
  type: 'object',
  maxProperties: 100,
  propertyNames: { maxLength: 128, pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
  additionalProperties: setting,
} as const;
