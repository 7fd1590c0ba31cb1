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
    'Made by github:example-org/vvp:7:1:70 and github-deployment:12.',
    'The label app.github:octo is set.',
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

it('shortens commits, but not what has one in it', () => {
  const commit = '8bf69faed7028ddd91627094db137f248a2fab10';

  expect(nameRefs(`Switch to release ${commit} and restart it.`)).toBe(
    'Switch to release 8bf69fa and restart it.',
  );
  const inside = `shop:${commit}, sha1-${commit}, https://x.test/commit/${commit}`;
  expect(nameRefs(inside)).toBe(inside);
});

it('shortens the ids of operations and promotions, and no others', () => {
  const id = '0b5e7c1a-1111-4222-8333-444455556666';

  expect(nameRefs(`A restart is under way: operation ${id}.`)).toBe(
    'A restart is under way: operation 0b5e7c1a.',
  );
  expect(nameRefs(`Another release comes: promotion ${id}.`)).toBe(
    'Another release comes: promotion 0b5e7c1a.',
  );
  expect(nameRefs(`Subscription ${id} is closed.`)).toContain(id);
});

it('names whom the catalog does not know', () => {
  expect(
    nameRefs(
      'github:octo-admin let the job in. Asked for by github:deploy-portal[bot], stopped by service:plugin:scaffolder.',
    ),
  ).toBe(
    'octo-admin (at GitHub) let the job in. Asked for by deploy-portal (GitHub App), stopped by the plugin scaffolder.',
  );
});

it('writes moments as everywhere else where no link can stand', () => {
  const at = '2026-11-21T12:00:00Z';

  expect(nameRefs(`It stands since ${at}.`)).toBe(
    `It stands since ${absoluteTime(at)}.`,
  );
  expect(nameRefs(at)).not.toContain('T12:00');
});
