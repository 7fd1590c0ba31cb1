import { fileName, line, variableName } from './pieces';

const labels = {
  type: 'array',
  minItems: 1,
  maxItems: 10,
  uniqueItems: true,
  items: { ...line, maxLength: 50, description: 'Name of a label at GitHub.' },
} as const;

/**
 * JSON Schema of `pipeline.after`.
 *
 * @internal
 */
export const afterSchema = {
  type: 'object',
  description:
    'The workflow that has to succeed first, such as CI: its success starts the one that deploys, with its commit, in place of a push.',
  additionalProperties: false,
  required: ['workflow'],
  properties: {
    workflow: {
      ...fileName,
      description: 'Its file name, such as ci.yml.',
    },
    title: {
      ...line,
      maxLength: 100,
      description: 'Its name, if it is not one of the tests here.',
    },
  },
} as const;

/**
 * JSON Schema of an issue that is opened when something fails.
 *
 * @internal
 */
export const issueSchema = {
  type: 'object',
  description:
    'The issue that is opened when this fails. An open one with the same title gets a comment instead.',
  additionalProperties: false,
  required: ['title'],
  properties: {
    title: { ...line, maxLength: 200, description: 'Its title.' },
    labels: { ...labels, description: 'Its labels, such as security.' },
  },
} as const;

/**
 * JSON Schema of `pipeline.failureIssue`.
 *
 * @internal
 */
export const failureIssueSchema = {
  type: 'object',
  description:
    'A last job opens an issue when a deployment or what comes before it fails: with the jobs that did, run, branch and commit.',
  additionalProperties: false,
  properties: {
    labels: { ...labels, description: 'Its labels, such as bug.' },
  },
} as const;

/**
 * JSON Schema of `pipeline.failureMessage`.
 *
 * @internal
 */
export const failureMessageSchema = {
  type: 'object',
  description:
    'A last job tells a chat when a deployment or what comes before it fails.',
  additionalProperties: false,
  required: ['slack'],
  properties: {
    slack: {
      ...variableName,
      description:
        'Name of the secret at GitHub that holds the address of the incoming webhook. Without it nobody is told.',
    },
  },
} as const;

/**
 * JSON Schema of `pipeline.cleanup`.
 *
 * @internal
 */
export const cleanupSchema = {
  type: 'object',
  description:
    'A workflow of its own, cleanup.yml, deletes old artifacts and caches at GitHub, and images at ghcr.io that are old or have no tag. What a rollback may need is spared.',
  additionalProperties: false,
  required: ['days'],
  properties: {
    schedule: {
      type: 'string',
      maxLength: 100,
      pattern:
        '^[0-9*,/-]+ [0-9*,/-]+ [0-9*,/-]+ [0-9A-Za-z*,/-]+ [0-9A-Za-z*,/-]+$',
      description:
        'When it runs: five fields of cron, in UTC. Sundays at three unless said otherwise.',
    },
    days: {
      type: 'integer',
      minimum: 1,
      maximum: 365,
      description: 'What is older is deleted.',
    },
    keep: {
      type: 'integer',
      minimum: 1,
      maximum: 100,
      description:
        'How many releases of each environment are spared, counted from the newest that was deployed. Default: 10.',
    },
  },
} as const;
