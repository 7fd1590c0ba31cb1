import { HealthState } from '@vvp/backstage-plugin-deploy-common';
import { watchVerdict, WatchLook } from './watchVerdict';

const states: Record<string, HealthState> = {
  h: 'healthy',
  u: 'unhealthy',
  d: 'degraded',
  '?': 'unknown',
};

/** A letter for each look. */
function looks(letters: string): WatchLook[] {
  return [...letters].map(letter => ({ health: states[letter] }));
}

describe('watchVerdict', () => {
  it.each([
    ['', 'watching'],
    ['h', 'watching'],
    ['hhhhhhhhhhh', 'watching'],
    ['hhhhhhhhhhhh', 'healthy'],
    ['uuuuuuuuuuuu', 'bad'],
    ['uuuuuuuuuuu', 'watching'],
    ['uuuuuuuuuuuh', 'healthy'],
    ['dddddddddddd', 'bad'],
    ['hhhhhhhhhhhu', 'watching'],
    ['hhhhhhhhhhuu', 'watching'],
    ['hhhhhhhhhhuuh', 'healthy'],
    ['hhhhhhhhhhddd', 'bad'],
    ['hhhhhhhhhhdud', 'bad'],
    ['hhhhhhhhhd??', 'watching'],
    ['hhhuhhuuhhhh', 'healthy'],
    ['hhuu', 'watching'],
    ['hhuuu', 'bad'],
    ['hhu?u?u', 'bad'],
    ['hhddd', 'watching'],
    ['uuu', 'watching'],
    ['????????????', 'healthy'],
    ['hhhh????????', 'healthy'],
    ['uuuu????????', 'bad'],
  ])('of %s: %s', (letters, verdict) => {
    expect(watchVerdict(looks(letters))).toMatchObject({ verdict });
  });

  describe('of what serves', () => {
    /** `t`: this release serves; `o`: another one; in capitals: unwell. */
    const serving = (letters: string): WatchLook[] =>
      [...letters].map(letter =>
        letter === '?'
          ? { health: 'unknown' as const }
          : {
              health: /[TO]/.test(letter) ? 'unhealthy' : 'healthy',
              serving: {
                revision: `app--${letter.toLowerCase()}`,
                isThis: /t/i.test(letter),
              },
            },
      );

    it.each([
      ['oooo', 'absent'],
      ['ooo', 'watching'],
      ['ooot', 'healthy'],
      ['OOOt', 'healthy'],
      ['tttt', 'healthy'],
      ['tooo', 'absent'],
      ['ttto', 'absent'],
      ['OOOO', 'absent'],
      ['tTTT', 'bad'],
      ['TTTT', 'bad'],
      ['oooT', 'bad'],
      ['tTTTo', 'watching'],
      ['oo??', 'absent'],
      ['to?t', 'healthy'],
    ])('%s: %s', (letters, verdict) => {
      const checks = Math.max(4, letters.length + Number(letters === 'tTTTo'));

      expect(watchVerdict(serving(letters), { checks })).toMatchObject({
        verdict,
      });
    });

    it('takes nothing out for a gate while another release serves', () => {
      const gates = [{ name: 'errors', state: 'fail' as const }];
      const [look] = serving('o');

      expect(watchVerdict([{ ...look, gates }]).verdict).toBe('watching');
    });

    it.each([
      [
        'o',
        undefined,
        { serving: 'app--o', why: 'It did not come to serve: app--o does.' },
      ],
      [
        'o',
        'a'.repeat(40),
        {
          serving: 'app--o',
          why: 'It did not come to serve: app--o (aaaaaaa) does.',
        },
      ],
      [
        'to',
        undefined,
        {
          serving: 'app--o',
          why: 'It served, and its platform went back to app--o.',
        },
      ],
    ])('says of %s with the commit %s what serves', (letters, commit, told) => {
      const seen = serving(letters).map(look => ({
        ...look,
        ...(look.serving && {
          serving: { ...look.serving, ...(commit && { commit }) },
        }),
      }));

      expect(watchVerdict(seen, { checks: letters.length })).toEqual({
        verdict: 'absent',
        ...told,
      });
    });
  });

  it('watches for as long as the policy says', () => {
    expect(watchVerdict(looks('hh'), { checks: 3 }).verdict).toBe('watching');
    expect(watchVerdict(looks('hhh'), { checks: 3 }).verdict).toBe('healthy');
  });

  it.each([
    ['It worked and then became unhealthy: OOMKilled.', 'huuu', 'OOMKilled.'],
    ['It was unhealthy at the end of the watch.', 'uuuuuuuuuuuu', undefined],
    [
      'It was degraded at the end of the watch: 1 of 3.',
      'hhhhhhhhhddd',
      '1 of 3',
    ],
  ])('says why: %s', (why, letters, reason) => {
    const seen = looks(letters).map(look => ({ ...look, reason }));

    expect(watchVerdict(seen)).toEqual({ verdict: 'bad', why });
  });

  describe('of how many are ready', () => {
    /** Each `ready/wanted`. */
    const counted = (counts: string): WatchLook[] =>
      counts.split(' ').map(pair => {
        const [ready, wanted] = pair.split('/').map(Number);
        return {
          health: ready < wanted ? 'degraded' : 'healthy',
          ready,
          wanted,
        };
      });

    it.each([
      ['3/3 3/3 3/5 3/5 4/5', 'healthy'],
      ['3/3 3/5 5/5 5/9 6/9', 'healthy'],
      ['3/3 3/5 2/5 2/5 2/5', 'bad'],
      ['3/3 3/3 2/3 2/3 2/3', 'bad'],
      ['5/5 3/3 2/4 2/4 2/4', 'bad'],
      ['1/3 1/3 2/5 3/5 3/5', 'bad'],
    ])('%s: %s', (counts, verdict) => {
      expect(watchVerdict(counted(counts), { checks: 5 }).verdict).toBe(
        verdict,
      );
    });
  });

  it('is bad as soon as a gate fails', () => {
    const gates = [
      { name: 'latency', state: 'pass' as const },
      { name: 'errors', state: 'fail' as const, reason: '3 % of 1 %' },
    ];

    expect(watchVerdict([{ health: 'healthy', gates }])).toEqual({
      verdict: 'bad',
      why: 'The gate errors fails: 3 % of 1 %.',
    });
  });

  it.each(['pending', 'waived', 'none', 'pass'] as const)(
    'takes nothing out for a gate that is %s',
    state => {
      const seen = looks('hhh').map(look => ({
        ...look,
        gates: [{ name: 'errors', state }],
      }));

      expect(watchVerdict(seen, { checks: 3 })).toEqual({ verdict: 'healthy' });
    },
  );
});
