import { GITHUB_TOKEN_HEADER } from '@vvp/backstage-plugin-deploy-common';
import { answers, entityParameters, plainText, textParameter } from './parts';

const security = [{}, { JWT: [] }];

const environment = {
  in: 'path',
  name: 'environment',
  required: true,
  schema: { type: 'string', pattern: plainText },
};
const id = {
  in: 'path',
  name: 'id',
  required: true,
  schema: { type: 'string', format: 'uuid' },
};
const releaseId = { type: 'string', pattern: plainText, maxLength: 100 };
const release = {
  in: 'query',
  name: 'release',
  required: true,
  description: 'Id of the release',
  schema: releaseId,
};
const page = [
  { $ref: '#/components/parameters/limit' },
  { $ref: '#/components/parameters/cursor' },
];
const comment = { type: 'string', maxLength: 2000 };
const reason = {
  type: 'string',
  minLength: 10,
  maxLength: 2000,
  description: 'Why, for whoever reads it next week',
};
const confirm = {
  type: 'string',
  maxLength: 255,
  description: 'For production: the name of the service',
};

/** Without a format: what does not fit one would stand in the error. */
const githubToken = {
  in: 'header',
  name: GITHUB_TOKEN_HEADER,
  description:
    "The caller's own token of GitHub, with the scope repo; needed where the promotion says needsGithubToken. It is used for this request, and neither stored nor logged",
  schema: { type: 'string' },
};

/** A body of these members. */
function body(
  properties: Record<string, object>,
  required: readonly string[] = [],
) {
  return {
    required: required.length > 0,
    content: {
      'application/json': {
        schema: {
          type: 'object',
          additionalProperties: false,
          required: [...required],
          properties,
        },
      },
    },
  };
}

/** An operation that decides about a promotion, and answers with what it is then. */
function decision(
  operationId: string,
  summary: string,
  description: string,
  requestBody: object,
  parameters: object[] = [],
) {
  return {
    post: {
      operationId,
      summary,
      description: `${description} People only. Audited.`,
      security,
      parameters: [id, ...parameters],
      requestBody,
      responses: answers('Promotion'),
    },
  };
}

/** Readiness, configuration, releases and promotions. */
export const promotionPaths = {
  '/services/{kind}/{namespace}/{name}/environments/{environment}/readiness': {
    get: {
      operationId: 'getReadiness',
      summary: 'Every condition between a release and an environment',
      description: 'Changes nothing.',
      security,
      parameters: [
        ...entityParameters(),
        environment,
        release,
        {
          in: 'query',
          name: 'class',
          description: 'Default: regular',
          schema: { $ref: '#/components/schemas/PromotionClass' },
        },
      ],
      responses: answers('Readiness'),
    },
  },
  '/services/{kind}/{namespace}/{name}/environments/{environment}/configuration':
    {
      get: {
        operationId: 'getConfiguration',
        summary: 'What a release changes in the configuration, by name',
        description:
          'deploy.yaml, and the files that it names, at the commit of what runs in the environment and at that of the release. Values are never told. Asks GitHub, and says so where GitHub does not answer. Changes nothing.',
        security,
        parameters: [...entityParameters(), environment, release],
        responses: answers('ConfigurationComparison'),
      },
    },
  '/services/{kind}/{namespace}/{name}/releases': {
    get: {
      operationId: 'listReleases',
      summary: 'Releases of a service, newest first',
      security,
      parameters: [
        ...entityParameters(),
        textParameter('environment', 'Only those that were deployed there'),
        ...page,
      ],
      responses: answers('ReleasePage'),
    },
  },
  '/promotions': {
    get: {
      operationId: 'listPromotions',
      summary: 'Promotions, newest first',
      security,
      parameters: [
        textParameter('entityRef', 'Entity ref of the service'),
        textParameter('environment', 'Name of the environment'),
        {
          in: 'query',
          name: 'status',
          description: 'Any of these',
          explode: true,
          schema: {
            type: 'array',
            items: { $ref: '#/components/schemas/PromotionStatus' },
          },
        },
        {
          in: 'query',
          name: 'runId',
          description: 'Those that wait for a run of a pipeline',
          schema: { type: 'string', pattern: '^[0-9]{1,20}$' },
        },
        {
          in: 'query',
          name: 'waitingFor',
          description: "Undecided ones that the caller's voice is missing for",
          schema: { type: 'string', enum: ['me'] },
        },
        ...page,
      ],
      responses: answers('PromotionPage'),
    },
    post: {
      operationId: 'requestPromotion',
      summary: 'Asks that a release goes into an environment',
      description: 'Needs deploy.promote for the environment. Audited.',
      security,
      parameters: [
        {
          in: 'header',
          name: 'Idempotency-Key',
          description:
            'The same key by the same caller asks once and gets the same id again',
          schema: { type: 'string', minLength: 1, maxLength: 255 },
        },
      ],
      requestBody: body(
        {
          entityRef: {
            type: 'string',
            maxLength: 255,
            pattern: '^[^:/\\s\\u0000]+:[^:/\\s\\u0000]+/[^:/\\s\\u0000]+$',
          },
          environment: { type: 'string', pattern: plainText },
          release: { ...releaseId, description: 'Id of the release' },
          class: { $ref: '#/components/schemas/PromotionClass' },
          reason: {
            type: 'string',
            maxLength: 2000,
            description: 'Required for a hotfix',
          },
        },
        ['entityRef', 'environment', 'release'],
      ),
      responses: answers('StartedOperation', '202'),
    },
  },
  '/promotions/{id}': {
    get: {
      operationId: 'getPromotion',
      summary: 'A promotion with its history, and what the caller may do',
      security,
      parameters: [id],
      responses: answers('Promotion'),
    },
  },
  '/promotions/{id}/approve': decision(
    'approvePromotion',
    'Speaks for a promotion',
    'Needs deploy.approve, and that the promotion policy asks for the voice. Bound to what was seen. Where GitHub waits for a reviewer, the approval that decides is given there in the name of the caller; if GitHub refuses it, nothing changes.',
    body(
      {
        seen: {
          type: 'string',
          minLength: 1,
          maxLength: 100,
          description: 'Of the promotion as it was looked at',
        },
        comment,
      },
      ['seen'],
    ),
    [githubToken],
  ),
  '/promotions/{id}/reject': decision(
    'rejectPromotion',
    'Turns a promotion away',
    'Needs deploy.approve. Where GitHub waits for a reviewer, it hears of the rejection if a token comes with it.',
    body({ comment: reason }, ['comment']),
    [githubToken],
  ),
  '/promotions/{id}/cancel': decision(
    'cancelPromotion',
    'Takes a promotion back',
    'Needs deploy.promote, unless it is the own one.',
    body({ comment }),
  ),
  '/promotions/{id}/pause': decision(
    'pausePromotion',
    'Stops the clock of its canary',
    'Needs deploy.promote. Errors still end the canary.',
    body({ comment }),
  ),
  '/promotions/{id}/continue': decision(
    'continuePromotion',
    'Gives its canary all of the traffic',
    'Needs deploy.promote.',
    body({ comment }),
  ),
  '/promotions/{id}/abort': decision(
    'abortPromotion',
    'Takes its canary back: what ran before gets all of the traffic',
    'Needs deploy.rollback. It is a rollback, with its quarantine and its hold.',
    body({ reason, confirm }, ['reason']),
  ),
  '/promotions/{id}/override': decision(
    'overridePromotion',
    'Lets conditions pass that may be overridden',
    'Needs deploy.override.',
    body(
      {
        reason,
        conditions: {
          type: 'array',
          minItems: 1,
          maxItems: 50,
          uniqueItems: true,
          items: { type: 'string', maxLength: 200 },
          description: 'Ids of the conditions',
        },
      },
      ['reason', 'conditions'],
    ),
  ),
};
