import { HealthState } from '@vvp/backstage-plugin-deploy-common';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import {
  describeLook,
  judgeConfirmation,
  Look,
  VersionLook,
} from './judgeConfirmation';

const SHA = '1f2e3d4c5b6a79880123456789abcdef01234567';
const right: VersionLook = { state: 'right', told: SHA };
const other: VersionLook = { state: 'other', told: SHA, message: 'Another.' };
const unread: VersionLook = { state: 'unread', message: 'It is HTML.' };

function inPlace(state: HealthState, version?: VersionLook): Look {
  return {
    verification: { serving: 'old', inPlace: true, health: { state } },
    ...(version && { version }),
  };
}

const good = inPlace('healthy');
const sick = inPlace('unhealthy');
const unknown = inPlace('unknown');
const elsewhere: Look = {
  verification: {
    serving: 'new',
    inPlace: false,
    health: { state: 'healthy' },
  },
};
const nothing: Look = {
  verification: { inPlace: false, health: { state: 'unhealthy' } },
};
const unseen: Look = { unseen: new TargetError('transient', 'Throttled.') };

describe('judgeConfirmation', () => {
  it.each<[string, Look[]]>([
    ['two good looks in a row', [good, good]],
    ['two good ones after trouble', [sick, elsewhere, good, good]],
    [
      'health and commit',
      [inPlace('healthy', right), inPlace('healthy', right)],
    ],
    [
      'the right commit where the health is not told',
      [inPlace('unknown', right), inPlace('unknown', right)],
    ],
    [
      'what is in place to the end without any health',
      [unknown, unknown, unknown, unknown],
    ],
  ])('confirms %s', (_name, looks) => {
    expect(judgeConfirmation(looks, 4)).toMatchObject({ verdict: 'confirmed' });
  });

  describe('of how many are ready', () => {
    /** Each `ready/wanted`; in brackets: another one serves. */
    const counted = (counts: string): Look[] =>
      counts.split(' ').map(pair => {
        const [ready, wanted] = (pair.match(/\d+/g) ?? []).map(Number);
        return {
          verification: {
            serving: 'old',
            inPlace: !pair.startsWith('('),
            health: {
              state: ready < wanted ? 'degraded' : 'healthy',
              ready,
              wanted,
            },
          },
        };
      });

    it.each([
      ['3/3 3/5', 'confirmed'],
      ['3/3 2/5 3/5 4/5', 'confirmed'],
      ['3/3 2/5 2/5 2/5', 'failed'],
      ['2/3 2/5 3/5 3/5', 'failed'],
      ['3/3 2/3 2/3 2/3', 'failed'],
      ['3/3 (3/5) (3/5)', 'displaced'],
      ['(3/3) 3/5 3/5 3/5', 'failed'],
    ])('%s: %s', (counts, verdict) => {
      expect(judgeConfirmation(counted(counts), 4).verdict).toBe(verdict);
    });
  });

  it('confirms a single look where there is only one', () => {
    expect(judgeConfirmation([good], 1)).toEqual({ verdict: 'confirmed' });
  });

  it('says that the health was never told', () => {
    expect(judgeConfirmation([unknown, unknown], 2)).toMatchObject({
      verdict: 'confirmed',
      note: expect.stringMatching('does not tell its health'),
    });
  });

  it.each<[string, Look[]]>([
    ['nothing was seen yet', []],
    ['there was one good look', [good]],
    ['good looks are not in a row', [good, sick, good]],
    ['the platform once did not answer', [good, unseen, good]],
    ['it once served elsewhere', [good, elsewhere, good]],
    ['the health is not told yet', [unknown, unknown]],
    ['it is degraded', [inPlace('degraded'), inPlace('degraded')]],
    [
      'another commit answers',
      [inPlace('healthy', other), inPlace('healthy', other)],
    ],
    [
      'the version cannot be read',
      [inPlace('healthy', unread), inPlace('healthy', unread)],
    ],
    ['nothing serves', [nothing, nothing]],
  ])('goes on looking while %s', (_name, looks) => {
    expect(judgeConfirmation(looks, 12)).toEqual({ verdict: 'watching' });
  });

  it.each<[string, Look[]]>([
    ['something else serves twice in a row', [good, elsewhere, elsewhere]],
    [
      'a service that only it can tell about says so',
      [inPlace('unknown', other), inPlace('unknown', other)],
    ],
  ])('is displaced when %s', (_name, looks) => {
    expect(judgeConfirmation(looks, 12)).toMatchObject({
      verdict: 'displaced',
    });
  });

  it('is displaced when something else serves at the end', () => {
    expect(judgeConfirmation([good, sick, elsewhere], 3)).toEqual({
      verdict: 'displaced',
      why: 'new serves, or a part of the traffic goes elsewhere. Its health is healthy.',
    });
  });

  it.each<[string, Look[], string | RegExp]>([
    ['it is unhealthy', [sick, sick, sick], /health is unhealthy/],
    ['it is degraded', [good, good, inPlace('degraded')].slice(1), /degraded/],
    ['nothing serves', [good, nothing, nothing], /Nothing serves/],
    [
      'another commit answers',
      [
        inPlace('healthy', other),
        inPlace('healthy', other),
        inPlace('healthy', other),
      ],
      /Another\.$/,
    ],
    [
      'the version cannot be read',
      [
        inPlace('healthy', unread),
        inPlace('healthy', unread),
        inPlace('healthy', unread),
      ],
      /It is HTML\.$/,
    ],
    ['one good look came too late', [sick, sick, good], /health is healthy/],
  ])('fails at the end when %s', (_name, looks, why) => {
    expect(judgeConfirmation(looks, looks.length)).toEqual({
      verdict: 'failed',
      why: expect.stringMatching(why),
    });
  });

  it.each(['healthy', 'unknown'] as const)(
    'needs no word of the service that was waived, if the platform says %s',
    health => {
      const look = inPlace(health, { state: 'waived', message: 'It is HTML.' });

      expect(judgeConfirmation([look, look], 2)).toEqual({
        verdict: 'confirmed',
        note: expect.stringContaining(
          'Not proven by the version address, which was waived: It is HTML.',
        ),
      });
    },
  );

  it('takes no word of the service for the health of the platform', () => {
    const look = inPlace('unhealthy', { state: 'waived', message: 'HTML.' });

    expect(judgeConfirmation([look, look], 2).verdict).toBe('failed');
  });

  it('says at the end that the platform cannot be asked', () => {
    expect(judgeConfirmation([sick, unseen], 2)).toMatchObject({
      verdict: 'unseen',
      error: { message: 'Throttled.' },
    });
  });
});

describe('describeLook', () => {
  it('says all that is known', () => {
    const look: Look = {
      verification: {
        serving: 'vvp-issuer--0000007',
        inPlace: true,
        health: {
          state: 'degraded',
          reason: 'ImagePullBackOff.',
          ready: 1,
          wanted: 3,
        },
      },
      version: right,
    };

    expect(describeLook(look)).toBe(
      'vvp-issuer--0000007 serves. Its health is degraded (1 of 3 ready): ImagePullBackOff. It says that it runs 1f2e3d4c5b6a.',
    );
  });

  it('says that the platform does not answer', () => {
    expect(describeLook(unseen)).toBe(
      'The platform does not answer: Throttled.',
    );
  });
});
