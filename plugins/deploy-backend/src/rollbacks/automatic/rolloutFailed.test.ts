import { HealthState, Revision } from '@vvp/backstage-plugin-deploy-common';
import { WatchLook } from '../../verification/watchVerdict';
import { isComingIn, rolloutFailed, whyGivenUp } from './rolloutFailed';

const image = (letter: string) =>
  `registry.example.test/app@sha256:${letter.repeat(64)}`;
const old: Revision = {
  id: 'old',
  current: true,
  commit: 'b'.repeat(40),
  artifact: image('1'),
  createdAt: '2026-01-05T11:00:00Z',
};
const own: Revision = {
  id: 'own',
  current: false,
  commit: 'ddddddd',
  createdAt: '2026-01-05T12:00:01Z',
};
const release = { commit: 'd'.repeat(40), begunAt: '2026-01-05T12:00:00.000Z' };

const givenUp = { at: '2026-01-05T12:03:00Z', reason: 'Taken back by itself.' };
const madeBefore = { ...own, createdAt: '2026-01-05T11:59:59Z' };

function looks(health: HealthState, isThis = false): WatchLook[] {
  return [
    { health, serving: { revision: isThis ? 'own' : 'old', isThis } },
    { health: 'healthy', serving: { revision: 'old', isThis: false } },
  ];
}

function judge(known: Partial<Parameters<typeof rolloutFailed>[0]>): boolean {
  return rolloutFailed({
    looks: looks('healthy'),
    release,
    revisions: [own, old],
    serving: 'old',
    ...known,
  });
}

describe('rolloutFailed', () => {
  it.each<[string, Parameters<typeof judge>[0]]>([
    ['it served, and was taken out', { looks: looks('healthy', true) }],
    [
      'its revision is unhealthy',
      { revisions: [{ ...own, health: 'unhealthy' }, old] },
    ],
    [
      'its revision is degraded',
      { revisions: [{ ...own, health: 'degraded' }, old] },
    ],
    [
      'its revision could not be provisioned',
      { revisions: [{ ...own, unavailable: 'It failed.' }, old] },
    ],
    [
      'its revision is unhealthy, even with the same image',
      {
        revisions: [{ ...own, health: 'unhealthy', artifact: image('1') }, old],
      },
    ],
    [
      'its platform gave it up, although it was made before',
      { revisions: [{ ...madeBefore, givenUp }, old] },
    ],
    [
      'something was unhealthy, and the release is another image',
      {
        looks: looks('unhealthy'),
        release: { ...release, artifact: image('2') },
      },
    ],
    [
      'something was degraded, and its revision is another image',
      {
        looks: looks('degraded'),
        revisions: [{ ...own, artifact: image('2') }, old],
      },
    ],
  ])('says so if %s', (_, known) => {
    expect(judge(known)).toBe(true);
  });

  it.each<[string, Parameters<typeof judge>[0]]>([
    ['its revision tells no health', {}],
    ['there is no revision of it', { revisions: [old] }],
    [
      'its revision is well, and waits for traffic',
      { revisions: [{ ...own, health: 'healthy' }, old] },
    ],
    [
      'what is unhealthy was made before',
      {
        revisions: [
          { ...own, health: 'unhealthy', createdAt: '2026-01-05T11:59:59Z' },
          old,
        ],
      },
    ],
    [
      'its platform gave it up before this deployment began',
      {
        revisions: [
          {
            ...madeBefore,
            givenUp: { ...givenUp, at: '2026-01-05T11:59:59Z' },
          },
          old,
        ],
      },
    ],
    [
      'its platform gave another release up',
      { revisions: [{ ...own, commit: 'e'.repeat(40), givenUp }, old] },
    ],
    [
      'what is unhealthy is of another release',
      {
        revisions: [
          { ...own, health: 'unhealthy', commit: 'e'.repeat(40) },
          old,
        ],
      },
    ],
    [
      'something was unhealthy, and the image is the same',
      {
        looks: looks('unhealthy'),
        release: { ...release, artifact: image('1') },
      },
    ],
    [
      'something was unhealthy, and the image of the release is not known',
      { looks: looks('unhealthy') },
    ],
    [
      'something was unhealthy, and the image that serves is not known',
      {
        looks: looks('unhealthy'),
        release: { ...release, artifact: image('2') },
        revisions: [{ ...old, artifact: 'registry.example.test/app:latest' }],
      },
    ],
    [
      'the image is another, and nothing was unhealthy',
      { release: { ...release, artifact: image('2') } },
    ],
    [
      'nobody knows how anything was',
      {
        looks: looks('unknown'),
        release: { ...release, artifact: image('2') },
      },
    ],
  ])('does not say so if %s', (_, known) => {
    expect(judge(known)).toBe(false);
  });
});

describe('whyGivenUp', () => {
  it.each<[string, Revision[], string | undefined]>([
    [
      'the platform says why',
      [own, { ...madeBefore, givenUp }, old],
      givenUp.reason,
    ],
    ['it gave nothing up', [own, old], undefined],
    [
      'it gave up what serves',
      [own, { ...own, id: 'old', givenUp }],
      undefined,
    ],
  ])('where %s', (_, revisions, expected) => {
    expect(whyGivenUp({ release, revisions, serving: 'old' })).toBe(expected);
  });
});

describe('isComingIn', () => {
  it.each<[boolean, Revision[]]>([
    [true, [{ ...madeBefore, comingIn: true }, old]],
    [false, [own, old]],
    [false, [own, { ...old, comingIn: true }]],
  ])('is %s', (expected, revisions) => {
    expect(isComingIn(revisions, release)).toBe(expected);
  });
});
