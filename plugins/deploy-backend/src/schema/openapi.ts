import { deploymentTestsPaths } from './deploymentTestsPaths';
import { evidencePaths } from './evidencePaths';
import { freezePaths } from './freezePaths';
import { gatePaths } from './gatePaths';
import { operationPaths } from './operationPaths';
import {
  answers,
  entityParameters,
  textParameter,
  timeParameter,
} from './parts';
import { promotionPaths } from './promotionPaths';
import { schemas } from './schemas';

/** The API of the plugin, served at `/openapi.json` and checked against every request. */
export const spec = {
  openapi: '3.1.0',
  info: {
    title: 'deploy',
    version: '1',
    description:
      'What runs where, and how good it is: services, environments, releases, deployments and reports.',
    license: {
      name: 'Apache-2.0',
      url: 'http://www.apache.org/licenses/LICENSE-2.0.html',
    },
    contact: {},
  },
  servers: [{ url: '/' }],
  paths: {
    '/services': {
      get: {
        operationId: 'listServices',
        summary: 'One row per service, one cell per environment',
        security: [{}, { JWT: [] }],
        parameters: [
          textParameter('owner', "Entity ref of the service's owner"),
          textParameter('system', "Entity ref of the service's system"),
          {
            in: 'query',
            name: 'tier',
            description: 'Only environments of this tier',
            schema: { $ref: '#/components/schemas/EnvironmentTier' },
          },
          textParameter('text', "Part of the service's name or title"),
          {
            in: 'query',
            name: 'sort',
            description: 'Default: name. -lastDeployed: newest first',
            schema: {
              type: 'string',
              enum: ['name', '-name', 'lastDeployed', '-lastDeployed'],
            },
          },
          { $ref: '#/components/parameters/limit' },
          { $ref: '#/components/parameters/cursor' },
        ],
        responses: answers('ServicePage'),
      },
    },
    '/services/{kind}/{namespace}/{name}': {
      get: {
        operationId: 'getService',
        summary: 'A service and what runs in each of its environments',
        security: [{}, { JWT: [] }],
        parameters: entityParameters(),
        responses: answers('ServiceOverview'),
      },
    },
    '/services/{kind}/{namespace}/{name}/deployments': {
      get: {
        operationId: 'listDeployments',
        summary: 'Deployments of a service, newest first',
        security: [{}, { JWT: [] }],
        parameters: [
          ...entityParameters(),
          textParameter('environment', 'Name of the environment'),
          {
            in: 'query',
            name: 'status',
            description: 'Any of these',
            explode: true,
            schema: {
              type: 'array',
              items: { $ref: '#/components/schemas/DeploymentStatus' },
            },
          },
          {
            in: 'query',
            name: 'commit',
            description: 'Full SHA, or its first 7 digits or more',
            schema: { type: 'string', pattern: '^[0-9a-f]{7,64}$' },
          },
          timeParameter('from', 'Created at this time or later'),
          timeParameter('to', 'Created before this time'),
          { $ref: '#/components/parameters/limit' },
          { $ref: '#/components/parameters/cursor' },
        ],
        responses: answers('DeploymentPage'),
      },
    },
    '/deployments/{id}': {
      get: {
        operationId: 'getDeployment',
        summary: 'One deployment',
        security: [{}, { JWT: [] }],
        parameters: [
          {
            in: 'path',
            name: 'id',
            required: true,
            schema: { type: 'string', format: 'uuid' },
          },
        ],
        responses: answers('Deployment'),
      },
    },
    ...evidencePaths,
    ...deploymentTestsPaths,
    ...gatePaths,
    ...operationPaths,
    ...freezePaths,
    ...promotionPaths,
    '/ingest/problems': {
      get: {
        operationId: 'listIngestProblems',
        summary: 'What came in and could not be used, last seen first',
        security: [{}, { JWT: [] }],
        parameters: [
          { $ref: '#/components/parameters/limit' },
          { $ref: '#/components/parameters/cursor' },
        ],
        responses: answers('IngestProblemPage'),
      },
    },
  },
  components: {
    securitySchemes: {
      JWT: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      ApiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
    },
    parameters: {
      limit: {
        in: 'query',
        name: 'limit',
        description: 'Rows of a page',
        schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
      },
      cursor: {
        in: 'query',
        name: 'cursor',
        description: 'The nextCursor of the page before',
        schema: { type: 'string', minLength: 1, maxLength: 2000 },
      },
    },
    schemas,
  },
};
