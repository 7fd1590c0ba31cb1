import { defaultCanarySettings } from '@vvp/backstage-plugin-deploy-common';
import { sampleCanary } from '../__testUtils__/promotionSamples';
import {
  abortConfirmation,
  abortMissing,
  canaryAlarm,
  canaryErrors,
  canaryStatus,
  canaryText,
  isWatchStill,
  refusedMoves,
  spokenCanary,
  trafficShares,
  watchLeft,
  watchStands,
} from './canary';

const lookedAt = '2026-11-21T12:00:00Z';
const looked = Date.parse(lookedAt);
const watching = sampleCanary({ lookedAt, watchSecondsLeft: 100 });

describe('watchLeft', () => {
  it.each`
    what                                            | received | now      | left
    ${'the look was just now'}                      | ${0}     | ${0}     | ${100}
    ${'ten seconds have passed since the look'}     | ${2}     | ${10}    | ${90}
    ${'the answer was four seconds on its way'}     | ${4}     | ${4}     | ${96}
    ${'the clock of the browser is an hour ahead'}  | ${3600}  | ${3605}  | ${95}
    ${'the clock of the browser is an hour behind'} | ${-3600} | ${-3595} | ${95}
    ${'the clock was set back in between'}          | ${0}     | ${-500}  | ${100}
    ${'nobody looked for ten minutes: it stands'}   | ${0}     | ${600}   | ${70}
  `('$what: $left', ({ received, now, left }) => {
    expect(
      watchLeft(watching, looked + received * 1000, looked + now * 1000),
    ).toBe(left);
  });

  it('never goes below nothing', () => {
    const nearly = { ...watching, watchSecondsLeft: 5 };

    expect(watchLeft(nearly, looked, looked + 20_000)).toBe(0);
  });

  it.each(['paused', 'starting', 'continuing'] as const)(
    'stands while %s',
    phase => {
      expect(watchLeft({ ...watching, phase }, looked, looked + 20_000)).toBe(
        100,
      );
    },
  );

  it('is absent where the platform does not say', () => {
    const unknown = { ...watching, watchSecondsLeft: undefined };

    expect(watchLeft(unknown, looked, looked)).toBeUndefined();
  });
});

it('says that the clock stands only where it should run', () => {
  const later = looked + 31_000;

  expect(watchStands(watching, looked, later)).toBe(true);
  expect(watchStands(watching, looked, looked + 29_000)).toBe(false);
  expect(watchStands({ phase: 'paused' }, looked, later)).toBe(false);
});

it.each`
  before                                        | after                                    | still
  ${watching}                                   | ${watching}                              | ${true}
  ${watching}                                   | ${{ ...watching, watchSecondsLeft: 90 }} | ${false}
  ${{ phase: 'paused', watchSecondsLeft: 100 }} | ${watching}                              | ${false}
  ${watching}                                   | ${{ phase: 'watching' }}                 | ${false}
`(
  'tells a clock that stands from one that runs',
  ({ before, after, still }) => {
    expect(isWatchStill(before, after)).toBe(still);
  },
);

describe('canaryErrors', () => {
  const settings = defaultCanarySettings;

  it.each`
    errors | entries | maxErrors | text                                                   | tone
    ${0}   | ${100}  | ${5}      | ${'0 errors in 100 log entries, 5 are let pass.'}      | ${'success'}
    ${3}   | ${100}  | ${5}      | ${'3 errors in 100 log entries, 5 are let pass.'}      | ${'attention'}
    ${5}   | ${100}  | ${5}      | ${'5 errors in 100 log entries, 5 are let pass.'}      | ${'attention'}
    ${6}   | ${100}  | ${5}      | ${'6 errors in 100 log entries, only 5 are let pass.'} | ${'error'}
    ${1}   | ${1}    | ${1}      | ${'1 error in 1 log entry, 1 is let pass.'}            | ${'attention'}
    ${0}   | ${12}   | ${0}      | ${'0 errors in 12 log entries, none is let pass.'}     | ${'success'}
    ${1}   | ${12}   | ${0}      | ${'1 error in 12 log entries, none is let pass.'}      | ${'error'}
  `('$text', ({ errors, entries, maxErrors, text, tone }) => {
    expect(
      canaryErrors({ errors, entries, settings: { ...settings, maxErrors } }),
    ).toEqual({ text, tone });
  });

  it('says that health alone is judged where no log can be read', () => {
    expect(canaryErrors({ settings })).toEqual({
      text: 'No log can be read: its health alone is judged.',
      tone: 'neutral',
    });
  });
});

it.each`
  percent      | shares
  ${10}        | ${{ fresh: 10, stable: 90 }}
  ${0}         | ${{ fresh: 0, stable: 100 }}
  ${140}       | ${{ fresh: 100, stable: 0 }}
  ${-1}        | ${{ fresh: 0, stable: 100 }}
  ${undefined} | ${undefined}
`('shares the traffic at $percent', ({ percent, shares }) => {
  expect(trafficShares({ percent })).toEqual(shares);
});

it('does not promise the end of a watch that the platform does not tell', () => {
  expect(canaryText(sampleCanary())).toMatch(/when the watch is over/);
  expect(canaryText(sampleCanary({ watchSecondsLeft: undefined }))).toBe(
    'The new revision has 10 % of the traffic. Too many errors or bad health take it back.',
  );
});

it('does not promise all of the traffic to what has it', () => {
  expect(canaryText(sampleCanary({ percent: 100 }))).not.toMatch(/gets all/);
});

it.each`
  phase         | percent      | text
  ${'watching'} | ${undefined} | ${/^The new revision has an unknown share/}
  ${'paused'}   | ${10}        | ${/^The new revision keeps 10 % of the traffic until somebody/}
  ${'paused'}   | ${undefined} | ${/^The new revision keeps its share of the traffic until/}
  ${'failed'}   | ${10}        | ${/neither way: the new revision has 10 % of the traffic\./}
  ${'failed'}   | ${undefined} | ${/neither way\. Look/}
`(
  'says of $phase with $percent % no more than is known',
  ({ phase, percent, text }) => {
    expect(canaryText(sampleCanary({ phase, percent }))).toMatch(text);
  },
);

describe('canaryAlarm', () => {
  it.each`
    errors       | maxErrors | health         | text                                                             | tone
    ${5}         | ${5}      | ${'healthy'}   | ${'The next error takes it back.'}                               | ${'attention'}
    ${6}         | ${5}      | ${'healthy'}   | ${'It has more errors than are let pass.'}                       | ${'error'}
    ${0}         | ${5}      | ${'degraded'}  | ${'The new revision is degraded.'}                               | ${'attention'}
    ${undefined} | ${5}      | ${'unhealthy'} | ${'The new revision is unhealthy.'}                              | ${'error'}
    ${5}         | ${5}      | ${'degraded'}  | ${'The next error takes it back. The new revision is degraded.'} | ${'attention'}
  `('$text', ({ errors, maxErrors, health, text, tone }) => {
    const canary = sampleCanary({
      errors,
      settings: { ...defaultCanarySettings, maxErrors },
      health: { state: health },
    });

    expect(canaryAlarm(canary)).toEqual({ text, tone });
    expect(canaryStatus(canary)).toMatchObject({
      label: 'Canary watched',
      tone,
    });
    expect(spokenCanary(canary)).toContain(text);
  });

  it.each`
    what                                       | part
    ${'all is well'}                           | ${{ errors: 4 }}
    ${'none is let pass, and there is none'}   | ${{ errors: 0, settings: { ...defaultCanarySettings, maxErrors: 0 } }}
    ${'neither errors nor health can be read'} | ${{ errors: undefined, health: { state: 'unknown' } }}
    ${'it is taken back already'}              | ${{ phase: 'aborting', errors: 9 }}
    ${'it is over'}                            | ${{ phase: 'aborted', errors: 9, health: { state: 'unhealthy' } }}
  `('keeps silent where $what', ({ part }) => {
    expect(canaryAlarm(sampleCanary(part))).toBeUndefined();
  });
});

it('says each reason once, with all that it forbids', () => {
  const itself = { allowed: false, why: 'The platform moves on by itself.' };

  expect(
    refusedMoves({
      mayPause: itself,
      mayContinue: itself,
      mayAbort: { allowed: false },
    }),
  ).toEqual([
    { moves: ['Pause', 'Continue'], why: itself.why },
    { moves: ['Abort'], why: 'The backend does not allow it.' },
  ]);
  expect(refusedMoves({ mayPause: { allowed: true } })).toEqual([]);
});

describe('abort', () => {
  it('asks for the name of the service in production only', () => {
    expect(abortConfirmation('production', 'vvp-verifier')).toBe(
      'vvp-verifier',
    );
    expect(abortConfirmation('staging', 'vvp-verifier')).toBeUndefined();
  });

  it.each`
    reason                 | confirm           | confirmation      | missing
    ${'too short'}         | ${''}             | ${undefined}      | ${'Say why, in at least 10 characters.'}
    ${'calls are refused'} | ${''}             | ${undefined}      | ${undefined}
    ${'calls are refused'} | ${'vvp'}          | ${'vvp-verifier'} | ${'Still to type: vvp-verifier'}
    ${'calls are refused'} | ${'vvp-verifier'} | ${'vvp-verifier'} | ${undefined}
  `('$missing', ({ reason, confirm, confirmation, missing }) => {
    expect(abortMissing({ reason, confirm }, confirmation)).toBe(missing);
  });
});
