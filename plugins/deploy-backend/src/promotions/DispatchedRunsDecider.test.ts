import { KnownEnvironment } from '../targets/TargetEnvironments';
import { Dispatch } from '../protection/types';
import {
  decideOver,
  EARLIER,
  LATER,
  NOON,
  promotion,
  question,
} from './__testUtils__/decideOver';
import { DispatchedRunsDecider } from './DispatchedRunsDecider';
import { StoredPromotion } from './rows';
import { WayIn } from './wayIn';

const commit = 'a'.repeat(40);
const dispatch: Dispatch = {
  operationId: 'o1',
  kind: 'promote',
  status: 'running',
  promotionId: 'verifier-1',
  environmentId: 'verifier-production',
  commit,
};
const lock = { owner: 'user:default/omar', reason: 'The database is moved' };

function decide(options: { promotion?: StoredPromotion; isLocked?: boolean }) {
  return new DispatchedRunsDecider({
    store: {
      get: async () => options.promotion,
      commitOf: async () => commit,
    },
    readiness: {
      judge: async () => undefined,
      lockOn: async () => (options.isLocked ? lock : undefined),
    } as never,
    history: { rememberRelease: async () => undefined } as never,
    now: () => NOON,
  });
}

describe('the promotion of a run that the portal started', () => {
  const succeeded = promotion({ status: 'succeeded', finished_at: EARLIER });

  it.each<[string, StoredPromotion, Dispatch['status'], boolean]>([
    ['one on its way', promotion(), 'running', true],
    ['one that succeeded, while its run goes on', succeeded, 'running', true],
    ['one that succeeded, whose run is over', succeeded, 'succeeded', false],
    [
      'one that failed, while its run goes on',
      promotion({ status: 'failed', finished_at: EARLIER }),
      'running',
      false,
    ],
  ])('speaks for a later job, %s', async (_, stored, status, expected) => {
    const found = await decide({ promotion: stored }).promotionOf({
      ...question,
      askedAt: LATER,
      dispatch: { ...dispatch, status },
    });

    expect(found === stored).toBe(expected);
  });
});

describe('a run that an operation brings', () => {
  const environment = {
    id: 'verifier-production',
    entityRef: 'component:default/vvp-verifier',
  } as KnownEnvironment;
  const decided = (way: WayIn, isLocked: boolean) =>
    decide({ isLocked }).decisionOn(way, question.concerns[0], environment);

  it('goes in', async () => {
    expect(await decided({ by: 'operation' }, false)).toMatchObject({
      decision: 'approve',
    });
  });

  it('waits while the environment is locked, and says so', async () => {
    expect(await decided({ by: 'operation' }, true)).toMatchObject({
      decision: 'wait',
      lines: [expect.stringContaining('The database is moved')],
    });
  });

  it('goes in all the same to put back what was changed', async () => {
    const way: WayIn = { by: 'operation', isUndoing: true };

    expect(await decided(way, true)).toMatchObject({ decision: 'approve' });
  });
});

describe('a promotion whose run was turned away', () => {
  it.each<[Partial<Dispatch>, string[]]>([
    [{ status: 'running' }, ['fail']],
    [{ status: 'running', hasEnded: true }, []],
    [{ status: 'failed' }, []],
    [{ status: 'cancelled' }, []],
  ])('hears of it unless its operation tells: %j', async (more, inputs) => {
    const { decider, told } = decideOver([promotion()]);

    await decider.onAnswered(
      { ...question, dispatch: { ...dispatch, ...more } },
      'rejected',
    );

    expect(told.map(([, { type }]) => type)).toEqual(inputs);
  });
});
