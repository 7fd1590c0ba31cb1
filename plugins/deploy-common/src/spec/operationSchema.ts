const workflowFile = {
  type: 'string',
  maxLength: 255,
  pattern: '^[^/\\\\\\u0000-\\u001f]+\\.ya?ml$',
  description:
    'File name of the workflow in .github/workflows, such as integration-tests.yml. It needs the trigger workflow_dispatch.',
} as const;

/** A dispatch of a workflow. */
const workflowCall = {
  type: 'object',
  additionalProperties: false,
  required: ['workflow'],
  properties: {
    workflow: workflowFile,
    ref: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      description:
        'Branch or tag to dispatch the workflow on, the default branch unless said otherwise.',
    },
    inputs: {
      type: 'object',
      description: 'Fixed inputs of the dispatch, all of them text.',
      maxProperties: 25,
      additionalProperties: {
        type: 'string',
        maxLength: 1024,
        description: 'Value of the input, in quotes.',
      },
    },
    releaseInput: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      description: 'Name of the input that takes the commit.',
    },
    timeoutMinutes: {
      type: 'integer',
      minimum: 1,
      maximum: 360,
      description: 'How long the run may take, 60 unless said otherwise.',
    },
  },
} as const;

/**
 * JSON Schema of `workflows`: what the portal may start besides deployments.
 */
export const workflowsSchema = {
  type: 'object',
  description: 'Workflows that the portal starts for this service here.',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    integrationTests: {
      ...workflowCall,
      description: 'Runs the integration tests against this environment.',
    },
    smokeTest: {
      ...workflowCall,
      description: 'Proves after a rollback that the service works.',
    },
    deploy: {
      ...workflowCall,
      description:
        'Deploys this service here although none of its paths changed; with releaseInput, a chosen release.',
    },
  },
} as const;

/**
 * JSON Schema of `rollback`: how getting back is done and proven.
 */
export const rollbackSchema = {
  type: 'object',
  description: 'How a rollback is let through, and when one happens by itself.',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    automatic: {
      type: 'boolean',
      description:
        'A deployment that fails its verification is rolled back by itself; false unless said otherwise.',
    },
    checks: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      description:
        'How often the health is looked at after a deployment, 12 times unless said otherwise.',
    },
    secondsBetweenChecks: {
      type: 'integer',
      minimum: 1,
      maximum: 600,
      description: 'Time from check to check, 5 seconds unless said otherwise.',
    },
    withinDays: {
      type: 'integer',
      minimum: 1,
      maximum: 3650,
      description:
        'Revisions that last ran here longer ago than this need an approval; any age is let through unless said otherwise.',
    },
  },
} as const;

/**
 * JSON Schema of `migrations`: which files change a database.
 */
export const migrationsSchema = {
  type: 'object',
  description: 'Database migrations, which a rollback does not undo.',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    paths: {
      type: 'array',
      minItems: 1,
      maxItems: 50,
      items: {
        type: 'string',
        minLength: 1,
        maxLength: 255,
        description: 'Path or glob of migrations, relative to the root.',
      },
      description: 'Where the migrations are.',
    },
    irreversible: {
      type: 'array',
      minItems: 1,
      maxItems: 200,
      items: {
        type: 'string',
        minLength: 1,
        maxLength: 255,
        description: 'Path or glob of migrations, relative to the root.',
      },
      description:
        'Those that the release before does not work with: a rollback past them warns.',
    },
  },
} as const;
