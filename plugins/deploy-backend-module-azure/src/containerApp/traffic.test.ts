import { ContainerApp, TrafficWeight } from '@azure/arm-appcontainers';
import {
  isInPlace,
  sameTraffic,
  servingRevision,
  shiftedTraffic,
  trafficShares,
} from './traffic';

const revisions = ['c', 'b', 'a'].map(name => ({ name, active: true }));

function appWith(traffic: TrafficWeight[]): ContainerApp {
  return {
    location: 'UK South',
    latestRevisionName: 'c',
    latestReadyRevisionName: 'b',
    configuration: { activeRevisionsMode: 'Multiple', ingress: { traffic } },
  };
}

describe('trafficShares', () => {
  it.each([
    ['one revision', [{ revisionName: 'a', weight: 100 }], [['a', 100]]],
    [
      'the larger share first',
      [
        { revisionName: 'a', weight: 10 },
        { revisionName: 'b', weight: 90 },
      ],
      [
        ['b', 90],
        ['a', 10],
      ],
    ],
    [
      'the newer one first',
      [
        { revisionName: 'a', weight: 50 },
        { revisionName: 'b', weight: 50 },
      ],
      [
        ['b', 50],
        ['a', 50],
      ],
    ],
    [
      'the latest that is ready',
      [{ latestRevision: true, weight: 100 }],
      [['b', 100]],
    ],
    [
      'both ways to one revision',
      [
        { latestRevision: true, weight: 60 },
        { revisionName: 'b', weight: 40 },
      ],
      [['b', 100]],
    ],
    [
      'no labels without traffic',
      [
        { revisionName: 'a', weight: 100 },
        { revisionName: 'c', weight: 0, label: 'new' },
      ],
      [['a', 100]],
    ],
    ['nothing', [], []],
  ])('gives %s', (_, traffic, expected) => {
    expect(
      trafficShares({ app: appWith(traffic), revisions }).map(share => [
        share.revision,
        share.percent,
      ]),
    ).toEqual(expected);
  });
});

describe('isInPlace', () => {
  it.each([
    [true, 'all of the traffic', [{ revisionName: 'a', weight: 100 }], 'a'],
    [
      false,
      'most of the traffic',
      [
        { revisionName: 'a', weight: 99 },
        { revisionName: 'b', weight: 1 },
      ],
      'a',
    ],
    [false, 'no traffic', [{ revisionName: 'b', weight: 100 }], 'a'],
  ])('is %s with %s', (expected, _, traffic, revision) => {
    expect(isInPlace({ app: appWith(traffic), revisions }, revision)).toBe(
      expected,
    );
  });

  it('is not so for a revision that is not active, whatever its traffic', () => {
    const app = appWith([{ revisionName: 'a', weight: 100 }]);

    expect(
      isInPlace({ app, revisions: [{ name: 'a', active: false }] }, 'a'),
    ).toBe(false);
  });

  it('is not so in single-revision mode while another revision is coming', () => {
    const app: ContainerApp = {
      ...appWith([]),
      configuration: { activeRevisionsMode: 'Single', ingress: {} },
    };

    expect(servingRevision({ app, revisions })).toBe('b');
    expect(isInPlace({ app, revisions }, 'b')).toBe(false);
    expect(
      isInPlace({ app: { ...app, latestRevisionName: 'b' }, revisions }, 'b'),
    ).toBe(true);
  });
});

describe('shiftedTraffic', () => {
  it.each([
    [
      'one revision to the other',
      [{ revisionName: 'b', weight: 100 }],
      [{ revisionName: 'a', weight: 100 }],
    ],
    [
      'the latest to one by name',
      [{ latestRevision: true, weight: 100 }],
      [{ revisionName: 'a', weight: 100 }],
    ],
    [
      'labels nowhere',
      [
        { revisionName: 'b', weight: 100, label: 'green' },
        { revisionName: 'a', weight: 0, label: 'blue' },
        { latestRevision: true, weight: 0, label: 'next' },
      ],
      [
        { revisionName: 'a', weight: 100, label: 'blue' },
        { revisionName: 'b', weight: 0, label: 'green' },
        { latestRevision: true, weight: 0, label: 'next' },
      ],
    ],
    [
      'two labels of a revision nowhere',
      [
        { revisionName: 'a', weight: 0, label: 'one' },
        { revisionName: 'a', weight: 0, label: 'two' },
        { revisionName: 'b', weight: 100 },
      ],
      [
        { revisionName: 'a', weight: 100, label: 'one' },
        { revisionName: 'a', weight: 0, label: 'two' },
      ],
    ],
  ])('moves %s', (_, traffic, expected) => {
    const shifted = shiftedTraffic(traffic, 'a');

    expect(shifted).toEqual(expected);
    expect(shiftedTraffic(shifted, 'a')).toEqual(shifted);
  });
});

describe('sameTraffic', () => {
  it.each([
    [
      true,
      [
        { revisionName: 'b', weight: 20 },
        { revisionName: 'a', weight: 80 },
      ],
    ],
    [
      true,
      [
        { revisionName: 'a', weight: 80, latestRevision: false },
        { revisionName: 'b', weight: 20 },
      ],
    ],
    [
      false,
      [
        { revisionName: 'a', weight: 80, label: 'x' },
        { revisionName: 'b', weight: 20 },
      ],
    ],
    [false, [{ revisionName: 'a', weight: 100 }]],
  ])('is %s for %j', (expected, other) => {
    expect(
      sameTraffic(
        [
          { revisionName: 'a', weight: 80 },
          { revisionName: 'b', weight: 20 },
        ],
        other,
      ),
    ).toBe(expected);
  });
});
