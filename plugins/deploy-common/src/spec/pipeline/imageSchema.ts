import { path, minutes } from './pieces';

/**
 * JSON Schema of a service's `image`.
 *
 * @internal
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
    timeoutMinutes: {
      ...minutes,
      description: 'How long it may take, 20 minutes unless said otherwise.',
    },
  },
} as const;
