import {
  afterSchema,
  cleanupSchema,
  failureIssueSchema,
  failureMessageSchema,
} from './afterSchema';
import { line, path, fileName, address, setting, variableName } from './pieces';

/**
 * JSON Schema of `spec.pipeline`: what the generated workflows have in common.
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
    after: afterSchema,
    serviceInput: {
      ...variableName,
      description:
        'Input by which whoever starts it by hand names one service, such as specific_service; all of them unless said otherwise. Default: "force", and nothing unless said otherwise.',
    },
    failureIssue: failureIssueSchema,
    failureMessage: failureMessageSchema,
    cleanup: cleanupSchema,
    aws: {
      type: 'object',
      description:
        'What jobs log in to AWS with: roles, by the token of the job.',
      additionalProperties: false,
      properties: {
        deployRole: { ...setting },
        buildRole: { ...setting },
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
    manual: {
      type: 'object',
      description:
        'A workflow by which somebody deploys an image that there is to a service of ECS, or goes back, in place of rollback.yml. For images with a repository of their own.',
      additionalProperties: false,
      required: ['workflow'],
      properties: {
        workflow: {
          ...fileName,
          description: 'Its file name, such as manual-deploy.yml.',
        },
        title: {
          ...line,
          maxLength: 100,
          description: 'Its name, Manual Deployment unless said otherwise.',
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
        account: {
          ...setting,
          minLength: 3,
          maxLength: 24,
          pattern: '^[a-z0-9]+$',
          description:
            'Storage account: 3 to 24 lower-case letters and digits, or {secret: NAME} or {variable: NAME} of the repository or environment at GitHub.',
        },
        container: {
          type: 'string',
          minLength: 3,
          maxLength: 63,
          pattern: '^[a-z0-9](-?[a-z0-9])+$',
          description:
            'Name of the container in the storage account: 3 to 63 lower-case letters, digits and single hyphens.',
        },
      },
    },
  },
} as const;
