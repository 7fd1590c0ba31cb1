import {
  Commit,
  CommitRange,
  Refusal,
} from '@vvp/backstage-plugin-deploy-common';
import { samplePreview } from '../__testUtils__/operationSamples';
import {
  changesText,
  groupCommits,
  reasonHint,
  rollbackReady,
} from './rollback';

function commit(sha: string, pullRequest?: number): Commit {
  return {
    sha,
    title: `Change ${sha}`,
    ...(pullRequest && { pullRequest: { number: pullRequest } }),
  };
}

function range(part: Partial<CommitRange>): CommitRange {
  return {
    from: 'a',
    to: 'b',
    state: 'known',
    direction: 'backward',
    commits: [commit('1')],
    ...part,
  };
}

describe('groupCommits', () => {
  it('puts the commits of a pull request together, in the order of the first', () => {
    const groups = groupCommits([
      commit('1', 7),
      commit('2'),
      commit('3', 8),
      commit('4', 7),
    ]);

    expect(
      groups.map(({ pullRequest, commits }) => [
        pullRequest?.number,
        commits.map(({ sha }) => sha),
      ]),
    ).toEqual([
      [7, ['1', '4']],
      [undefined, ['2']],
      [8, ['3']],
    ]);
  });
});

describe('changesText', () => {
  it.each<[CommitRange | undefined, string]>([
    [
      undefined,
      'Which commits are taken out is not known: one of the two revisions does not tell its commit.',
    ],
    [range({}), '1 commit is taken out.'],
    [
      range({ commits: [commit('1'), commit('2')] }),
      '2 commits are taken out.',
    ],
    [range({ direction: 'forward' }), '1 commit comes in.'],
    [
      range({ state: 'partial' }),
      '1 commit is taken out, and more that GitHub does not list.',
    ],
    [
      range({ state: 'unrelated' }),
      'The two releases have parted: neither comes from the other. 1 commit since then is taken out.',
    ],
    [
      range({
        state: 'unknown',
        commits: [],
        message: 'GitHub did not answer (502).',
      }),
      'Which commits are taken out is not known. GitHub did not answer (502).',
    ],
    [
      range({ direction: 'same', commits: [] }),
      'Both are the same commit: no code is taken out.',
    ],
  ])('tells what changes in the code', (changes, text) => {
    expect(changesText(changes)).toBe(text);
  });
});

describe('reasonHint', () => {
  it.each([
    ['', '0 of at least 10 characters'],
    ['   bad   ', '3 of at least 10 characters'],
    ['Calls fail', 'Is kept, and shown in the history'],
  ])('counts what stands in %j', (reason, hint) => {
    expect(reasonHint(reason)).toBe(hint);
  });
});

describe('rollbackReady', () => {
  const form = { reason: 'Every third call fails', confirm: 'vvp-verifier' };
  const refused = {
    admitted: false,
    refusals: [],
  };

  it('is ready with a preview, a reason and the word', () => {
    expect(rollbackReady(samplePreview(), form)).toEqual({ ready: true });
  });

  it('asks for no word where none is asked for', () => {
    const preview = samplePreview({ confirmation: undefined });

    expect(rollbackReady(preview, { ...form, confirm: '' })).toEqual({
      ready: true,
    });
  });

  describe('where it is refused', () => {
    const refusal = { code: 'too-old', message: '', remedy: '' } as const;
    const overridable = { ...refusal, overridable: true } as const;
    const refusedFor = (...refusals: Refusal[]) =>
      samplePreview({ admission: { admitted: false, refusals } });

    it.each([
      ['an override with a reason', [overridable], 'It is the last good', true],
      ['an override without one', [overridable], '', false],
      ['no override', [overridable], undefined, false],
      [
        'an override of what it cannot waive',
        [overridable, refusal],
        'It is the last good',
        false,
      ],
    ])('with %s', (_, refusals, override, ready) => {
      expect(
        rollbackReady(refusedFor(...refusals), { ...form, override }).ready,
      ).toBe(ready);
    });
  });

  it.each([
    ['there is no preview', undefined, form, /preview/],
    [
      'it is refused',
      samplePreview({ admission: refused }),
      form,
      /not let through/,
    ],
    [
      'it runs already',
      samplePreview({ alreadyThere: true }),
      form,
      /runs already/,
    ],
    [
      'the reason is short',
      samplePreview(),
      { ...form, reason: ' too bad   ' },
      /reason/,
    ],
    ['the word is missing', samplePreview(), { ...form, confirm: '' }, /type/],
    [
      'the word is written otherwise',
      samplePreview(),
      { ...form, confirm: 'VVP-Verifier' },
      /type/,
    ],
    [
      'there is a space behind the word',
      samplePreview(),
      { ...form, confirm: 'vvp-verifier ' },
      /type/,
    ],
  ])('is not while %s', (_name, preview, filled, missing) => {
    const state = rollbackReady(preview, filled);

    expect(state).toEqual({
      ready: false,
      missing: expect.stringMatching(missing),
    });
  });
});
