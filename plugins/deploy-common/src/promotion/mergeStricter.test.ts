import fc from 'fast-check';
import { judgeReadiness } from '../readiness/judgeReadiness';
import { clear, now, policy } from '../readiness/testing';
import { ReadinessFacts } from '../readiness/types';
import { mergeStricter } from './mergeStricter';
import { PromotionOrder, PromotionPolicy } from './policy';
import { seenBy } from './seenBy';
import { weakenings } from './weakenings';

const people = ['user:default/a', 'user:default/b', 'user:default/c'];
const globs = fc.uniqueArray(fc.constantFrom('main', 'v*', '**', 'hot/*'), {
  maxLength: 2,
});
const policies: fc.Arbitrary<PromotionPolicy> = fc
  .record(
    {
      approvals: fc.array(
        fc.record(
          {
            from: fc.subarray(people, { minLength: 1 }),
            required: fc.integer({ min: 1, max: 2 }),
          },
          { requiredKeys: ['required'] },
        ),
        { maxLength: 2 },
      ),
      selfApproval: fc.boolean(),
      order: fc.oneof(
        fc.constantFrom<PromotionOrder>('none', 'previous', 'all'),
        fc
          .constantFrom(1, 1, 2, 3, Number.NaN)
          .map(atLeast => ({ atLeast } as PromotionOrder)),
      ),
      soakSeconds: fc.constantFrom(0, 3600, 7200),
      refs: fc.option(
        fc.record({ branches: globs, tags: globs }, { requiredKeys: [] }),
        { nil: undefined, freq: 1 },
      ),
      automatic: fc.boolean(),
      expiresAfterSeconds: fc.constantFrom(3600, 86_400),
      seam: fc.constantFrom('protection-rule', 'dispatch', 'review'),
    },
    { noNullPrototype: true },
  )
  .map(({ refs, ...rest }) => ({
    ...policy,
    ...(rest as Partial<PromotionPolicy>),
    ...(refs && { refs }),
  }));

const earlier = fc.array(
  fc.constantFrom(undefined, 30, 90, 180, 180, 180).map(minutes => ({
    name: 'any',
    ...(minutes !== undefined && {
      succeededAt: new Date(Date.parse(now) - minutes * 60_000).toISOString(),
    }),
    underWay: false,
  })),
  { maxLength: 2 },
);

const worlds = fc.record({
  earlier,
  ref: fc.constantFrom(
    undefined,
    'refs/heads/main',
    'refs/heads/hot/fix',
    'refs/tags/v1',
    'other',
  ),
  spoken: fc.subarray(people),
  authors: fc.subarray(people, { maxLength: 1 }),
});

/** Whether a release may go in, as the desk would gather it. */
function isLetIn(
  asked: PromotionPolicy,
  {
    earlier: before,
    ref,
    spoken,
    authors,
  }: typeof worlds extends fc.Arbitrary<infer T> ? T : never,
): boolean {
  const release = { ...clear.release, ...(ref && { ref }) };
  if (!ref) {
    delete release.ref;
  }
  const facts: ReadinessFacts = {
    ...clear,
    release,
    policy: asked,
    earlier: before.map((each, index) => ({ ...each, name: `e${index}` })),
    voices: spoken.map(by => ({
      by,
      at: now,
      seen: seenBy({
        commit: release.commit,
        ...(release.artifact && { artifact: release.artifact }),
      }),
    })),
    pools: asked.approvals.map(({ from }) => ({
      ...(from && { users: from }),
      unknown: [],
    })),
    involved: { authors },
  };
  return judgeReadiness(facts).state === 'ready';
}

describe('mergeStricter', () => {
  it('lets in nothing that either policy does not let in', () => {
    let letIn = 0;
    fc.assert(
      fc.property(policies, policies, worlds, (one, other, world) => {
        const both = mergeStricter(one, other, world.earlier.length);
        const isIn = isLetIn(both, world);
        letIn += isIn ? 1 : 0;
        expect(!isIn || (isLetIn(one, world) && isLetIn(other, world))).toBe(
          true,
        );
      }),
      { numRuns: 3000 },
    );
    expect(letIn).toBeGreaterThan(50);
  });

  it('gives the same, whichever comes first', () => {
    fc.assert(
      fc.property(policies, policies, (one, other) => {
        expect(mergeStricter(one, other, 2)).toEqual(
          mergeStricter(other, one, 2),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('is no weakening of either, and asks no more of a policy with itself', () => {
    fc.assert(
      fc.property(policies, policies, (one, other) => {
        const both = mergeStricter(one, other, 2);
        expect([
          weakenings(one, both, 2),
          weakenings(other, both, 2),
          weakenings(mergeStricter(one, one, 2), one, 2).filter(
            // A number that cannot be met is told as what it comes to.
            told => !told.startsWith('order'),
          ),
        ]).toEqual([[], [], []]);
      }),
      { numRuns: 1000 },
    );
  });

  it('asks one voice where one of a team is one of anybody, too', () => {
    const team = [{ from: ['group:default/a'], required: 1 }];

    const both = mergeStricter(
      { ...policy, approvals: [{ required: 1 }] },
      { ...policy, approvals: team },
      0,
    );

    expect(both.approvals).toEqual(team);
  });
});

describe('weakenings', () => {
  it('are found wherever a release is let in that the earlier policy stops', () => {
    let found = 0;
    fc.assert(
      fc.property(policies, policies, worlds, (before, after, world) => {
        const isWeaker = isLetIn(after, world) && !isLetIn(before, world);
        found += isWeaker ? 1 : 0;
        expect(
          isWeaker &&
            weakenings(before, after, world.earlier.length).length === 0,
        ).toBe(false);
      }),
      { numRuns: 3000 },
    );
    expect(found).toBeGreaterThan(50);
  });

  it.each<[string, Partial<PromotionPolicy>, Partial<PromotionPolicy>]>([
    [
      'approvals (2 of group:default/a before, none now)',
      { approvals: [{ from: ['group:default/a'], required: 2 }] },
      { approvals: [] },
    ],
    [
      'selfApproval (false before, true now)',
      { selfApproval: false },
      { selfApproval: true },
    ],
    [
      'order (all before, previous now)',
      { order: 'all' },
      { order: 'previous' },
    ],
    [
      'soak (1 hour before, none now)',
      { soakSeconds: 3600 },
      { soakSeconds: 0 },
    ],
    ['refs (main before, anywhere now)', { refs: { branches: ['main'] } }, {}],
    [
      'automatic (false before, true now)',
      { automatic: false },
      { automatic: true },
    ],
  ])('name %s', (told, before, after) => {
    expect(
      weakenings({ ...policy, ...before }, { ...policy, ...after }, 2),
    ).toEqual([told]);
    expect(
      weakenings({ ...policy, ...after }, { ...policy, ...before }, 2),
    ).toEqual([]);
  });
});
