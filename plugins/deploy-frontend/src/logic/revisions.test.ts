import {
  currentRevision,
  sampleRevision,
} from '../__testUtils__/operationSamples';
import { sampleDeployment, sampleEnvironment } from '../__testUtils__/samples';
import {
  environmentVersion,
  firstDeploymentText,
  instancesText,
  lastWorked,
  madeBeforeText,
  pastStatus,
  releaseText,
  shownRevisions,
  whyNotChosen,
} from './revisions';

const quarantine = {
  by: 'user:default/dana',
  reason: 'Every third call failed',
  since: '2026-11-21T03:00:00Z',
};

describe('whyNotChosen', () => {
  it.each([
    ['an earlier one', sampleRevision(), undefined],
    ['the one that runs', currentRevision(), 'It runs now.'],
    [
      'one in quarantine',
      sampleRevision({ quarantine }),
      'Quarantined: Every third call failed',
    ],
    [
      'one that is gone',
      sampleRevision({ unavailable: 'its image is gone' }),
      'Cannot be put back: its image is gone',
    ],
  ])('tells for %s', (_name, entry, why) => {
    expect(whyNotChosen(entry)).toBe(why);
  });
});

it.each([
  ['cancelled', '2026-11-12T03:00:00Z'],
  ['failed', '2026-11-12T03:00:00Z'],
  ['superseded', undefined],
  ['rolled_back', undefined],
])(
  'says when it last worked, where its newest deployment is %s',
  (status, told) => {
    expect(
      lastWorked({
        lastDeployedAt: '2026-11-12T03:00:00Z',
        deployments: [{ id: 'd-2', status, at: '2026-11-21T03:00:00Z' }],
      }),
    ).toBe(told);
    expect(lastWorked({ deployments: [] })).toBeUndefined();
  },
);

describe('before the first deployment', () => {
  it.each([
    [undefined, /^The first deployment brings/],
    ['waiting' as const, /waits to be let in/],
    ['queued' as const, /is under way/],
    ['in_progress' as const, /is under way/],
    ['failed' as const, /did not get there/],
    ['cancelled' as const, /did not get there/],
  ])('says what will make something run: %s', (status, text) => {
    const latestDeployment = status && sampleDeployment({ status });

    expect(firstDeploymentText({ latestDeployment })).toMatch(text);
  });

  it.each([
    ['azure-container-app', true],
    ['azure-vm', true],
    ['ecs', true],
    ['kubernetes', false],
    ['github-workflow', false],
    ['custom', false],
  ])('says what has to be made before: %s', (target, isMade) => {
    expect(madeBeforeText(target) !== undefined).toBe(isMade);
  });
});

describe('shownRevisions', () => {
  const entries = Array.from({ length: 100 }, (_unused, index) =>
    sampleRevision({ id: `r-${index}`, current: index === 50 }),
  );

  it('shows the newest, and the one that runs wherever it stands', () => {
    const shown = shownRevisions(entries, false).map(({ id }) => id);

    expect(shown).toHaveLength(9);
    expect(shown).toContain('r-0');
    expect(shown).toContain('r-50');
  });

  it('shows all on demand', () => {
    expect(shownRevisions(entries, true)).toHaveLength(100);
  });
});

describe('environmentVersion', () => {
  const environment = sampleEnvironment({
    currentDeployment: sampleDeployment({ id: 'd-1' }),
  });

  it('stays the same while nothing happens', () => {
    expect(environmentVersion({ ...environment })).toBe(
      environmentVersion(environment),
    );
  });

  it.each([
    [
      'another deployment',
      { currentDeployment: sampleDeployment({ id: 'd' }) },
    ],
    [
      'an operation',
      {
        runningOperation: {
          id: 'o-1',
          kind: 'rollback' as const,
          status: 'running' as const,
        },
      },
    ],
  ])('differs after %s', (_name, part) => {
    expect(environmentVersion({ ...environment, ...part })).not.toBe(
      environmentVersion(environment),
    );
  });
});

describe('small texts', () => {
  it.each([
    ['succeeded', { status: 'succeeded', label: 'Succeeded' }],
    ['from a newer backend', { label: 'from a newer backend' }],
  ])('knows the status %s, or shows it as it is', (status, expected) => {
    expect(pastStatus(status)).toEqual(expected);
  });

  it.each([
    [{}, undefined],
    [{ ready: 1 }, '1 instance'],
    [{ ready: 2, wanted: 3 }, '2 of 3 instances'],
  ])('counts %j', (part, text) => {
    expect(instancesText({ state: 'healthy', ...part })).toBe(text);
  });

  it.each([
    [{}, undefined],
    [{ commit: 'a1b2c3d4' }, 'a1b2c3d'],
    [{ commit: 'a1b2c3d4', version: 'v1' }, 'v1, a1b2c3d'],
  ])('names the release in %j', (entry, text) => {
    expect(releaseText(entry)).toBe(text);
  });
});
