import {
  Promotion,
  Readiness,
  ServiceOverview,
} from '@vvp/backstage-plugin-deploy-common';
import {
  approvalCondition,
  freezeCondition,
  sampleCondition,
  sampleEvent,
  sampleFreezeInForce,
  samplePromotion,
  sampleReadiness,
  sampleRelease,
} from '../src/__testUtils__/promotionSamples';
import {
  minutesAgo,
  sampleCommit,
  sampleDeployment,
  sampleEnvironment,
  sampleService,
} from '../src/__testUtils__/samples';

import { canaryPromotionOf, canaryStates } from './canaryScenarios';

const longName = 'production-eu-central-1-confidential-customers-blue';
const longVersion =
  'release/2026.11.21-hotfix-for-the-certificate-rotation.4+build.20261121';

/** Names of the services, each of which shows the tab with a promotion or a freeze. */
export const promotionServices = [
  'promotion-pending',
  'promotion-frozen',
  'promotion-long-names',
];

/** Ids of promotions, each of which is in one state. */
export const promotionStates = [
  'gated',
  'awaiting',
  'awaiting-other',
  'own',
  'changed',
  'frozen',
  'executing',
  'verifying',
  'live',
  'live-unjudged',
  'rejected',
  'failed',
  'expired',
  'superseded',
  'bypassed',
  'long',
  ...canaryStates,
];

function environments(name: string) {
  return [
    sampleEnvironment({
      name: 'staging',
      tier: 'staging',
      order: 0,
      currentDeployment: sampleDeployment({
        environment: 'staging',
        release: sampleRelease(),
        minutesAgo: 60,
      }),
    }),
    sampleEnvironment({
      name,
      order: 1,
      currentDeployment: sampleDeployment({
        environment: name,
        release: {
          id: 'release-1.4.2',
          commit: sampleCommit('a1b2c3d'),
          version: 'v1.4.2',
        },
        minutesAgo: 4200,
      }),
    }),
  ];
}

/** What the services of the gallery answer that have a promotion under way or are frozen. */
export const promotionOverviews: Record<string, ServiceOverview> = {
  'promotion-pending': sampleService({
    environments: environments('production').map(each =>
      each.name === 'production'
        ? {
            ...each,
            pendingPromotion: {
              id: 'awaiting',
              status: 'awaiting_approval' as const,
              release: sampleRelease(),
            },
          }
        : each,
    ),
  }),
  'promotion-frozen': sampleService({
    environments: environments('production').map(each =>
      each.name === 'production'
        ? {
            ...each,
            enforced: false,
            freeze: sampleFreezeInForce({
              since: minutesAgo(120),
              nextOpen: minutesAgo(-60 * 40),
            }),
            pendingPromotion: {
              id: 'frozen',
              status: 'approved' as const,
              release: sampleRelease(),
            },
          }
        : each,
    ),
  }),
  'promotion-long-names': sampleService({
    environments: environments(longName).map(each =>
      each.name === longName
        ? {
            ...each,
            freeze: sampleFreezeInForce({
              title:
                'Freeze of the carrier in Frankfurt for the certificate rotation of the whole of Central Europe',
              nextOpen: minutesAgo(-60 * 40),
            }),
            pendingPromotion: {
              id: 'long',
              status: 'gated' as const,
              release: sampleRelease({ version: longVersion }),
            },
          }
        : each,
    ),
  }),
};

const over = { finishedAt: minutesAgo(1), readiness: undefined };
const refusal = { allowed: false, why: 'The promotion is decided already.' };
const decided = {
  mayApprove: refusal,
  mayReject: refusal,
  mayCancel: refusal,
  mayOverride: refusal,
};
const voice = {
  by: 'user:default/omar',
  at: minutesAgo(10),
  comment: 'Tested against the staging range.',
};

const promotions: Record<string, Partial<Promotion>> = {
  gated: {
    status: 'gated',
    mayOverride: { allowed: true },
    readiness: sampleReadiness({
      conditions: [
        sampleCondition({
          state: 'unmet',
          reason: 'Line coverage is 71 %, at least 80 % is asked for.',
          clearedBy: {
            how: 'Send a newer report of this commit, or let the gate be waived.',
            permission: 'deploy.waive',
          },
        }),
        sampleCondition({
          id: 'soak',
          kind: 'soak',
          title: 'Two hours in staging',
          state: 'pending',
          reason: 'It has worked in staging for one hour of two.',
          until: minutesAgo(-60),
          overridable: true,
        }),
        sampleCondition({
          id: 'quarantine',
          kind: 'quarantine',
          title: 'Not quarantined',
          reason: 'The release is not quarantined.',
          since: undefined,
        }),
        approvalCondition(),
      ],
    }),
  },
  awaiting: {},
  'awaiting-other': {
    entityRef: 'component:default/promotion-frozen',
    requiredApprovals: 2,
    approvals: [voice],
  },
  own: {
    entityRef: 'component:default/promotion-long-names',
    requestedBy: 'user:default/guest',
    mayApprove: {
      allowed: false,
      why: 'You asked for this promotion: somebody else has to approve it.',
    },
  },
  changed: {
    run: undefined,
    approvals: [
      {
        ...voice,
        lapsed: {
          at: minutesAgo(5),
          why: 'The result of the gate Coverage of the verifier changed.',
        },
      },
    ],
    events: [
      sampleEvent(),
      sampleEvent({
        sequence: 2,
        type: 'approved',
        by: voice.by,
        text: 'Approved.',
        comment: voice.comment,
        at: voice.at,
      }),
      sampleEvent({
        sequence: 3,
        type: 'approval-lapsed',
        by: undefined,
        text: 'The approval of omar lapsed: a gate result changed.',
        at: minutesAgo(5),
      }),
    ],
  },
  frozen: {
    status: 'approved',
    approvals: [voice],
    mayApprove: { allowed: false, why: 'It has all the voices it needs.' },
    mayOverride: { allowed: true },
    readiness: sampleReadiness({
      state: 'blocked',
      conditions: [
        sampleCondition(),
        approvalCondition({ state: 'met', reason: '1 of 1 voices.' }),
        freezeCondition(),
      ],
      approvals: [
        {
          from: ['group:default/vvp-leads'],
          required: 1,
          approvers: [voice.by],
        },
      ],
    }),
  },
  executing: {
    ...decided,
    status: 'executing',
    approvals: [voice],
    readiness: undefined,
  },
  verifying: {
    ...decided,
    status: 'verifying',
    approvals: [voice],
    readiness: undefined,
    operationId: 'live',
    deployment: sampleDeployment({
      release: sampleRelease(),
      minutesAgo: 1,
      watch: {
        state: 'watching',
        startedAt: minutesAgo(2),
        until: minutesAgo(-3),
        looks: { done: 4, healthy: 4, planned: 10 },
      },
    }),
  },
  live: {
    ...over,
    ...decided,
    status: 'succeeded',
    approvals: [voice],
    deployment: sampleDeployment({ release: sampleRelease(), minutesAgo: 1 }),
    events: [
      sampleEvent(),
      sampleEvent({
        sequence: 2,
        type: 'approved',
        by: voice.by,
        text: 'Approved.',
        comment: voice.comment,
        at: voice.at,
      }),
      sampleEvent({
        sequence: 3,
        type: 'let-through',
        by: undefined,
        text: 'All conditions are met: GitHub was told to go ahead.',
        at: minutesAgo(9),
      }),
      sampleEvent({
        sequence: 4,
        type: 'verified',
        by: undefined,
        text: 'v1.5.0 is live in production.',
        at: minutesAgo(1),
      }),
    ],
  },
  'live-unjudged': {
    ...over,
    ...decided,
    status: 'succeeded',
    approvals: [voice],
    note: 'Nobody judged whether it works: the platform could not be asked.',
  },
  rejected: {
    ...over,
    ...decided,
    status: 'rejected',
    events: [
      sampleEvent(),
      sampleEvent({
        sequence: 2,
        type: 'rejected',
        by: voice.by,
        text: 'Rejected.',
        comment: 'The carrier changes its routes tonight; ask again tomorrow.',
      }),
    ],
  },
  failed: {
    ...over,
    ...decided,
    status: 'failed',
    failure: {
      message: 'The job deploy-verifier failed: manifest unknown.',
      remedy: 'Build the image again and ask for a new promotion.',
    },
  },
  expired: { ...over, ...decided, status: 'expired', expiresAt: minutesAgo(2) },
  superseded: { ...over, ...decided, status: 'superseded' },
  bypassed: {
    ...over,
    ...decided,
    status: 'succeeded',
    events: [
      sampleEvent({ by: 'github:octo-dana' }),
      sampleEvent({
        sequence: 2,
        type: 'bypassed',
        by: 'github:octo-admin',
        text: 'The rules of the environment were bypassed at GitHub.',
      }),
    ],
  },
  long: {
    status: 'gated',
    class: 'hotfix',
    environment: longName,
    release: sampleRelease({ version: longVersion }),
    requestedBy:
      'user:default/a-person-with-a-remarkably-long-name-that-does-not-break',
    reason:
      'Since the release every third call from the carrier in Frankfurt is refused with “certificate chain incomplete”. Ticket INC-20261121-0042-a-very-long-identifier-without-any-space-in-it-whatsoever.',
    seam: 'none',
    readiness: sampleReadiness({
      environment: longName,
      seam: 'none',
      seamRemedy:
        'Name the environment in the job that deploys and switch on the deployment protection rule of this portal.',
      conditions: [
        sampleCondition({
          title:
            'Integration tests against the confidential customers of Central Europe in every configuration',
          state: 'unmet',
          reason:
            'tests/integration/test_chain_of_certificates_with_a_name_that_nobody_could_ever_remember.py fails.',
          clearedBy: {
            how: 'Mend the test or the release.',
            people: ['group:default/a-team-with-a-remarkably-long-name'],
          },
        }),
        approvalCondition(),
      ],
    }),
  },
};

/** A promotion of the gallery in one state; nothing for an unknown id. */
export function promotionOf(id: string): Promotion | undefined {
  const part = promotions[id] ?? canaryPromotionOf(id);
  return (
    part &&
    samplePromotion({
      id,
      entityRef: 'component:default/promotion-pending',
      ...part,
    })
  );
}

/** What stands between a release and an environment of the gallery. */
export function readinessOf(entityRef: string, environment: string): Readiness {
  const frozen = entityRef.endsWith('frozen');
  return sampleReadiness({
    entityRef,
    environment,
    ...(frozen && {
      seam: 'none',
      seamRemedy:
        'Switch on the deployment protection rule of this portal for the environment at GitHub.',
      conditions: [sampleCondition(), approvalCondition(), freezeCondition()],
    }),
  });
}
