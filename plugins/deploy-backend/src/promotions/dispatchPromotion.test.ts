import { Admission } from '@vvp/backstage-plugin-deploy-common';
import { NewOperation } from '../operations/engine/types';
import { KnownEnvironment } from '../targets/TargetEnvironments';
import { promotion } from './__testUtils__/decideOver';
import { dispatchPromotion } from './dispatchPromotion';

const commit = 'a'.repeat(40);
const stored = promotion({
  requested_by: 'user:default/dana',
  go_ahead_at: '2026-01-05T12:00:00.000Z',
});
const environment = {
  id: 'verifier-production',
  serviceId: 'verifier',
  entityRef: 'component:default/vvp-verifier',
  name: 'production',
  repository: 'example-org/vvp',
  definition: {
    workflows: {
      deploy: { workflow: 'release.yml', releaseInput: 'commit' },
    },
  },
} as unknown as KnownEnvironment;

const refused: Admission = {
  admitted: false,
  refusals: [
    {
      code: 'operation-running',
      message: 'A promote of this service is under way here: operation o1.',
      remedy: 'Wait for its end, or cancel it.',
    },
  ],
};

/** An engine that keeps operations by their keys, and admission that sees those that are under way. */
function engine() {
  const operations = new Map<string, NewOperation>();
  return {
    operations,
    dispatch: (known = environment) =>
      dispatchPromotion(
        {
          desk: {
            ask: async () =>
              operations.size > 0 ? refused : { admitted: true, refusals: [] },
          },
          earlier: async ({ key }) => (operations.has(key) ? 'o1' : undefined),
          submit: async operation => {
            operations.set(operation.idempotency!.key, operation);
            return { id: 'o1' };
          },
        },
        known,
        stored,
        commit,
      ),
  };
}

describe('dispatchPromotion', () => {
  it('starts one operation that is told the release', async () => {
    const { operations, dispatch } = engine();

    expect(await dispatch()).toEqual({ id: 'o1' });
    expect([...operations.values()]).toEqual([
      expect.objectContaining({
        kind: 'promote',
        to: { commit },
        context: expect.objectContaining({ promotion: stored.id }),
      }),
    ]);
  });

  it.each<[string, KnownEnvironment]>([
    ['is under way', environment],
    [
      'could not be started any more',
      { ...environment, definition: undefined, untrusted: 'Not this one.' },
    ],
  ])(
    'gives the one that a process started which died, although it %s',
    async (_, known) => {
      const { operations, dispatch } = engine();
      await dispatch();

      expect(await dispatch(known)).toEqual({ id: 'o1' });
      expect(operations.size).toBe(1);
    },
  );

  it('waits for the operation of somebody else', async () => {
    const { operations, dispatch } = engine();
    operations.set('another', {} as NewOperation);

    await expect(dispatch()).rejects.toMatchObject({ name: 'ConflictError' });
    expect(operations.size).toBe(1);
  });
});
