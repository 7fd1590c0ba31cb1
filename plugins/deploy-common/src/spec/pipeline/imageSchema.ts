import { line, path, minutes } from './pieces';

/**
 * JSON Schema of a service's `image`.
 */
export const imageSchema = {
  type: 'object',
  description: 'How the image of the service is built.',
  additionalProperties: false,
  required: ['dockerfile'],
  properties: {
    dockerfile: {
      ...path,
      description: 'Dockerfile, relative to the root of the repository.',
    },
    context: {
      ...path,
      description: 'What the build sees, the root unless said otherwise.',
    },
    target: {
      type: 'string',
      maxLength: 63,
      pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$',
      description: 'Stage of the Dockerfile, the last unless said otherwise.',
    },
    platforms: {
      type: 'array',
      minItems: 1,
      maxItems: 5,
      uniqueItems: true,
      description: 'What it is built for, linux/amd64 unless said otherwise.',
      items: {
        enum: ['linux/amd64', 'linux/arm64'],
        description: 'Operating system and processor.',
      },
    },
    repository: {
      type: 'string',
      maxLength: 255,
      pattern:
        '^[a-z0-9-]+(\\.[a-z0-9-]+)+(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)+$',
      description:
        'Where it is pushed to, with the registry, such as ghcr.io/example-org/shop: by a job of its own, before all deployments, which get it by its digest. Registries: ghcr.io, Amazon ECR and Azure (azurecr.io). Default: what the target names, by the job that deploys.',
    },
    tags: {
      type: 'array',
      minItems: 1,
      maxItems: 7,
      uniqueItems: true,
      description:
        'What it is called besides the commit, which always is a tag and never changes. Needs "repository".',
      items: {
        enum: [
          'commit',
          'version',
          'version-commit',
          'branch',
          'environment',
          'tag',
          'latest',
        ],
        description:
          'version and version-commit need "version"; environment: the one that the workflow deploys to; tag: that of git, if it was one; latest: of a tag, and of the default branch.',
      },
    },
    version: {
      type: 'object',
      description: 'Where the version of the service stands.',
      additionalProperties: false,
      required: ['file'],
      properties: {
        file: { ...path, description: 'File, such as package.json.' },
        pattern: {
          ...line,
          maxLength: 200,
          description:
            'Regular expression of JavaScript whose first group is the version; ^ and $ are ends of lines. The first thing called version unless said otherwise.',
        },
      },
    },
    sign: {
      type: 'boolean',
      description:
        'Whether the image is signed, without a key (cosign), and deployments look whether these workflows signed it. Needs "repository".',
    },
    scan: {
      type: 'object',
      description:
        'Looks for vulnerabilities (Trivy) before the image gets its tags. Needs "repository".',
      additionalProperties: false,
      required: ['severity'],
      properties: {
        severity: {
          enum: ['critical', 'high', 'medium', 'low'],
          description:
            'One of this severity or a worse one fails the build, and so does a scan that cannot be completed.',
        },
        ignoreUnfixed: {
          type: 'boolean',
          description:
            'Whether those that nobody has mended yet are passed over. Default: false.',
        },
      },
    },
    timeoutMinutes: {
      ...minutes,
      description: 'How long it may take, 20 minutes unless said otherwise.',
    },
  },
} as const;
