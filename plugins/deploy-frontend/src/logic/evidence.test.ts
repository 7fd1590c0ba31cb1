import {
  sampleEvidence,
  sampleSummaries,
} from '../__testUtils__/evidenceSamples';
import {
  concerns,
  latestReports,
  previousReport,
  share,
  sourceText,
} from './evidence';

const tests = (part: { id: string } & Record<string, unknown>) =>
  sampleEvidence({ summary: sampleSummaries.test(), ...part });
const scan = (id: string, tool: string) =>
  sampleEvidence({ id, tool, summary: sampleSummaries.security() });

describe('latestReports', () => {
  it('takes the newest of each suite, mode and environment, by name', () => {
    const reports = [
      tests({ id: 'unit-new', suite: 'unit' }),
      tests({ id: 'azure', suite: 'e2e', mode: 'azure' }),
      tests({ id: 'staging', suite: 'e2e', environment: 'staging' }),
      tests({ id: 'unit-old', suite: 'unit' }),
      tests({ id: 'azure-old', suite: 'e2e', mode: 'azure' }),
    ];

    expect(latestReports(reports).map(({ id }) => id)).toEqual([
      'azure',
      'staging',
      'unit-new',
    ]);
  });

  it('counts another scanner as another series, but not another version of it', () => {
    const reports = [
      scan('trivy-new', 'Trivy 0.53.0'),
      scan('bandit', 'Bandit 1.7.9'),
      scan('trivy-old', 'Trivy 0.52.1'),
    ];

    expect(latestReports(reports).map(({ id }) => id)).toEqual([
      'trivy-new',
      'bandit',
    ]);
  });
});

describe('previousReport', () => {
  it('is the one before of the same series', () => {
    const reports = [
      tests({ id: 'new', suite: 'unit' }),
      tests({ id: 'other', suite: 'e2e' }),
      tests({ id: 'old', suite: 'unit' }),
      tests({ id: 'older', suite: 'unit' }),
    ];

    expect(previousReport(reports, reports[0])?.id).toBe('old');
    expect(previousReport(reports, reports[1])).toBeUndefined();
  });

  it('is not known for a report that is not among them', () => {
    const reports = [tests({ id: 'a' }), tests({ id: 'b' })];

    expect(previousReport(reports, tests({ id: 'c' }))).toBeUndefined();
  });
});

describe('concerns', () => {
  it.each([
    ['staging', 'staging', true],
    [undefined, 'staging', true],
    ['production', 'staging', false],
    ['production', undefined, true],
  ])('a report of %s in %s: %s', (environment, asked, expected) => {
    expect(concerns({ environment }, asked)).toBe(expected);
  });
});

describe('sourceText', () => {
  it.each([
    [{ suite: 'unit' }, 'unit'],
    [
      { suite: 'e2e', mode: 'azure', environment: 'staging' },
      'e2e (azure) in staging',
    ],
    [{}, 'all tests'],
  ])('names %j as %s', (source, text) => {
    expect(sourceText(source, 'all tests')).toBe(text);
  });
});

describe('share', () => {
  it('of nothing is not known, neither all nor none', () => {
    expect(share({ covered: 0, total: 0 })).toBeUndefined();
    expect(share(undefined)).toBeUndefined();
    expect(share({ covered: 1, total: 4 })).toBe(25);
  });
});
