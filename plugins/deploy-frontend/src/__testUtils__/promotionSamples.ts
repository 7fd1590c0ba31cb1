import {
  Canary,
  Condition,
  ConfigurationComparison,
  defaultCanarySettings,
  Freeze,
  FreezeInForce,
  Promotion,
  PromotionEvent,
  Readiness,
  Release,
  ReleaseSummary,
} from '@vvp/backstage-plugin-deploy-common';
import { minutesAgo, sampleCommit } from './samples';

/**
 * The release that wants to go into production.
 *
 * @internal
 */
export function sampleRelease(part: Partial<Release> = {}): Release {
  return {
    id: 'release-9f8e7d6',
    commit: sampleCommit('9f8e7d6'),
    version: 'v1.5.0',
    ...part,
  };
}

/**
 * A release and where it was deployed.
 *
 * @internal
 */
export function sampleReleaseSummary(
  part: Partial<ReleaseSummary> = {},
): ReleaseSummary {
  return {
    ...sampleRelease(),
    createdAt: minutesAgo(90),
    ref: 'main',
    title: 'Refuse expired certificates in the chain',
    deployments: [
      {
        id: 'deployment-staging',
        environment: 'staging',
        status: 'succeeded',
        createdAt: minutesAgo(60),
      },
    ],
    ...part,
  };
}

/**
 * A condition; met unless said otherwise.
 *
 * @internal
 */
export function sampleCondition(part: Partial<Condition> = {}): Condition {
  return {
    id: 'gate:coverage',
    kind: 'gate',
    title: 'Coverage of the verifier',
    state: 'met',
    reason: 'Line coverage is 84 %, at least 80 % is asked for.',
    since: minutesAgo(50),
    overridable: false,
    ...part,
  };
}

/**
 * The approval that lacks.
 *
 * @internal
 */
export function approvalCondition(part: Partial<Condition> = {}): Condition {
  return sampleCondition({
    id: 'approval:1',
    kind: 'approval',
    title: 'Approval by vvp-leads',
    state: 'unmet',
    reason: '0 of 1 voices of vvp-leads.',
    clearedBy: {
      how: 'A member of vvp-leads approves.',
      permission: 'deploy.approve',
      people: ['group:default/vvp-leads'],
    },
    overridable: true,
    ...part,
  });
}

/**
 * A freeze that is in force.
 *
 * @internal
 */
export function freezeCondition(part: Partial<Condition> = {}): Condition {
  return sampleCondition({
    id: 'freeze:weekend',
    kind: 'freeze',
    title: 'Weekend',
    state: 'unmet',
    reason: 'Frozen: nobody is there at the weekend.',
    since: minutesAgo(120),
    until: minutesAgo(-60 * 40),
    overridable: true,
    ...part,
  });
}

/**
 * A release that only an approval lacks.
 *
 * @internal
 */
export function sampleReadiness(part: Partial<Readiness> = {}): Readiness {
  return {
    entityRef: 'component:default/vvp-verifier',
    environment: 'production',
    tier: 'production',
    release: sampleRelease(),
    state: 'blocked',
    conditions: [
      sampleCondition(),
      sampleCondition({
        id: 'order',
        kind: 'order',
        title: 'Worked in staging',
        reason: 'It works in staging since an hour.',
      }),
      approvalCondition(),
      sampleCondition({
        id: 'freeze',
        kind: 'freeze',
        title: 'No freeze',
        reason: 'No freeze is in force.',
        since: undefined,
      }),
    ],
    approvals: [
      { from: ['group:default/vvp-leads'], required: 1, approvers: [] },
    ],
    seam: 'protection-rule',
    at: minutesAgo(0),
    ...part,
  };
}

/**
 * A release that changes nothing in the configuration.
 *
 * @internal
 */
export function sampleComparison(
  part: Partial<ConfigurationComparison> = {},
): ConfigurationComparison {
  return {
    from: sampleCommit('a1b2c3d'),
    to: sampleCommit('9f8e7d6'),
    state: 'known',
    differences: [],
    ...part,
  };
}

/**
 * A line of a promotion's history.
 *
 * @internal
 */
export function sampleEvent(
  part: Partial<PromotionEvent> = {},
): PromotionEvent {
  return {
    sequence: 1,
    at: minutesAgo(20),
    by: 'user:default/dana',
    type: 'requested',
    text: 'Asked that v1.5.0 goes into production.',
    ...part,
  };
}

/**
 * A promotion that waits for one approval, which the caller may give.
 *
 * @internal
 */
export function samplePromotion(part: Partial<Promotion> = {}): Promotion {
  return {
    id: 'promotion-1',
    entityRef: 'component:default/vvp-verifier',
    environment: 'production',
    tier: 'production',
    release: sampleRelease(),
    class: 'regular',
    status: 'awaiting_approval',
    requestedBy: 'user:default/dana',
    createdAt: minutesAgo(20),
    updatedAt: minutesAgo(18),
    expiresAt: minutesAgo(-60 * 24),
    seam: 'protection-rule',
    run: {
      runId: '9100123',
      attempt: 1,
      workflowName: 'Deploy',
      url: 'https://github.example.test/example-org/vvp/actions/runs/9100123',
    },
    approvals: [],
    requiredApprovals: 1,
    events: [
      sampleEvent(),
      sampleEvent({
        sequence: 2,
        at: minutesAgo(18),
        by: undefined,
        type: 'fit',
        text: 'The release is fit for production.',
      }),
    ],
    readiness: sampleReadiness({ promotionId: part.id ?? 'promotion-1' }),
    mayApprove: { allowed: true },
    mayReject: { allowed: true },
    mayCancel: { allowed: true },
    mayOverride: {
      allowed: false,
      why: 'This needs the permission deploy.override for this environment.',
    },
    seen: 'seen-1',
    ...part,
  };
}

/**
 * A freeze over the weekend that is in force.
 *
 * @internal
 */
export function sampleFreeze(part: Partial<Freeze> = {}): Freeze {
  return {
    id: 'freeze-1',
    title: 'Weekend',
    reason: 'Nobody is there to look at it.',
    scope: { tiers: ['production'] },
    window: {
      rrule: 'FREQ=WEEKLY;BYDAY=FR;BYHOUR=15;BYMINUTE=0',
      timeZone: 'Europe/Berlin',
      start: '2026-11-20T15:00',
      duration: 'PT63H',
    },
    allows: ['hotfix', 'rollback'],
    by: 'user:default/omar',
    createdAt: minutesAgo(60 * 24 * 9),
    current: { from: '2026-11-20T14:00:00Z', to: '2026-11-23T05:00:00Z' },
    next: { from: '2026-11-27T14:00:00Z', to: '2026-11-30T05:00:00Z' },
    ...part,
  };
}

/**
 * A freeze as an environment shows it.
 *
 * @internal
 */
export function sampleFreezeInForce(
  part: Partial<FreezeInForce> = {},
): FreezeInForce {
  return {
    id: 'freeze-1',
    title: 'Weekend',
    reason: 'Nobody is there to look at it.',
    by: 'user:default/omar',
    since: '2026-11-20T14:00:00Z',
    nextOpen: '2026-11-23T05:00:00Z',
    allows: ['hotfix', 'rollback'],
    ...part,
  };
}

/**
 * A canary that is watched and has no error.
 *
 * @internal
 */
export function sampleCanary(part: Partial<Canary> = {}): Canary {
  return {
    phase: 'watching',
    settings: defaultCanarySettings,
    revision: 'vvp-verifier--0000012',
    stable: 'vvp-verifier--0000011',
    percent: 10,
    startedAt: minutesAgo(2),
    lookedAt: new Date().toISOString(),
    watchSecondsLeft: 192,
    errors: 0,
    entries: 100,
    health: { state: 'healthy', ready: 2, wanted: 2 },
    notes: [],
    operationId: 'operation-1',
    ...part,
  };
}

/**
 * A promotion whose canary is under way, which the caller may move.
 *
 * @internal
 */
export function sampleCanaryPromotion(
  canary: Partial<Canary> = {},
  part: Partial<Promotion> = {},
): Promotion {
  const decided = { allowed: false, why: 'The promotion is decided already.' };
  return samplePromotion({
    status: 'executing',
    readiness: undefined,
    canary: sampleCanary(canary),
    mayApprove: decided,
    mayReject: decided,
    mayCancel: decided,
    mayOverride: decided,
    mayPause: { allowed: true },
    mayContinue: { allowed: true },
    mayAbort: { allowed: true },
    ...part,
  });
}
