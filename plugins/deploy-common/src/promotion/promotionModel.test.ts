import fc from 'fast-check';
import { promotionStatuses } from '../model';
import { action } from './__testUtils__/actions';
import {
  checkNotStranded,
  PromotionRun,
  Tally,
} from './__testUtils__/PromotionRun';
import { newWorld, Team } from './__testUtils__/world';
import { PromotionPolicy } from './policy';

const rule = fc.record({
  team: fc.constantFrom<(Team | 'anyone')[]>('platform', 'security', 'anyone'),
  required: fc.constantFrom(1, 1, 2),
});

const start = fc.record({
  rules: fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 4, arbitrary: fc.array(rule, { minLength: 1, maxLength: 2 }) },
  ),
  selfApproval: fc.boolean(),
  order: fc.constantFrom<PromotionPolicy['order'][]>(
    'none',
    'previous',
    'all',
    { atLeast: 1 },
  ),
  soakSeconds: fc.constantFrom(0, 1800, 7200),
  refs: fc.constantFrom<PromotionPolicy['refs'][]>(undefined, {
    branches: ['main'],
  }),
  automatic: fc.boolean(),
  class: fc.constantFrom('regular' as const, 'hotfix' as const),
});

describe('a promotion', () => {
  const tally = new Tally();

  it('is let through only if all is met, and is never stranded', () => {
    fc.assert(
      fc.property(
        start,
        fc.array(action, { minLength: 5, maxLength: 40, size: 'max' }),
        fc.nat(39),
        ({ rules, ...rest }, actions, probe) => {
          const world = newWorld(
            {
              ...rest,
              expiresAfterSeconds: 2 * 86_400,
              seam: 'protection-rule',
            },
            rules,
          );
          const run = new PromotionRun(world, tally);

          actions.forEach((each, index) => {
            run.do(each);
            const isProbed = index === probe || index === actions.length - 1;
            if (isProbed && run.isUndecided) {
              checkNotStranded(run);
            }
          });

          const times = run.events.map(({ at }) => at);
          expect(times).toEqual([...times].sort());
        },
      ),
      { numRuns: 1200 },
    );
  });

  // So that the sequences are known to have been everywhere.
  it('was seen in every status, with every event', () => {
    expect([...tally.statuses].sort()).toEqual([...promotionStatuses].sort());
    // All but `requested`, which is there from the beginning.
    expect(tally.events.size).toBe(16);
    expect(tally.refusals).toBeGreaterThan(100);
  });
});
