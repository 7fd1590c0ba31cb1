import { durationPattern } from '../gates/duration';

const approvalsSchema = {
  type: 'array',
  description:
    'Whose voices it takes. Every rule has to be met, and one voice counts for one rule; an empty list: none are needed. Default: in production one of anybody who has deploy.approve, elsewhere none.',
  maxItems: 10,
  items: {
    type: 'object',
    description: 'A rule on approvals.',
    additionalProperties: false,
    properties: {
      from: {
        type: 'array',
        description:
          'Users and groups of the catalog; members of members count. Default: whoever has deploy.approve.',
        minItems: 1,
        maxItems: 50,
        items: {
          type: 'string',
          maxLength: 255,
          pattern:
            '^([Uu][Ss][Ee][Rr]|[Gg][Rr][Oo][Uu][Pp]):[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9][A-Za-z0-9_.-]*$',
          description:
            'Full reference of a user or group, such as group:default/platform-team.',
        },
      },
      required: {
        type: 'integer',
        minimum: 1,
        maximum: 20,
        description: 'How many voices, 1 unless said otherwise.',
      },
    },
  },
} as const;

const globs = {
  type: 'array',
  minItems: 1,
  maxItems: 50,
  items: {
    type: 'string',
    minLength: 1,
    maxLength: 255,
    pattern: '^[^\\s!?()\\[\\]{}#][^\\s!?()\\[\\]{}]*$',
    description: 'Name, or a glob of it, such as release/**.',
  },
} as const;

/** Keys that a hotfix can have of its own. */
const sharedKeys = {
  approvals: approvalsSchema,
  selfApproval: {
    type: 'boolean',
    description:
      'Whether who requests a promotion, and who wrote a commit of the release, may approve it. Default: false.',
  },
  order: {
    type: ['string', 'object'],
    pattern: '^(none|previous|all)$',
    description:
      'In which of the environments before a release must have worked: none, previous, all, or {atLeast: 1}. Default: previous in production, none elsewhere.',
    additionalProperties: false,
    required: ['atLeast'],
    properties: {
      atLeast: {
        type: 'integer',
        minimum: 1,
        maximum: 50,
        description: 'In how many of them, whichever they are.',
      },
    },
  },
  soak: {
    type: ['string', 'integer'],
    maxLength: 40,
    pattern: durationPattern,
    minimum: 0,
    maximum: 0,
    description:
      'How long a release must have worked in the environments that order asks for, such as 24 hours, 1 day or PT30M; 0 for no time. Default: 0.',
  },
  refs: {
    type: 'object',
    description:
      'Where a release must come from. Of what is not named, nothing is let in. Default: anywhere.',
    additionalProperties: false,
    minProperties: 1,
    properties: {
      branches: {
        ...globs,
        description: 'Branches. * stands for any text but /, ** for any text.',
      },
      tags: {
        ...globs,
        description: 'Tags. * stands for any text but /, ** for any text.',
      },
    },
  },
  expiresAfter: {
    type: 'string',
    maxLength: 40,
    pattern: durationPattern,
    description:
      'When a promotion that nobody decided ends, such as 7 days or PT12H; 30 days at the most. Default: 7 days.',
  },
} as const;

/**
 * JSON Schema of `promotion`: what a release has to meet to go into an environment, besides its gates.
 */
export const promotionSchema = {
  type: 'object',
  description:
    'What a release has to meet to go in, besides its gates: approvals, order, soak time, branches.',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    ...sharedKeys,
    automatic: {
      type: 'boolean',
      description:
        'Whether a promotion is requested by itself once a release is fit for it; approvals are waited for all the same. Default: false.',
    },
    seam: {
      enum: ['protection-rule', 'dispatch', 'review'],
      description:
        'What holds the pipeline here: GitHub asks the portal before each job (protection-rule, default), the portal starts workflows.deploy itself (dispatch), or approves at GitHub with the token of the approver (review).',
    },
    hotfix: {
      type: ['object', 'boolean'],
      description:
        'What is different for a hotfix, key by key; false: none is let in here. Default: nothing is different.',
      additionalProperties: false,
      properties: sharedKeys,
    },
  },
} as const;
