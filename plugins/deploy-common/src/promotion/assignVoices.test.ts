import fc from 'fast-check';
import { assignVoices } from './assignVoices';

const people = ['a', 'b', 'c', 'd', 'e'];

interface Rule {
  required: number;
  names: string[];
}

const rule: fc.Arbitrary<Rule> = fc.record({
  required: fc.integer({ min: 0, max: 3 }),
  names: fc.subarray(people),
});

const seatsOf = (rules: Rule[]) =>
  rules.map(({ required, names }) => ({
    required,
    accepts: (person: string) => names.includes(person),
  }));

/** The most voices that can count: every way to share them out is tried. */
function most(voices: string[], rules: Rule[]): number {
  const [voice, ...rest] = voices;
  if (voice === undefined) {
    return 0;
  }
  const counted = rules.map(({ required, names }, index) =>
    required > 0 && names.includes(voice)
      ? 1 +
        most(
          rest,
          rules.map((each, other) =>
            other === index ? { ...each, required: required - 1 } : each,
          ),
        )
      : 0,
  );
  return Math.max(most(rest, rules), ...counted);
}

describe('assignVoices', () => {
  it('makes room for who fits one rule only', () => {
    const seats = seatsOf([
      { required: 1, names: ['a', 'b'] },
      { required: 1, names: ['a'] },
    ]);

    expect(assignVoices(['a', 'b'], seats)).toEqual([['b'], ['a']]);
  });

  it('keeps those who came first', () => {
    const seats = seatsOf([{ required: 1, names: people }]);

    expect(assignVoices(['b', 'a'], seats)).toEqual([['b']]);
  });

  it.each([0, -1, NaN])('gives nobody to a rule that asks for %s', required => {
    expect(assignVoices(['a'], seatsOf([{ required, names: ['a'] }]))).toEqual([
      [],
    ]);
  });

  it('lets as many voices count as any way to share them out', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(people),
        fc.array(rule, { maxLength: 4 }),
        (voices, rules) => {
          const assigned = assignVoices([...voices, ...voices], seatsOf(rules));

          expect(assigned.flat().length).toBe(most(voices, rules));
          expect(new Set(assigned.flat()).size).toBe(assigned.flat().length);
          assigned.forEach((persons, index) => {
            expect(persons.length).toBeLessThanOrEqual(rules[index].required);
            expect(rules[index].names).toEqual(expect.arrayContaining(persons));
          });
        },
      ),
      { numRuns: 1000 },
    );
  });
});
