import { line, path, paths, variableName, fileName, address } from './pieces';
import { testEnvironment } from './testEnvironment';

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
