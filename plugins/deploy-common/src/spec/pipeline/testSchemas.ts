import { line, path, paths, variableName, fileName, address } from './pieces';
import { issueSchema } from './afterSchema';
import { scanSchema } from './scanSchema';
import { testEnvironment } from './testEnvironment';
import { toolsSchema } from './toolsSchema';

/**
 * JSON Schema of a service's `test`.
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
        'What coverage is measured of, relative to the directory; all of it unless said otherwise. For python and rust.',
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
 * JSON Schema of `spec.tests`: tests of several services together.
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
    required: ['language'],
    properties: {
      ...testEnvironment,
      language: {
        enum: [...testEnvironment.language.enum, 'none'],
        description:
          'python runs pytest, typescript npm test, rust cargo test; none runs "commands" or a "scan" alone.',
      },
      directory: {
        ...path,
        description:
          'Where the tests lie, such as tests/integration; the root unless said otherwise.',
      },
      tools: toolsSchema,
      commands: {
        type: 'array',
        minItems: 1,
        maxItems: 30,
        description:
          "What is run in the directory in place of the language's own tests, each a step. They get at secrets and at values of the matrix by environment variables only.",
        items: {
          ...line,
          maxLength: 1000,
          description: 'A command for bash, such as cargo fmt --check.',
        },
      },
      scan: scanSchema,
      reports: {
        type: 'object',
        description:
          'Reports that become evidence, relative to the directory, besides what the language has by itself.',
        additionalProperties: false,
        minProperties: 1,
        properties: {
          test: { ...path, description: 'Of tests, such as JUnit.' },
          coverage: { ...path, description: 'Of coverage.' },
          security: { ...path, description: 'Of a scan, such as SARIF.' },
          performance: { ...path, description: 'Of a load test.' },
        },
      },
      artifacts: {
        ...paths,
        description:
          'Further files and directories that are kept at GitHub, relative to the directory.',
      },
      services: {
        type: 'array',
        minItems: 1,
        maxItems: 50,
        uniqueItems: true,
        description:
          'Services that it is about: the evidence is theirs, and before a deployment it runs if one of them is wanted. All of them unless said otherwise.',
        items: {
          type: 'string',
          maxLength: 63,
          description: 'Key of a service.',
        },
      },
      before: {
        type: 'array',
        minItems: 1,
        maxItems: 20,
        uniqueItems: true,
        description:
          'Environments: it runs in their workflow, and deployments there wait for it.',
        items: {
          type: 'string',
          minLength: 1,
          maxLength: 100,
          description: 'Name of an environment.',
        },
      },
      on: {
        type: 'array',
        minItems: 1,
        maxItems: 2,
        uniqueItems: true,
        description: 'What starts its workflow, besides "schedule" and a hand.',
        items: {
          enum: ['pull-request', 'push'],
          description: 'pull-request to, or push of, one of the branches.',
        },
      },
      branches: {
        type: 'array',
        minItems: 1,
        maxItems: 10,
        uniqueItems: true,
        description:
          'Branches that "on" and "pushPaths" mean, the pipeline\'s unless said otherwise.',
        items: {
          type: 'string',
          maxLength: 255,
          pattern: '^[A-Za-z0-9][A-Za-z0-9._/*-]*$',
          description: 'Branch, or a glob of it.',
        },
      },
      matrix: {
        type: 'object',
        description:
          'Values, by name, for each of which it runs once. Commands get them as environment variables: $SUITE for suite.',
        minProperties: 1,
        maxProperties: 3,
        propertyNames: { maxLength: 40, pattern: '^[a-z][a-z0-9-]*$' },
        additionalProperties: {
          type: 'array',
          minItems: 1,
          maxItems: 30,
          uniqueItems: true,
          description: 'Its values.',
          items: {
            type: 'string',
            maxLength: 100,
            pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
            description: 'A value, in quotes if it is a number.',
          },
        },
      },
      issue: issueSchema,
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
          'Environment that is tested; the evidence is about it. With "before", an earlier one of the same workflow.',
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
      modeInput: {
        ...variableName,
        description:
          'Name of the input that a mode is chosen by, from the first of a workflow that has one; "all" is a choice, too, and chosen unless said otherwise. Default: "mode", without "all".',
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
