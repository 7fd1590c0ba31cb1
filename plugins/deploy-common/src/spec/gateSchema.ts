import { durationPattern } from '../gates/duration';
import { findingCategories, severities } from '../model';

const environmentName = {
  type: 'string',
  minLength: 1,
  maxLength: 100,
} as const;

const duration = {
  type: 'string',
  maxLength: 40,
  pattern: durationPattern,
} as const;

const label = { type: 'string', minLength: 1, maxLength: 100 } as const;

/** One rule as it is written, or `false`. */
const gateSchema = {
  type: ['object', 'boolean'],
  description:
    'What must hold before a release may go in, such as {coverage: lines, minimum: 79}; false switches off a gate of this name that is set for more.',
  additionalProperties: false,
  properties: {
    title: {
      ...label,
      description: 'What people see. Default: the name of the gate.',
    },
    coverage: {
      enum: ['lines', 'branches', 'functions', 'changed-lines', 'exists'],
      description:
        'The rule is about a coverage report: which percentage of it is compared, or only that it exists.',
    },
    test: {
      enum: [
        'total',
        'passed',
        'failed',
        'skipped',
        'flaky',
        'pass-rate',
        'duration',
        'exists',
      ],
      description:
        'The rule is about a test report: which number of it is compared (pass-rate in percent of the tests that ran, duration in seconds), or only that it exists.',
    },
    security: {
      enum: ['findings', 'exists'],
      description:
        'The rule is about a security report: how many findings it has, or only that it exists.',
    },
    performance: {
      ...label,
      description:
        'The rule is about a performance report: which measurement of it is compared, such as latency.p95, or "exists".',
    },
    suite: {
      ...label,
      description:
        'Only reports of this suite, such as unit. Default: every suite, each of which must hold.',
    },
    mode: {
      ...label,
      description: 'Only reports of a suite that was run so, such as azure.',
    },
    tool: {
      ...label,
      description:
        'Only reports by this tool: the beginning of its name, such as CodeQL.',
    },
    environment: {
      ...environmentName,
      description:
        'Only reports that were measured in this environment: its name, "here", or "previous" for the one before.',
    },
    severity: {
      enum: severities,
      description: 'Only findings of this severity or worse count.',
    },
    categories: {
      type: 'array',
      minItems: 1,
      maxItems: 5,
      uniqueItems: true,
      description: 'Only findings in these count, such as dependency.',
      items: {
        enum: findingCategories,
        description:
          'What a finding is in: dependency, image, code, secret or configuration.',
      },
    },
    scenario: {
      ...label,
      description: 'Only measurements of this scenario. Default: "default".',
    },
    unit: {
      type: 'string',
      minLength: 1,
      maxLength: 20,
      description:
        'The unit that the numbers of this rule are in, such as ms, MB or percent.',
    },
    minimum: {
      type: 'number',
      description: 'At least this is asked, a number alone: 79, not 79 %.',
    },
    maximum: {
      type: 'number',
      description: 'At most this is asked, a number alone: 0, not 0 %.',
    },
    moreThan: {
      type: 'number',
      description: 'More than this is asked, a number alone: 60, not 60 %.',
    },
    lessThan: {
      type: 'number',
      description:
        'Less than this is asked, a number alone: 2000 with unit: ms, not 2 s.',
    },
    noWorseThanBaseline: {
      type: 'object',
      description:
        'Not worse than what is usual by more than this: the median of the last reports of other commits.',
      additionalProperties: false,
      required: ['by'],
      properties: {
        by: {
          type: 'number',
          minimum: 0,
          description:
            'How much worse is allowed, a number alone: 10, not 10 %.',
        },
        kind: {
          enum: ['percent', 'absolute'],
          description:
            'Whether "by" is in percent of the baseline (default), or in the unit of what is measured.',
        },
        over: {
          type: 'integer',
          minimum: 1,
          maximum: 100,
          description: 'How many earlier values make the baseline. Default 10.',
        },
        atLeast: {
          type: 'integer',
          minimum: 0,
          maximum: 100,
          description:
            'With fewer earlier values than this the gate is pending. Default 3; 0 lets the first report pass.',
        },
        worse: {
          enum: ['higher', 'lower'],
          description:
            'Which direction is worse, for measurements of which it is not known.',
        },
      },
    },
    maxAge: {
      ...duration,
      description:
        'The report may be this old, such as 1 day, 30 minutes or P1D.',
    },
    sameCommit: {
      type: 'boolean',
      description:
        'The report must be of the very commit; nothing is carried forward from earlier ones.',
    },
    completed: {
      type: 'boolean',
      description:
        'The scan must have come to its end, or a test must have run. Default true.',
    },
    smallChange: {
      type: 'integer',
      minimum: 0,
      maximum: 100_000,
      description:
        'changed-lines: changes of fewer lines than this are exempt. Default 20.',
    },
    pendingFor: {
      ...duration,
      description:
        'Missing evidence is awaited for so long, such as 2 hours (default), before the gate fails.',
    },
    passedIn: {
      ...environmentName,
      description:
        'The gate of the same name must pass there for the same release: name of an environment, or "previous".',
    },
    succeededIn: {
      ...environmentName,
      description:
        'The release must have been deployed there with success: name of an environment, or "previous".',
    },
    soak: {
      type: 'object',
      description: 'The release must have run in an environment for some time.',
      additionalProperties: false,
      required: ['in', 'for'],
      properties: {
        in: {
          ...environmentName,
          description: 'Name of an environment, or "previous".',
        },
        for: { ...duration, description: 'How long, such as 1 hour or PT1H.' },
      },
    },
  },
} as const;

/** Gates by name, as they are written. */
export const gatesSchema = {
  type: 'object',
  description:
    'Gates by name, in lower-case letters, digits and hyphens: rules that a release must meet.',
  maxProperties: 50,
  propertyNames: {
    maxLength: 63,
    pattern: '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$',
  },
  additionalProperties: gateSchema,
} as const;
