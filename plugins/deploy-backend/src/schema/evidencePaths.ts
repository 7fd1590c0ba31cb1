import {
  answers,
  entityParameters,
  textParameter,
  timeParameter,
} from './parts';

const security = [{}, { JWT: [] }];

const type = {
  in: 'query',
  name: 'type',
  schema: { $ref: '#/components/schemas/EvidenceType' },
};

const id = {
  in: 'path',
  name: 'id',
  required: true,
  schema: { type: 'string', format: 'uuid' },
};

/** Operations on reports. */
export const evidencePaths = {
  '/evidence': {
    post: {
      operationId: 'reportEvidence',
      summary:
        'Brings a report about a service and a commit, the file as it is',
      description:
        "Send the OIDC token of the job, or a token of Backstage, as bearer token. The body is the report's file, compressed by gzip or not, of any content type. The same report twice is one.",
      security: [{ JWT: [] }],
      parameters: [
        {
          ...textParameter(
            'entityRef',
            'The service, such as component:default/issuer',
          ),
          required: true,
        },
        {
          in: 'query',
          name: 'commit',
          required: true,
          description: 'Full SHA that was measured',
          schema: {
            type: 'string',
            pattern: '^([0-9a-fA-F]{40}|[0-9a-fA-F]{64})$',
          },
        },
        { ...type, description: 'What the report must be about' },
        {
          in: 'query',
          name: 'format',
          description: 'Detected if left out',
          schema: { $ref: '#/components/schemas/EvidenceFormat' },
        },
        textParameter('environment', 'Where it was measured, if anywhere'),
        textParameter('suite', 'Which of several reports of this type'),
        textParameter('mode', 'How it was run, such as local or azure'),
        textParameter(
          'root',
          "Directory of the repository that the report's paths start from",
        ),
      ],
      requestBody: {
        required: true,
        content: { '*/*': { schema: { type: 'string', format: 'binary' } } },
      },
      responses: {
        ...answers('ReceivedEvidence'),
        '201': answers('ReceivedEvidence')['200'],
      },
    },
  },
  '/evidence/{id}': {
    get: {
      operationId: 'getEvidence',
      summary: 'One report with its details',
      security,
      parameters: [id],
      responses: answers('EvidenceDetail'),
    },
    delete: {
      operationId: 'deleteEvidence',
      summary: 'Forgets a report; for administrators',
      security,
      parameters: [id],
      responses: {
        '204': { description: 'It is gone' },
        default: answers('Evidence').default,
      },
    },
  },
  '/services/{kind}/{namespace}/{name}/evidence': {
    get: {
      operationId: 'listEvidence',
      summary: 'Reports about a service, last measured first',
      security,
      parameters: [
        ...entityParameters(),
        type,
        textParameter('environment', 'Name of the environment'),
        textParameter('suite', 'Name of the suite'),
        {
          in: 'query',
          name: 'commit',
          description: 'Full SHA, or its first 7 digits or more',
          schema: { type: 'string', pattern: '^[0-9a-f]{7,64}$' },
        },
        {
          in: 'query',
          name: 'pullRequests',
          description: 'Default: both',
          schema: { type: 'string', enum: ['only', 'none'] },
        },
        timeParameter('from', 'Measured at this time or later'),
        timeParameter('to', 'Measured before this time'),
        { $ref: '#/components/parameters/limit' },
        { $ref: '#/components/parameters/cursor' },
      ],
      responses: answers('EvidencePage'),
    },
  },
  '/services/{kind}/{namespace}/{name}/trends': {
    get: {
      operationId: 'getTrends',
      summary: 'How the numbers of one type of report went',
      security,
      parameters: [
        ...entityParameters(),
        { ...type, required: true },
        textParameter('environment', 'Name of the environment'),
        textParameter('suite', 'Name of the suite'),
        timeParameter('from', 'Default: 30 days before `to`'),
        timeParameter('to', 'Default: now'),
      ],
      responses: answers('Trends'),
    },
  },
};
