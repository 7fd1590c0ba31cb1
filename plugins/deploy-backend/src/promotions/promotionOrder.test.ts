import { KnownEnvironment } from '../targets/TargetEnvironments';
import {
  assertGoesForward,
  checkComment,
  isOfPerson,
  mayEverGoIn,
  PromotionOrder,
  reasonOf,
  relationBy,
  rowOf,
} from './promotionOrder';
import { Judged } from './ReadinessDesk';

const order: PromotionOrder = {
  environment: {
    id: 'environment-1',
    serviceId: 'service-1',
    repository: 'example-org/vvp',
    name: 'production',
  } as KnownEnvironment,
  releaseId: 'release-1',
  class: 'regular',
  by: 'user:default/dana',
};
const judged = {
  release: { id: 'release-1', commit: 'a'.repeat(40) },
  policy: { seam: 'rule', approvals: [{ required: 1 }, { required: 2 }] },
  facts: { relation: 'newer' },
} as unknown as Judged;

describe('an order', () => {
  it.each([
    ['of a person', order, true],
    ['of a run that waits', { ...order, runId: '7' }, false],
    ['of nobody', { ...order, by: 'automatic' }, false],
  ])('%s can be told no, or not', (_case, one, expected) => {
    expect(isOfPerson(one)).toBe(expected);
  });

  it('needs a reason for a hotfix, unless it is already on its way', () => {
    const hotfix = { ...order, class: 'hotfix' as const };

    expect(() => reasonOf(hotfix)).toThrow(/reason: has to be/);
    expect(() => reasonOf({ ...hotfix, reason: 'short' })).toThrow(/reason/);
    expect(reasonOf({ ...hotfix, runId: '7' })).toBeUndefined();
    expect(reasonOf({ ...order, reason: ' \u200b ' })).toBeUndefined();
    expect(reasonOf({ ...order, reason: ' Why not ' })).toBe('Why not');
  });

  it('has short comments only', () => {
    expect(checkComment('x'.repeat(2_000))).toHaveLength(2_000);
    expect(() => checkComment('x'.repeat(2_001))).toThrow(
      'comment: has to be at most 2000 characters',
    );
    expect(checkComment(undefined)).toBeUndefined();
  });

  it('is stored with what its policy asks for', () => {
    expect(rowOf(order, judged, undefined, undefined)).toMatchObject({
      release_id: 'release-1',
      artifact: null,
      requested_by: 'user:default/dana',
      reason: null,
      seam: 'rule',
      required_approvals: 3,
      run_id: null,
      run_started_by: null,
      idempotency: null,
    });
    expect(
      rowOf({ ...order, by: 'github:dana', runId: '7' }, judged, 'Why', {
        key: 'k',
        request: 'r',
      }),
    ).toMatchObject({
      reason: 'Why',
      run_id: '7',
      run_started_by: 'github:dana',
      idempotency: 'k',
      request_digest: 'r',
    });
  });
});

describe('assertGoesForward', () => {
  const assert = (relation: string) => () =>
    assertGoesForward(
      { ...judged, facts: { relation } as Judged['facts'] },
      order.environment,
    );

  it('refuses what runs there, and what is older', () => {
    expect(assert('same')).toThrow('runs in production already');
    expect(assert('older')).toThrow('is older than what runs in production');
    expect(assert('newer')).not.toThrow();
    expect(assert('unknown')).not.toThrow();
  });
});

describe('mayEverGoIn', () => {
  it.each([
    ['ref', 'unmet', false],
    ['ref', 'met', true],
    ['gates', 'unmet', true],
  ])('of a condition on %s that is %s: %s', (kind, state, expected) => {
    const conditions = [{ kind, state }] as unknown as Judged['conditions'];

    expect(mayEverGoIn({ conditions })).toBe(expected);
  });
});

describe('relationBy', () => {
  it.each([
    [undefined, 'unknown'],
    [{ state: 'unknown' }, 'unknown'],
    [{ state: 'unrelated' }, 'unrelated'],
    [{ state: 'known', direction: 'backward' }, 'newer'],
    [{ state: 'known', direction: 'forward' }, 'older'],
  ])('of %j: %s', (range, expected) => {
    expect(relationBy(range as Parameters<typeof relationBy>[0])).toBe(
      expected,
    );
  });
});
