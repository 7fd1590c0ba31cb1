/**
 * Pieces of `deploy.yaml` that only generated workflows are made of; the portal reads past them. What both need,
 * such as a target or a gate, stands where it always did.
 */

/** Text in one line, without anything that GitHub would put a value in for. */
const line = {
  type: 'string',
  minLength: 1,
  maxLength: 2048,
  pattern: '^((?!\\$\\{\\{)[^\\u0000-\\u001f\\u007f])*$',
} as const;

const path = {
  type: 'string',
  minLength: 1,
  maxLength: 255,
  pattern:
    '^(?!/)(?!.*(^|/)\\.\\.(/|$))[A-Za-z0-9_./@-]*[A-Za-z0-9_@.-]$|^\\.$',
} as const;

const paths = {
  type: 'array',
  minItems: 1,
  maxItems: 50,
  uniqueItems: true,
  items: {
    ...path,
    description: 'File or directory, relative to the root of the repository.',
  },
} as const;

const variableName = {
  type: 'string',
  maxLength: 128,
  pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
} as const;

const minutes = {
  type: 'integer',
  minimum: 1,
  maximum: 360,
} as const;

const fileName = {
  type: 'string',
  maxLength: 100,
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*\\.ya?ml$',
} as const;

const address = {
  type: 'string',
  maxLength: 2048,
  pattern: '^https?://[A-Za-z0-9][^\\s\'"`$\\\\<>]*$',
} as const;

/** A value that is written down, or where it comes from. */
const setting = {
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

const settings = {
  type: 'object',
  maxProperties: 100,
  propertyNames: { maxLength: 128, pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
  additionalProperties: setting,
} as const;

const packageNames = {
  type: 'array',
  minItems: 1,
  maxItems: 50,
  uniqueItems: true,
} as const;

/** What tests are run with. */
const testEnvironment = {
  language: {
    enum: ['python', 'typescript'],
    description: 'python runs pytest, typescript runs npm test.',
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
      'Packages of the repository to install first, in this order, such as common.',
  },
  packages: {
    ...packageNames,
    description: 'Further packages that only the tests need.',
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
    description: 'Only these tests: an expression of markers for pytest.',
  },
  timeoutMinutes: {
    ...minutes,
    description: 'How long it may take, 15 minutes unless said otherwise.',
  },
} as const;

/**
 * JSON Schema of `spec.pipeline`: what the generated workflows have in common.
 *
 * @internal
 */
export const pipelineSchema = {
  type: 'object',
  description:
    'What the generated workflows have in common. With it, "deploy-pipeline generate" writes them.',
  additionalProperties: false,
  properties: {
    workflow: {
      ...fileName,
      description:
        'File name of the workflow that tests and deploys, deploy.yml unless said otherwise.',
    },
    title: {
      ...line,
      maxLength: 100,
      description: 'Its name, Build and Deploy unless said otherwise.',
    },
    branches: {
      type: 'array',
      minItems: 1,
      maxItems: 10,
      description: 'Branches whose pushes deploy, main unless said otherwise.',
      items: {
        type: 'string',
        maxLength: 255,
        pattern: '^[A-Za-z0-9][A-Za-z0-9._/*-]*$',
        description: 'Branch, or a glob of it.',
      },
    },
    pullRequests: {
      type: 'boolean',
      description:
        'Whether pull requests are tested by the same workflow, without any deployment. Default: false.',
    },
    runner: {
      type: 'string',
      maxLength: 100,
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
      description:
        'Label of the machines that run the jobs, ubuntu-24.04 unless said otherwise.',
    },
    portal: {
      ...address,
      description:
        "Address of the portal's deploy backend, such as https://portal.example.test/api/deploy: reports are posted there. Default: nothing is reported.",
    },
    audience: {
      type: 'string',
      maxLength: 255,
      pattern: '^[A-Za-z0-9:/._-]+$',
      description:
        'Audience of the tokens for the portal, deploy unless said otherwise.',
    },
    safetyLevel: {
      type: 'integer',
      minimum: 0,
      maximum: 5,
      description:
        'How much happens by itself, each level with all before it. 0: runbooks, and no workflow. 1: pull requests are tested. 2: their image is built. 3: their Terraform is planned. 4: deployments and rollbacks by hand, for whoever types DEPLOY or ROLLBACK. 5: pushes deploy. Default: 5, with pull requests as "pullRequests" says.',
    },
    aws: {
      type: 'object',
      description:
        'What jobs log in to AWS with: roles, by the token of the job.',
      additionalProperties: false,
      properties: {
        deployRole: { ...setting },
        planRole: { ...setting },
        passRoles: {
          type: 'array',
          minItems: 1,
          maxItems: 10,
          uniqueItems: true,
          description:
            'Roles that tasks run with, by name: the only ones that a deployment may hand over.',
          items: {
            type: 'string',
            maxLength: 64,
            pattern: '^[A-Za-z0-9+=,.@_-]+$',
            description: 'Name of an IAM role, such as ecsTaskExecutionRole.',
          },
        },
      },
    },
    terraform: {
      type: 'object',
      description:
        'Terraform that pull requests have checked, and never applied.',
      additionalProperties: false,
      required: ['directory', 'version'],
      properties: {
        directory: {
          ...path,
          description: 'Where it lies, such as terraform.',
        },
        version: {
          type: 'string',
          maxLength: 20,
          pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+$',
          description: 'Version of Terraform in quotes, such as "1.5.0".',
        },
      },
    },
    storage: {
      type: 'object',
      description:
        'Azure storage that releases for machines are handed over by, for minutes.',
      additionalProperties: false,
      required: ['account', 'container'],
      properties: {
        account: { ...setting },
        container: {
          type: 'string',
          maxLength: 63,
          pattern: '^[a-z0-9](-?[a-z0-9])+$',
          description: 'Name of the container in the storage account.',
        },
      },
    },
  },
} as const;

/**
 * JSON Schema of a service's `test`.
 *
 * @internal
 */
export const serviceTestSchema = {
  type: 'object',
  description:
    'How the service is tested before it is deployed. The coverage that is asked for is that of its gates.',
  additionalProperties: false,
  required: ['language', 'version'],
  properties: {
    ...testEnvironment,
    directory: {
      ...path,
      description:
        'Where the service lies; the directory of its first path unless said otherwise.',
    },
    source: {
      ...path,
      description:
        'What coverage is measured of, relative to the directory; all of it unless said otherwise.',
    },
    requirements: {
      ...paths,
      description:
        'Files of packages to install, such as requirements.txt, for a service that is no package itself. For python.',
    },
    suites: {
      type: 'object',
      description:
        'Suites by name, each with the directory of its tests; coverage is that of the first. One suite called unit unless said otherwise. For python.',
      minProperties: 1,
      maxProperties: 10,
      propertyNames: { maxLength: 63, pattern: '^[a-z][a-z0-9-]*$' },
      additionalProperties: {
        ...path,
        description:
          'Directory of the tests, relative to that of the service, such as tests/unit.',
      },
    },
  },
} as const;

/**
 * JSON Schema of a service's `image`.
 *
 * @internal
 */
export const imageSchema = {
  type: 'object',
  description: 'How the image of the service is built.',
  additionalProperties: false,
  required: ['dockerfile'],
  properties: {
    dockerfile: {
      ...path,
      description: 'Dockerfile, relative to the root of the repository.',
    },
    context: {
      ...path,
      description: 'What the build sees, the root unless said otherwise.',
    },
    platforms: {
      type: 'array',
      minItems: 1,
      maxItems: 5,
      uniqueItems: true,
      description: 'What it is built for, linux/amd64 unless said otherwise.',
      items: {
        enum: ['linux/amd64', 'linux/arm64'],
        description: 'Operating system and processor.',
      },
    },
    timeoutMinutes: {
      ...minutes,
      description: 'How long it may take, 20 minutes unless said otherwise.',
    },
  },
} as const;

/**
 * JSON Schema of a service environment's `deploy`.
 *
 * @internal
 */
export const deploySchema = {
  type: 'object',
  description: 'How a release of the service gets here.',
  additionalProperties: false,
  properties: {
    environment: {
      ...settings,
      description:
        'Environment variables that the service gets, by name. Secrets become secrets of the platform.',
    },
    include: {
      ...paths,
      description:
        'What a release on a machine is made of; the directory of the service and its shared ones unless said otherwise.',
    },
    timeoutMinutes: {
      ...minutes,
      description: 'How long it may take, 20 minutes unless said otherwise.',
    },
  },
} as const;

/**
 * JSON Schema of a service environment's `verify`.
 *
 * @internal
 */
export const verifySchema = {
  type: 'object',
  description: 'How the pipeline sees that the service works after it came.',
  additionalProperties: false,
  properties: {
    path: {
      type: 'string',
      maxLength: 500,
      pattern: '^/[A-Za-z0-9._~:/?&=%+@-]*$',
      description:
        'What is asked for on the address of the service, /healthz unless said otherwise.',
    },
    statuses: {
      type: 'array',
      minItems: 1,
      maxItems: 10,
      uniqueItems: true,
      description: 'Answers that are good, 200 unless said otherwise.',
      items: {
        type: 'integer',
        minimum: 200,
        maximum: 399,
        description: 'HTTP status.',
      },
    },
    attempts: {
      type: 'integer',
      minimum: 1,
      maximum: 120,
      description: 'How often it is asked, 12 times unless said otherwise.',
    },
    seconds: {
      type: 'integer',
      minimum: 1,
      maximum: 60,
      description:
        'Time from one to the next, 5 seconds unless said otherwise.',
    },
  },
} as const;

/**
 * JSON Schema of `spec.tests`: tests of several services together.
 *
 * @internal
 */
export const repositoryTestsSchema = {
  type: 'object',
  description:
    'Tests of several services together, by the name of their job: after a deployment, by night, or by hand.',
  maxProperties: 20,
  propertyNames: { maxLength: 63, pattern: '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$' },
  additionalProperties: {
    type: 'object',
    description: 'A job that tests.',
    additionalProperties: false,
    required: ['language', 'version', 'directory'],
    properties: {
      ...testEnvironment,
      directory: {
        ...path,
        description: 'Where the tests lie, such as tests/integration.',
      },
      after: {
        type: 'array',
        minItems: 1,
        maxItems: 50,
        uniqueItems: true,
        description:
          'Services: it runs in their workflow, once one of them was deployed and none failed.',
        items: {
          type: 'string',
          maxLength: 63,
          description: 'Key of a service.',
        },
      },
      in: {
        type: 'string',
        minLength: 1,
        maxLength: 100,
        description:
          'Environment that is tested; the evidence is about it. Needs "after" or "login".',
      },
      workflow: {
        ...fileName,
        description:
          'File name of a workflow of its own, such as integration-tests.yml. Jobs with the same one stand in it together.',
      },
      title: {
        ...line,
        maxLength: 100,
        description: 'Name of that workflow, from its first job that has one.',
      },
      schedule: {
        type: 'string',
        maxLength: 100,
        pattern:
          '^[0-9*,/-]+ [0-9*,/-]+ [0-9*,/-]+ [0-9A-Za-z*,/-]+ [0-9A-Za-z*,/-]+$',
        description: 'When it runs by itself: five fields of cron, in UTC.',
      },
      suite: {
        type: 'string',
        maxLength: 100,
        pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
        description:
          'Suite that the evidence is of, as gates name it; the name of the job unless said otherwise.',
      },
      mode: {
        type: 'string',
        maxLength: 63,
        pattern: '^[a-z0-9][a-z0-9-]*$',
        description:
          'What to choose to run it by hand, such as local. The first one is chosen unless said otherwise.',
      },
      pushPaths: {
        type: 'array',
        minItems: 1,
        maxItems: 50,
        description: 'Pushes that change one of these run it.',
        items: {
          type: 'string',
          minLength: 1,
          maxLength: 255,
          pattern: '^[A-Za-z0-9][A-Za-z0-9._/*-]*$',
          description: 'Path or glob.',
        },
      },
      needs: {
        type: 'string',
        maxLength: 63,
        description: 'Name of the tests that have to pass first.',
      },
      compose: {
        ...paths,
        description:
          'Compose files whose services run meanwhile; what they print is kept if the tests fail.',
      },
      login: {
        enum: ['azure'],
        description: 'Cloud that the tests have to get at.',
      },
      waitFor: {
        type: 'array',
        minItems: 1,
        maxItems: 20,
        uniqueItems: true,
        description: 'Addresses that have to answer with 200 first.',
        items: { ...address, description: 'http or https address.' },
      },
      waitSeconds: {
        type: 'integer',
        minimum: 1,
        maximum: 3600,
        description:
          'How long that may take, 300 seconds unless said otherwise.',
      },
      results: {
        type: 'object',
        description:
          'Where the counts are posted to, besides the portal: the format of the deployment tests.',
        additionalProperties: false,
        required: ['url', 'key'],
        properties: {
          url: { ...address, description: 'Address that takes them.' },
          key: {
            ...variableName,
            description: 'Name of the secret at GitHub that holds its API key.',
          },
        },
      },
      artifactDays: {
        type: 'integer',
        minimum: 1,
        maximum: 90,
        description:
          'How long the output is kept at GitHub, 7 days unless said otherwise.',
      },
    },
  },
} as const;

/**
 * JSON Schema of a service's `testedBy`.
 *
 * @internal
 */
export const testedBySchema = {
  type: 'array',
  minItems: 1,
  maxItems: 50,
  uniqueItems: true,
  description:
    'Services whose tests must not fail before this one is deployed, for one that has none of its own.',
  items: { type: 'string', maxLength: 63, description: 'Key of a service.' },
} as const;
