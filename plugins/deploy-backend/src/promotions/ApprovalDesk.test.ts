import {
  EARLIER,
  LATER,
  NOON,
  promotion,
  question,
} from './__testUtils__/decideOver';
import { ApprovalDesk } from './ApprovalDesk';
import { StoredPromotion } from './rows';

const over = {
  seam: 'review',
  repository: 'example-org/vvp',
  finished_at: NOON.toISOString(),
} as const;
const succeeded = promotion({ ...over, status: 'succeeded' });

/** How it stands for an approver, where a job of its run waits for a reviewer. */
async function standingOf(
  stored: StoredPromotion,
  { askedAt, speaks }: { askedAt: string; speaks: boolean },
) {
  const judged = {
    facts: {
      policy: { approvals: [], selfApproval: true },
      pools: [],
      involved: { authors: [] },
    },
  };
  const desk = new ApprovalDesk({
    decider: { promotionsOf: async () => (speaks ? [stored] : []) },
    readiness: { judge: async () => judged },
    reviews: { questionOf: async () => ({ ...question, askedAt }) },
  } as never);
  return desk.standingOf(stored, {} as never, 'user:default/omar');
}

describe('a job that waits for a reviewer once the promotion is over', () => {
  it.each<[string, StoredPromotion, string, boolean, object]>([
    [
      'is let in with the attempt that succeeded',
      succeeded,
      LATER,
      true,
      { letsIn: true, stillWaits: false },
    ],
    [
      'is not with another attempt, which asks anew',
      succeeded,
      LATER,
      false,
      { letsIn: false, stillWaits: false },
    ],
    [
      'is not where GitHub let another one in against the portal',
      promotion({ ...over, status: 'succeeded', state: { bypassed: true } }),
      LATER,
      true,
      { letsIn: false, stillWaits: false },
    ],
    [
      'waits on although it was rejected',
      promotion({ ...over, status: 'rejected' }),
      EARLIER,
      true,
      { letsIn: false, stillWaits: true },
    ],
  ])('%s', async (_case, stored, askedAt, speaks, standing) => {
    expect(await standingOf(stored, { askedAt, speaks })).toMatchObject(
      standing,
    );
  });
});
