import { nameRefs, splitRefs } from './refs';

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

  it.each([
    'github:octo-admin let the job in.',
    'See https://github.example.test/example-org/vvp/pull/412.',
    'The image registry.example.test/vvp@sha256:0123 is known.',
    'system:automatic rolled it back.',
    'Over group: default/nothing.',
    '',
  ])('leaves "%s" as it is', text => {
    expect(splitRefs(text).filter(({ kind }) => kind === 'ref')).toEqual([]);
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
