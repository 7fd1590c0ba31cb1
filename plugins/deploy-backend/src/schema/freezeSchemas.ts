import { environmentTiers } from '@vvp/backstage-plugin-deploy-common';

const time = { type: 'string', format: 'date-time' } as const;
const text = { type: 'string' } as const;

const span = {
  type: 'object',
  additionalProperties: false,
  required: ['from', 'to'],
  properties: { from: time, to: time },
} as const;

const names = (description: string) =>
  ({
    type: 'array',
    items: { type: 'string', maxLength: 253 },
    maxItems: 50,
    description,
  } as const);

const freeze = {
  id: text,
  title: text,
  reason: text,
  scope: { $ref: '#/components/schemas/FreezeScope' },
  window: { $ref: '#/components/schemas/FreezeWindow' },
  allows: {
    type: 'array',
    items: { $ref: '#/components/schemas/FreezeExemption' },
  },
  by: { type: 'string', description: 'Entity ref, or configuration' },
  createdAt: time,
  current: { ...span, description: 'The window that is open now' },
  next: { ...span, description: 'The next one after that' },
} as const;

/** Shapes of freezes. */
export const freezeSchemas = {
  FreezeExemption: {
    type: 'string',
    enum: ['hotfix', 'rollback'],
    description: 'What a freeze lets through all the same',
  },
  FreezeScope: {
    type: 'object',
    additionalProperties: false,
    description:
      'All that is given must hold; an empty one is about every environment',
    properties: {
      tiers: {
        type: 'array',
        items: { type: 'string', enum: [...environmentTiers] },
      },
      environments: names('Names of environments'),
      systems: names('Entity refs of systems'),
      services: names('Entity refs of services'),
    },
  },
  FreezeWindow: {
    type: 'object',
    additionalProperties: false,
    description:
      'Either from and to, or rrule, timeZone, start and duration of a window that recurs',
    properties: {
      from: { type: 'string', maxLength: 40 },
      to: { type: 'string', maxLength: 40 },
      rrule: {
        type: 'string',
        maxLength: 1000,
        description:
          'Rule of RFC 5545 such as FREQ=WEEKLY;BYDAY=FR;BYHOUR=15;BYMINUTE=0',
      },
      timeZone: {
        type: 'string',
        maxLength: 100,
        description: 'IANA name such as Europe/Berlin',
      },
      start: {
        type: 'string',
        maxLength: 40,
        description:
          'Local date and time of the first window, such as 2026-11-20T15:00',
      },
      duration: {
        type: 'string',
        maxLength: 40,
        description: 'On the clock there, ISO 8601, such as PT63H',
      },
    },
  },
  Freeze: {
    type: 'object',
    additionalProperties: false,
    required: [
      'id',
      'title',
      'reason',
      'scope',
      'window',
      'allows',
      'by',
      'createdAt',
    ],
    properties: freeze,
  },
  FreezePreview: {
    type: 'object',
    additionalProperties: false,
    required: ['windows'],
    properties: { windows: { type: 'array', items: span } },
  },
  FreezePage: {
    type: 'object',
    additionalProperties: false,
    required: ['items'],
    properties: {
      items: { type: 'array', items: { $ref: '#/components/schemas/Freeze' } },
      nextCursor: text,
    },
  },
} as const;
