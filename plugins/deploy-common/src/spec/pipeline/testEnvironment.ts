import { line, paths, variableName, minutes, settings } from './pieces';

const packageNames = {
  type: 'array',
  minItems: 1,
  maxItems: 50,
  uniqueItems: true,
} as const;

/** What tests are run with. */
export const testEnvironment = {
  language: {
    enum: ['python', 'typescript', 'rust'],
    description:
      'python runs pytest, typescript npm test, rust cargo test, or cargo tarpaulin where coverage is asked for.',
  },
  version: {
    type: 'string',
    maxLength: 20,
    pattern: '^[0-9]+(\\.[0-9]+){0,2}$',
    description: 'Version of the language in quotes, such as "3.12".',
  },
  localPackages: {
    ...paths,
    description:
      'Packages of the repository to install first, in this order, such as common. For python and typescript.',
  },
  packages: {
    ...packageNames,
    description:
      'Further packages that only the tests need. For python and typescript.',
    items: {
      type: 'string',
      maxLength: 100,
      pattern:
        '^@?[A-Za-z0-9][A-Za-z0-9._/-]*(\\[[a-z,]+\\])?([=~<>@]=?[0-9][0-9A-Za-z.*]*)?$',
      description: 'Name of a package, such as pytest-asyncio.',
    },
  },
  systemPackages: {
    ...packageNames,
    description: 'Packages of the operating system, such as libsodium23.',
    items: {
      type: 'string',
      maxLength: 100,
      pattern: '^[a-z0-9][a-z0-9+.-]+$',
      description: 'Name of a package of Debian or Ubuntu.',
    },
  },
  databases: {
    type: 'array',
    minItems: 1,
    maxItems: 5,
    description: 'Databases that are started beside the tests.',
    items: {
      type: 'object',
      description: 'A database, empty and for this job alone.',
      additionalProperties: false,
      required: ['type', 'version', 'variable'],
      properties: {
        type: {
          enum: ['postgresql', 'redis'],
          description: 'Which kind of database.',
        },
        version: {
          type: 'string',
          maxLength: 20,
          pattern: '^[0-9]+(\\.[0-9]+){0,2}(-[a-z0-9.]+)?$',
          description: 'Version in quotes, such as "16".',
        },
        variable: {
          ...variableName,
          description: 'Variable that tells the tests its address.',
        },
      },
    },
  },
  environment: {
    ...settings,
    description: 'Environment variables of the tests, by name.',
  },
  select: {
    ...line,
    maxLength: 255,
    pattern: `^(?!-)${line.pattern.slice(1)}`,
    description: 'Only these tests: an expression of markers for pytest.',
  },
  timeoutMinutes: {
    ...minutes,
    description: 'How long it may take, 15 minutes unless said otherwise.',
  },
} as const;
