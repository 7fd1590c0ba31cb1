import { Canary, Promotion } from '@vvp/backstage-plugin-deploy-common';
import {
  sampleCanary,
  sampleCanaryPromotion,
  sampleEvent,
  sampleRelease,
} from '../src/__testUtils__/promotionSamples';
import { minutesAgo } from '../src/__testUtils__/samples';

const began = Date.now();
const longRevision =
  'sip-redirect-signing-production-eu-central-1-confidential-customers-blue--0000412-rc.3';
const movesItself = {
  allowed: false,
  why: 'The platform moves on by itself (BAKE_TIME): nobody can hold or hasten it.',
};
const noRight = (permission: string) => ({
  allowed: false,
  why: `This needs the permission ${permission} for production of vvp-verifier.`,
});
const overNow = {
  mayPause: undefined,
  mayContinue: undefined,
  mayAbort: undefined,
};

/** Looked at every ten seconds, as the backend does; begins anew when the page is loaded. */
function lookedAgain(
  seconds: number,
): Pick<Canary, 'lookedAt' | 'watchSecondsLeft'> {
  const passed = Math.floor((Date.now() - began) / 10_000) * 10;
  return {
    lookedAt: new Date(began + passed * 1000).toISOString(),
    watchSecondsLeft: Math.max(0, seconds - passed),
  };
}

const scenarios: Record<
  string,
  () => { canary: Partial<Canary>; promotion?: Partial<Promotion> }
> = {
  'canary-starting': () => ({
    canary: {
      phase: 'starting',
      percent: 0,
      watchSecondsLeft: 300,
      errors: 0,
      entries: 0,
    },
  }),
  'canary-watching': () => ({ canary: { ...lookedAgain(192), errors: 3 } }),
  'canary-last-seconds': () => ({ canary: lookedAgain(12) }),
  'canary-many-errors': () => ({
    canary: {
      ...lookedAgain(150),
      errors: 5,
      health: {
        state: 'degraded',
        ready: 1,
        wanted: 2,
        reason: 'CrashLoopBackOff: back-off 40s restarting failed container',
      },
    },
  }),
  'canary-stands': () => ({
    canary: {
      lookedAt: minutesAgo(4),
      watchSecondsLeft: 110,
      health: { state: 'unknown' },
      notes: [
        `The platform could not be asked since ${minutesAgo(
          4,
        )}, so that the clock stands still: connect ECONNREFUSED 127.0.0.1:443`,
      ],
    },
  }),
  'canary-no-log': () => ({
    canary: {
      ...lookedAgain(240),
      errors: undefined,
      entries: undefined,
      notes: ['The logs of Container Apps are not read by the portal.'],
    },
  }),
  'canary-moves-itself': () => ({
    canary: {
      percent: 100,
      watchSecondsLeft: undefined,
      errors: undefined,
      entries: undefined,
      revision: 'ngx-voice-agent:412',
      stable: 'ngx-voice-agent:411',
      operationId: undefined,
    },
    promotion: { mayPause: movesItself, mayContinue: movesItself },
  }),
  'canary-share-unknown': () => ({
    canary: {
      ...lookedAgain(200),
      percent: undefined,
      revision: undefined,
      stable: undefined,
    },
  }),
  'canary-paused': () => ({
    canary: {
      phase: 'paused',
      pausedBy: 'user:default/omar',
      watchSecondsLeft: 131,
      errors: 1,
    },
    promotion: { mayPause: { allowed: false, why: 'It is paused already.' } },
  }),
  'canary-continuing': () => ({
    canary: { phase: 'continuing', percent: 10, watchSecondsLeft: 0 },
    promotion: {
      mayPause: { allowed: false, why: 'It gets all of the traffic already.' },
      mayContinue: {
        allowed: false,
        why: 'It gets all of the traffic already.',
      },
    },
  }),
  'canary-aborting': () => {
    const why = 'It is being aborted already.';
    return {
      canary: {
        phase: 'aborting',
        errors: 7,
        watchSecondsLeft: 88,
        notes: ['7 errors in 100 log entries, only 5 are let pass.'],
      },
      promotion: {
        mayPause: { allowed: false, why },
        mayContinue: { allowed: false, why },
        mayAbort: { allowed: false, why },
      },
    };
  },
  'canary-done': () => ({
    canary: { phase: 'done', percent: 100, watchSecondsLeft: 0, errors: 1 },
    promotion: { ...overNow, status: 'succeeded', finishedAt: minutesAgo(1) },
  }),
  'canary-aborted': () => ({
    canary: {
      phase: 'aborted',
      percent: 0,
      watchSecondsLeft: 88,
      errors: 7,
      health: { state: 'healthy' },
      notes: ['7 errors in 100 log entries, only 5 are let pass.'],
    },
    promotion: {
      ...overNow,
      status: 'rolled_back',
      finishedAt: minutesAgo(1),
      events: [
        sampleEvent(),
        sampleEvent({
          sequence: 2,
          by: 'automatic',
          type: 'rolled-back',
          text: 'Rolled back: 7 errors in 100 log entries, only 5 are let pass.',
        }),
      ],
    },
  }),
  'canary-failed': () => ({
    canary: {
      phase: 'failed',
      percent: 10,
      errors: 7,
      health: {
        state: 'unhealthy',
        reason: 'ContainerTerminated: exit code 1',
      },
      notes: [
        '7 errors in 100 log entries, only 5 are let pass.',
        'The rollback to vvp-verifier--0000011 failed: the revision is not active any more. Activate it at the platform, then roll back.',
      ],
    },
    promotion: {
      ...overNow,
      status: 'failed',
      finishedAt: minutesAgo(1),
      failure: {
        message: 'The canary could not be taken back.',
        remedy: 'Look at the steps of the operation, then roll back.',
      },
    },
  }),
  'canary-no-permission': () => ({
    canary: lookedAgain(192),
    promotion: {
      mayPause: noRight('deploy.promote'),
      mayContinue: noRight('deploy.promote'),
      mayAbort: noRight('deploy.rollback'),
    },
  }),
  'canary-refused': () => ({ canary: lookedAgain(192) }),
  'canary-long': () => ({
    canary: {
      ...lookedAgain(192),
      revision: longRevision,
      stable: longRevision.replace('412-rc.3', '411'),
      errors: 1_204,
      entries: 100_000,
      settings: {
        percent: 1,
        minutes: 1440,
        maxErrors: 5_000,
        logEntries: 100_000,
      },
      percent: 1,
      notes: [
        'The log of the revision sip-redirect-signing-production-eu-central-1-confidential-customers-blue could not be read since 12 minutes: https://logs.example.test/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/production.',
      ],
    },
    promotion: {
      environment: 'production-eu-central-1-confidential-customers-blue',
      release: sampleRelease({
        version:
          'release/2026.11.21-hotfix-for-the-certificate-rotation.4+build.20261121',
      }),
    },
  }),
};

/** Ids of promotions, each of whose canaries is in one state. */
export const canaryStates = Object.keys(scenarios);

/** A promotion of the gallery with a canary in one state; nothing for an unknown id. */
export function canaryPromotionOf(id: string): Promotion | undefined {
  const scenario = scenarios[id]?.();
  return (
    scenario && {
      ...sampleCanaryPromotion(
        sampleCanary(scenario.canary),
        scenario.promotion,
      ),
      id,
      entityRef: 'component:default/vvp-verifier',
    }
  );
}
