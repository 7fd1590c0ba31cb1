import { FromSchema } from 'json-schema-to-ts';
import { gatesSchema } from './gateSchema';
import {
  migrationsSchema,
  rollbackSchema,
  workflowsSchema,
} from './operationSchema';
import { promotionSchema } from './promotionSchema';
import {
  deploySchema,
  imageSchema,
  pipelineSchema,
  repositoryTestsSchema,
  serviceTestSchema,
  stageSchema,
  testedBySchema,
  verifySchema,
} from './pipeline';
import { targetSchema } from './targetSchema';

/**
 * The `apiVersion` that this schema describes.
 *
 * @public
 */
export const PIPELINE_SPEC_API_VERSION = 'deploy.vvp.io/v1alpha1';

const kebabCase = '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$';

const webAddress = {
  type: 'string',
  maxLength: 2048,
  pattern: '^https?://[^\\s/]',
} as const;

const pathList = {
  type: 'array',
  maxItems: 200,
  items: {
    type: 'string',
    minLength: 1,
    maxLength: 255,
    description:
      'Path or glob relative to the root of the repository, such as services/verifier/**.',
  },
} as const;

const refList = {
  type: 'array',
  minItems: 1,
  maxItems: 50,
  items: {
    type: 'string',
    minLength: 1,
    maxLength: 255,
    pattern: '^[^\\s!?()\\[\\]{}#][^\\s!?()\\[\\]{}]*$',
    description: 'Branch or tag, or a glob of it, such as feature/**.',
  },
} as const;

const jobSchema = {
  type: 'object',
  description: 'A job of a workflow that deploys this service here.',
  additionalProperties: false,
  required: ['workflow', 'job'],
  properties: {
    workflow: {
      type: 'string',
      maxLength: 255,
      pattern: '^[^/\\\\\\u0000-\\u001f]+\\.ya?ml$',
      description:
        'File name of the workflow in .github/workflows, such as deploy.yml.',
    },
    job: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      description:
        'Name of the job as GitHub shows it: its name, else its key, with or without the values of its matrix. * stands for any text.',
    },
    matrix: {
      type: 'object',
      description:
        'For a job with a matrix, shown as "job (a, b)": all these values must be among those in the parentheses.',
      minProperties: 1,
      maxProperties: 10,
      propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_-]*$' },
      additionalProperties: {
        type: ['string', 'number', 'boolean'],
        description: 'Value as GitHub shows it.',
      },
    },
    branches: {
      ...refList,
      description:
        'Only runs on these branches or tags. * stands for any text but /, ** for any text.',
    },
    commit: {
      enum: ['run', 'triggering-run'],
      description:
        'Whose commit is deployed: of the run itself (default), or of the run that started it by workflow_run.',
    },
  },
} as const;

const serviceEnvironmentSchema = {
  type: 'object',
  description: 'The service in one environment.',
  additionalProperties: false,
  properties: {
    url: {
      ...webAddress,
      description:
        'http or https address where the service answers in this environment.',
    },
    version: {
      type: 'object',
      description: 'Where the running service tells its commit.',
      additionalProperties: false,
      required: ['url', 'commit'],
      properties: {
        url: {
          ...webAddress,
          description:
            'http or https address that answers with JSON, on the host of the environment.',
        },
        commit: {
          type: 'string',
          maxLength: 255,
          pattern: '^\\$(\\.[A-Za-z_][A-Za-z0-9_-]*|\\[[0-9]{1,4}\\])+$',
          description:
            'Path to the commit in the answer, such as $.git_sha or $.builds[0].commit.',
        },
      },
    },
    target: targetSchema,
    workflows: workflowsSchema,
    rollback: rollbackSchema,
    deploy: deploySchema,
    verify: verifySchema,
    jobs: {
      type: 'array',
      description: 'Jobs of workflows that deploy this service here.',
      maxItems: 50,
      items: jobSchema,
    },
    gates: {
      ...gatesSchema,
      description:
        'Gates for this service in this environment, by name in lower-case letters, digits and hyphens. They replace those of the same name that are set for more.',
    },
    promotion: {
      ...promotionSchema,
      description:
        'What a release of this service has to meet to go in here, besides its gates. Its keys replace those of the environment, one by one.',
    },
  },
} as const;

const serviceSchema = {
  type: 'object',
  description: 'One service of the repository.',
  additionalProperties: false,
  required: ['environments'],
  properties: {
    entity: {
      type: 'string',
      maxLength: 255,
      pattern:
        '^[A-Za-z][A-Za-z0-9]*:[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9][A-Za-z0-9_.-]*$',
      description:
        'Full reference of the catalog entity, such as component:default/vvp-verifier.',
    },
    paths: {
      ...pathList,
      description: 'What the service is made of. A change here deploys it.',
    },
    sharedPaths: {
      ...pathList,
      description:
        'What the service shares with others. A change here deploys it, too.',
    },
    migrations: migrationsSchema,
    test: serviceTestSchema,
    testedBy: testedBySchema,
    image: imageSchema,
    gates: {
      ...gatesSchema,
      description:
        'Gates for this service in every environment, by name in lower-case letters, digits and hyphens.',
    },
    environments: {
      type: 'object',
      description:
        'The environments that the service runs in, each declared in spec.environments.',
      minProperties: 1,
      maxProperties: 50,
      additionalProperties: serviceEnvironmentSchema,
    },
  },
} as const;

const environmentSchema = {
  type: 'object',
  description: 'An environment of the repository.',
  additionalProperties: false,
  required: ['name', 'tier'],
  properties: {
    name: {
      type: 'string',
      minLength: 1,
      maxLength: 100,
      pattern: '^[A-Za-z0-9]([A-Za-z0-9 ._/-]*[A-Za-z0-9])?$',
      description:
        'Name of the environment, spelled as its GitHub environment if it has one, such as production.',
    },
    tier: {
      enum: ['development', 'staging', 'production', 'preview'],
      description: 'How much the environment matters.',
    },
    url: {
      ...webAddress,
      description:
        'http or https address of the environment, for services that give none of their own.',
    },
    deploy: stageSchema,
    gates: {
      ...gatesSchema,
      description:
        'Gates for every service in this environment, by name in lower-case letters, digits and hyphens.',
    },
    promotion: {
      ...promotionSchema,
      description:
        'What a release of any service has to meet to go in, besides its gates: approvals, order, soak time, branches.',
    },
  },
} as const;

/**
 * JSON Schema (draft 7) of `deploy.yaml`, published as `schema/deploy.vvp.io-v1alpha1.json`.
 *
 * @public
 */
export const pipelineSpecSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'urn:vvp:deploy:v1alpha1',
  title: 'deploy.yaml',
  description:
    'What a repository deploys, where to, and by which jobs: apiVersion, kind, metadata and spec.',
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'kind', 'metadata', 'spec'],
  properties: {
    apiVersion: {
      const: PIPELINE_SPEC_API_VERSION,
      description: 'Version of this format.',
    },
    kind: { const: 'Pipeline', description: 'Always Pipeline.' },
    metadata: {
      type: 'object',
      description: 'What the pipeline is called.',
      additionalProperties: false,
      required: ['name'],
      properties: {
        name: {
          type: 'string',
          maxLength: 63,
          pattern: kebabCase,
          description:
            'Name of the pipeline in lower-case letters, digits and hyphens, such as vvp.',
        },
      },
    },
    spec: {
      type: 'object',
      description: 'Environments and services.',
      additionalProperties: false,
      required: ['environments', 'services'],
      properties: {
        repository: {
          type: 'string',
          maxLength: 140,
          pattern: '^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$',
          description:
            'The repository that this file is for, as owner/name, such as example-org/vvp.',
        },
        gates: {
          ...gatesSchema,
          description:
            'Gates for every service in every environment, by name in lower-case letters, digits and hyphens: rules that a release must meet.',
        },
        pipeline: pipelineSchema,
        tests: repositoryTestsSchema,
        evidence: {
          type: 'object',
          description: 'Which runs of GitHub Actions may bring reports.',
          additionalProperties: false,
          properties: {
            refs: {
              ...refList,
              description:
                'Only runs on these branches, such as main; tags are written in full, such as refs/tags/v*. Default: any branch or tag. * stands for any text but /, ** for any text.',
            },
            workflows: {
              type: 'array',
              description:
                'Only jobs of these workflows. Default: any of the repository itself; those of other repositories have to be named.',
              minItems: 1,
              maxItems: 50,
              items: {
                type: 'string',
                minLength: 1,
                maxLength: 255,
                description:
                  'File name in .github/workflows, such as deploy.yml, or a workflow of another repository, such as example-org/shared/.github/workflows/test.yml.',
              },
            },
            events: {
              type: 'array',
              description:
                'Events whose runs may bring reports although they may have checked out the code of a pull request, such as workflow_run; besides push, schedule and others that are safe.',
              minItems: 1,
              maxItems: 50,
              items: {
                type: 'string',
                maxLength: 100,
                pattern: '^[a-z]+(_[a-z]+)*$',
                description: 'Name of an event as in github.event_name.',
              },
            },
          },
        },
        environments: {
          type: 'array',
          description:
            'Every environment, in order from first to last stop of a release.',
          minItems: 1,
          maxItems: 50,
          items: environmentSchema,
        },
        services: {
          type: 'object',
          description:
            'Every service by its key, in lower-case letters, digits and hyphens.',
          minProperties: 1,
          maxProperties: 500,
          propertyNames: { maxLength: 63, pattern: kebabCase },
          additionalProperties: serviceSchema,
        },
      },
    },
  },
} as const;

/**
 * A valid `deploy.yaml` as it is written, before {@link parsePipelineSpec} puts it in order.
 *
 * @public
 */
export type PipelineDocument = FromSchema<typeof pipelineSpecSchema>;
