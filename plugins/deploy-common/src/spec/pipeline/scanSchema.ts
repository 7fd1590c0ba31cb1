/**
 * JSON Schema of a scan among `spec.tests`.
 *
 * @internal
 */
export const scanSchema = {
  type: 'object',
  description:
    'A scan of the repository by a well-known program, in place of tests; what it finds becomes evidence.',
  additionalProperties: false,
  required: ['type'],
  properties: {
    type: {
      enum: ['codeql', 'secrets', 'dependencies', 'image', 'commits'],
      description:
        'codeql: the code, by CodeQL. secrets: the commits of a push or pull request, all of them by night and by hand, by Gitleaks. dependencies: lock files, by Trivy. image: images as they lie in their repository, by Trivy. commits: messages of a pull request, by commitlint.',
    },
    languages: {
      type: 'array',
      minItems: 1,
      maxItems: 10,
      uniqueItems: true,
      description: 'For codeql: what the code is written in.',
      items: {
        enum: [
          'actions',
          'c-cpp',
          'csharp',
          'go',
          'java-kotlin',
          'javascript-typescript',
          'python',
          'ruby',
          'rust',
          'swift',
        ],
        description: 'Language as CodeQL calls it.',
      },
    },
    severity: {
      enum: ['critical', 'high', 'medium', 'low'],
      description:
        'For codeql, dependencies and image: one finding of this severity or a worse one fails the job. A scan that cannot be completed always does.',
    },
    tag: {
      type: 'string',
      maxLength: 128,
      pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]*$',
      description:
        'For image: which one is scanned, such as production. Each service with an "image.repository" is.',
    },
    licence: {
      type: 'string',
      maxLength: 128,
      pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
      description:
        'For secrets: name of the secret at GitHub with the licence that Gitleaks asks organisations for.',
    },
  },
} as const;
