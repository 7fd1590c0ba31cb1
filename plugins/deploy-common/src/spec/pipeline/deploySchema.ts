import {
  canaryMetricSchema,
  kubernetesSecretsSchema,
} from './kubernetesSchema';
import { paths, minutes, settings } from './pieces';

/**
 * JSON Schema of a service environment's `deploy`.
 */
export const deploySchema = {
  type: 'object',
  description: 'How a release of the service gets here.',
  additionalProperties: false,
  properties: {
    environment: {
      ...settings,
      description:
        'Environment variables that a Container App gets, by name. Secrets become secrets of the platform. Elsewhere they stand in the task definition, manifests, environment files.',
    },
    include: {
      ...paths,
      description:
        'What a release on a machine is made of; the directory of the service and its shared ones unless said otherwise.',
    },
    watch: {
      type: 'object',
      description:
        'For how long the address of the service is asked after the deployment, which is taken back if it stops working. For ECS.',
      additionalProperties: false,
      required: ['minutes'],
      properties: {
        minutes: {
          type: 'integer',
          minimum: 1,
          maximum: 120,
          description: 'How long, such as 15.',
        },
        seconds: {
          type: 'integer',
          minimum: 1,
          maximum: 60,
          description:
            'Time from one to the next, 30 seconds unless said otherwise.',
        },
        failures: {
          type: 'integer',
          minimum: 1,
          maximum: 20,
          description:
            'How many bad answers in a row are too many, 3 unless said otherwise.',
        },
      },
    },
    secrets: kubernetesSecretsSchema,
    metric: canaryMetricSchema,
    timeoutMinutes: {
      ...minutes,
      description:
        'How long it may take, where that is longer than the way in and back takes at worst.',
    },
  },
} as const;

/**
 * JSON Schema of a service environment's `verify`.
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
        'What is asked for on the address of the service, /healthz unless said otherwise. A machine has "health" of its target.',
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
