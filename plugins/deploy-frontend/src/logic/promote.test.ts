import { CommitRange } from '@vvp/backstage-plugin-deploy-common';
import { sampleReleaseSummary } from '../__testUtils__/promotionSamples';
import {
  sampleCommit,
  sampleDeployment,
  sampleEnvironment,
} from '../__testUtils__/samples';
import {
  findReleases,
  incomingText,
  nextEnvironment,
  obviousRelease,
  placesText,
  previousEnvironment,
  promoteReady,
} from './promote';

function environment(name: string, order: number, commit?: string) {
  return sampleEnvironment({
    name,
    order,
    currentDeployment: commit ? sampleDeployment({ commit }) : undefined,
  });
}

describe('obviousRelease', () => {
  const releases = [
    sampleReleaseSummary({ id: 'new', commit: sampleCommit('77aa88b') }),
    sampleReleaseSummary({ id: 'next', commit: sampleCommit('9f8e7d6') }),
  ];

  it.each([
    ['what runs in the environment before', '9f8e7d6', 'a1b2c3d', 'next'],
    ['nothing if it runs here too', '9f8e7d6', '9f8e7d6', undefined],
    ['nothing if nothing runs before', undefined, 'a1b2c3d', undefined],
    ['nothing if it is not in the list', 'ccccccc', 'a1b2c3d', undefined],
  ])('%s', (_name, before, here, expected) => {
    const environments = [
      environment('production', 2, here),
      environment('development', 0, '77aa88b'),
      environment('staging', 1, before),
    ];

    expect(obviousRelease(releases, environments, 'production')).toBe(expected);
  });

  it('is never one in quarantine, and there is none for the first', () => {
    const quarantine = { by: 'user:default/omar', reason: 'bad', since: '' };
    const environments = [
      environment('staging', 0, '9f8e7d6'),
      environment('production', 1),
    ];

    expect(
      obviousRelease(
        [{ ...releases[1], quarantine }],
        environments,
        'production',
      ),
    ).toBeUndefined();
    expect(obviousRelease(releases, environments, 'staging')).toBeUndefined();
    expect(previousEnvironment(environments, 'missing')).toBeUndefined();
  });
});

describe('nextEnvironment', () => {
  it.each([
    ['development', 'staging'],
    ['staging', 'production'],
    ['production', undefined],
    ['missing', undefined],
  ])('after %s: %s', (name, next) => {
    const environments = [
      environment('production', 2),
      environment('development', 0),
      environment('staging', 1),
    ];

    expect(nextEnvironment(environments, name)?.name).toBe(next);
  });
});

describe('promoteReady', () => {
  it.each([
    [undefined, 'regular', '', 'Choose a release.'],
    ['r', 'hotfix', 'short', 'Still to fill in: why it is a hotfix.'],
    ['r', 'hotfix', 'Calls fail since noon', undefined],
    ['r', 'regular', '', undefined],
  ] as const)('%s, %s, %j', (release, promotionClass, reason, missing) => {
    const state = promoteReady({ release, class: promotionClass, reason });

    expect(state).toEqual(
      missing ? { ready: false, missing } : { ready: true },
    );
  });
});

describe('incomingText', () => {
  const range: CommitRange = {
    from: 'a',
    to: 'b',
    state: 'known',
    direction: 'forward',
    commits: [{ sha: 'b', title: 'One' }],
  };

  it.each<[Partial<CommitRange>, RegExp]>([
    [{}, /^1 commit comes in\.$/],
    [{ state: 'partial' }, /and more that GitHub does not list/],
    [{ direction: 'same' }, /no code comes in/],
    [{ direction: 'backward' }, /older than what runs there/],
    [{ state: 'unrelated' }, /have parted/],
    [{ state: 'unknown', message: 'No token.' }, /is not known\. No token\.$/],
  ])('%j', (part, text) => {
    expect(incomingText({ ...range, ...part })).toMatch(text);
  });
});

describe('placesText', () => {
  it('says where it works and where it was tried', () => {
    const [place] = sampleReleaseSummary().deployments;

    expect(placesText({ deployments: [] })).toBe('deployed nowhere yet');
    expect(
      placesText({
        deployments: [
          place,
          { ...place, environment: 'canary', status: 'in_progress' },
        ],
      }),
    ).toBe('staging, canary (in progress)');
  });
});

it.each([
  ['', ['one', 'two']],
  ['v1.5', ['one']],
  ['9F8E7D6', ['one']],
  ['carrier trust', ['two']],
  ['release/2', ['two']],
  ['carrier expired', []],
])('finds releases by "%s"', (search, ids) => {
  const releases = [
    sampleReleaseSummary({ id: 'one' }),
    sampleReleaseSummary({
      id: 'two',
      commit: sampleCommit('a1b2c3d'),
      version: undefined,
      title: 'Trust the new carrier',
      ref: 'release/2',
    }),
  ];

  expect(findReleases(releases, search).map(({ id }) => id)).toEqual(ids);
});
