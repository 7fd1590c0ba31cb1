import { nameRefs, splitRefs } from './refs';
import { absoluteTime } from './time';

describe('splitRefs', () => {
  it('cuts a sentence at its refs, and leaves punctuation in the sentence', () => {
    expect(
      splitRefs(
        'Ask group:default/platform-team or user:default/omar.reyes. It takes 2.',
      ),
    ).toEqual([
      { kind: 'words', text: 'Ask ' },
      { kind: 'ref', text: 'group:default/platform-team' },
      { kind: 'words', text: ' or ' },
      { kind: 'ref', text: 'user:default/omar.reyes' },
      { kind: 'words', text: '. It takes 2.' },
    ]);
  });

  it('cuts it at its moments too, in any zone', () => {
    expect(
      splitRefs(
        'Frozen by user:default/omar since 2026-11-21T12:00:00.000Z, until 2026-11-23T05:00:00+01:00. Awaited until 2026-11-21 07:30 UTC.',
      ),
    ).toEqual([
      { kind: 'words', text: 'Frozen by ' },
      { kind: 'ref', text: 'user:default/omar' },
      { kind: 'words', text: ' since ' },
      { kind: 'time', text: '2026-11-21T12:00:00.000Z' },
      { kind: 'words', text: ', until ' },
      { kind: 'time', text: '2026-11-23T05:00:00+01:00' },
      { kind: 'words', text: '. Awaited until ' },
      { kind: 'time', text: '2026-11-21T07:30Z' },
      { kind: 'words', text: '.' },
    ]);
  });

  it.each([
    'github:octo-admin let the job in.',
    'See https://github.example.test/example-org/vvp/pull/412.',
    'The image registry.example.test/vvp@sha256:0123 is known.',
    'system:automatic rolled it back.',
    'Over group: default/nothing.',
    'On 2026-11-21, at 12:00, or 2026-11-21T12:00:00 somewhere, or 2026-11-21 12:00.',
    'The revision vvp-2026-11-21T12:00:00Z is there.',
    '',
  ])('leaves "%s" as it is', text => {
    expect(splitRefs(text).filter(({ kind }) => kind !== 'words')).toEqual([]);
    expect(nameRefs(text)).toBe(text);
  });
});

it('names people, groups and services where no link can stand', () => {
  expect(
    nameRefs(
      'user:default/dana approved, group:default/vvp-leads may, component:default/vvp-verifier waits.',
    ),
  ).toBe('dana approved, vvp-leads may, vvp-verifier waits.');
});

it('writes moments as everywhere else where no link can stand', () => {
  const at = '2026-11-21T12:00:00Z';

  expect(nameRefs(`It stands since ${at}.`)).toBe(
    `It stands since ${absoluteTime(at)}.`,
  );
  expect(nameRefs(at)).not.toContain('T12:00');
});
