import { line, paths, setting, settings, variableName } from './pieces';

/** What must never be written down. */
const secret = {
  type: 'object',
  additionalProperties: false,
  required: ['secret'],
  properties: {
    secret: {
      ...variableName,
      description: 'Name of a secret at GitHub. Never the secret itself.',
    },
  },
} as const;

/**
 * JSON Schema of an environment's `deploy.compose`.
 *
 * @internal
 */
export const composeSchema = {
  type: 'object',
  description:
    'Docker compose on a machine that is reached by SSH, for services whose target is a github-workflow: one job brings all of them, with the images of one commit.',
  additionalProperties: false,
  required: [
    'directory',
    'files',
    'images',
    'host',
    'user',
    'key',
    'knownHosts',
  ],
  properties: {
    directory: {
      type: 'string',
      maxLength: 255,
      pattern:
        '^/?[A-Za-z0-9._][A-Za-z0-9._@-]*(/[A-Za-z0-9._][A-Za-z0-9._@-]*)*$',
      description:
        "Directory of the project there, absolute or from the user's home, such as deployments/app-staging.",
    },
    files: {
      ...paths,
      maxItems: 10,
      description:
        'Compose files of the repository, in their order, such as docker-compose.yml and compose.staging.yml.',
    },
    environmentFiles: {
      type: 'object',
      description:
        'Environment files that are written there, each with its values by name. .env gets the images besides.',
      maxProperties: 10,
      propertyNames: {
        maxLength: 255,
        pattern:
          '^[A-Za-z0-9._][A-Za-z0-9._@-]*(/[A-Za-z0-9._][A-Za-z0-9._@-]*)*$',
      },
      additionalProperties: {
        ...settings,
        description: 'Values of the file, by name.',
      },
    },
    images: {
      type: 'object',
      description:
        'Variables of the compose files that name an image, each with the service that it is of. The image needs a "repository" at ghcr.io.',
      minProperties: 1,
      maxProperties: 20,
      propertyNames: { maxLength: 128, pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
      additionalProperties: {
        type: 'string',
        maxLength: 63,
        description: 'Key of a service.',
      },
    },
    host: {
      ...setting,
      description:
        'Name or address of the machine, or the secret or variable at GitHub that holds it.',
    },
    user: {
      ...setting,
      description: 'Who logs in there, or the secret or variable.',
    },
    key: {
      ...secret,
      description: 'The private key that is let in, without a passphrase.',
    },
    knownHosts: {
      ...setting,
      description:
        'The keys of the machine as ssh-keyscan prints them, or the secret or variable that holds them: nobody else is talked to.',
    },
    tailscale: {
      type: 'object',
      description: 'The private network that the machine is in.',
      additionalProperties: false,
      required: ['clientId', 'secret', 'tags'],
      properties: {
        clientId: {
          ...setting,
          description: 'ID of an OAuth client, or where it is.',
        },
        secret: {
          ...secret,
          description: 'Secret of the OAuth client.',
        },
        tags: {
          type: 'array',
          minItems: 1,
          maxItems: 10,
          uniqueItems: true,
          description: 'What the runner is called there, such as tag:ci.',
          items: {
            ...line,
            maxLength: 63,
            pattern: '^tag:[A-Za-z][A-Za-z0-9-]*$',
            description: 'Tag.',
          },
        },
      },
    },
    healthSeconds: {
      type: 'integer',
      minimum: 1,
      maximum: 1800,
      description:
        'How long containers may take until they say that they are well, 120 seconds unless said otherwise.',
    },
  },
} as const;
