import { composeSchema } from './composeSchema';
import { kubernetesStageSchema } from './kubernetesSchema';
import { fileName, line } from './pieces';

const refs = {
  type: 'array',
  minItems: 1,
  maxItems: 10,
  uniqueItems: true,
  items: {
    type: 'string',
    maxLength: 255,
    pattern: '^[A-Za-z0-9][A-Za-z0-9._/*-]*$',
    description: 'Branch or tag, or a glob of it, such as feature/** or v*.',
  },
} as const;

/**
 * JSON Schema of an environment's `deploy`: in which workflow releases go there, and which of them do.
 */
export const stageSchema = {
  type: 'object',
  description:
    'In which generated workflow releases go here, and which pushes bring them. Environments with one workflow come one after the other.',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    workflow: {
      ...fileName,
      description:
        "File name of the workflow, such as deploy-staging.yml; the pipeline's unless said otherwise.",
    },
    title: {
      ...line,
      maxLength: 100,
      description:
        'Name of that workflow, from its first environment that has one.',
    },
    branches: {
      ...refs,
      description:
        "Branches whose pushes go here, and no others by hand; the pipeline's unless said otherwise. With tags alone, the pipeline's can go here by hand.",
    },
    tags: {
      ...refs,
      description:
        'Tags that go here once they are pushed, such as v*: with all services, whatever changed.',
    },
    signedTags: {
      type: 'boolean',
      description:
        'Whether only signed tags may, whose signature GitHub finds good. Default: false.',
    },
    compose: composeSchema,
    kubernetes: kubernetesStageSchema,
  },
} as const;
