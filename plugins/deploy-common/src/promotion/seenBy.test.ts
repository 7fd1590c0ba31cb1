import { commit, gate } from '../readiness/testing';
import { seenBy, SeenSubject } from './seenBy';

const subject: SeenSubject = {
  commit,
  artifact: 'sha256:abc',
  gates: {
    results: [
      { ...gate('pass', 'coverage'), evidenceIds: ['one', 'two'] },
      gate('pending', 'tests'),
    ],
  },
};

const [coverage, tests] = subject.gates!.results;
const afterDeployment = {
  ...gate('fail', 'smoke'),
  afterDeployment: true,
  evidenceIds: [],
};

describe('seenBy', () => {
  it.each<[string, SeenSubject]>([
    [
      'the order of gates',
      { ...subject, gates: { results: [tests, coverage] } },
    ],
    [
      'the order of reports',
      {
        ...subject,
        gates: {
          results: [{ ...coverage, evidenceIds: ['two', 'one'] }, tests],
        },
      },
    ],
    [
      'the age of reports',
      {
        ...subject,
        gates: {
          results: [
            {
              ...gate('pass', 'coverage'),
              evidenceIds: ['one', 'two'],
              ageSeconds: 9,
              measuredAt: 'x',
              reason: 'y',
            } as typeof coverage,
            tests,
          ],
        },
      },
    ],
    [
      'gates that ask for nothing',
      {
        ...subject,
        gates: { results: [coverage, tests, gate('none', 'soak')] },
      },
    ],
    [
      'gates that nobody can know before the release is there',
      {
        ...subject,
        gates: { results: [coverage, tests, afterDeployment] },
      },
    ],
  ])('does not depend on %s', (_, other) => {
    expect(seenBy(other)).toBe(seenBy(subject));
  });

  it.each<[string, SeenSubject]>([
    ['commit', { ...subject, commit: 'd'.repeat(40) }],
    ['artifact', { ...subject, artifact: 'sha256:def' }],
    ['lost artifact', { ...subject, artifact: undefined }],
    [
      'state of a gate',
      {
        ...subject,
        gates: { results: [{ ...coverage, state: 'waived' }, tests] },
      },
    ],
    [
      'name of a gate',
      {
        ...subject,
        gates: { results: [{ ...coverage, name: 'other' }, tests] },
      },
    ],
    [
      'measured commit',
      {
        ...subject,
        gates: {
          results: [{ ...coverage, measuredCommit: 'd'.repeat(40) }, tests],
        },
      },
    ],
    [
      'report',
      {
        ...subject,
        gates: {
          results: [{ ...coverage, evidenceIds: ['one', 'three'] }, tests],
        },
      },
    ],
    ['missing gate', { ...subject, gates: { results: [coverage] } }],
    ['loss of all gates', { ...subject, gates: undefined }],
  ])('changes with another %s', (_, other) => {
    expect(seenBy(other)).not.toBe(seenBy(subject));
  });

  it('is a digest of the known kind', () => {
    // printf '["c","",[]]' | sha256sum
    expect(seenBy({ commit: 'c' })).toBe(
      'e07cce9b3403cabf03ee24111b250e928dd9ea68f86c4f3735700538f90a3f8b',
    );
  });
});
