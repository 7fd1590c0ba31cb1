import { TestDatabases } from '@backstage/backend-test-utils';
import { migratedDatabase } from '../__testUtils__/migratedDatabase';
import { waitFor } from '../__testUtils__/waitFor';
import { CONFIRM, CONFIRM_AGAIN } from '../verification/confirmStep';
import { assertNotProven } from './assertNotProven';
import {
  EngineFixture,
  engineFixture,
  gate,
  keepingPlan,
  plan,
} from './engine/__testUtils__/engineFixture';
import { OperationEngine } from './engine/OperationEngine';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const [confirm, again] = plan(CONFIRM, CONFIRM_AGAIN);
const steps = [
  ...plan('shift'),
  { ...confirm, compensates: false },
  ...plan('smoke-test'),
  { ...again, compensates: false },
  ...keepingPlan('set-hold'),
];

describe.each(databases.eachSupportedId())('cancelling on %s', id => {
  let fixture: EngineFixture;
  let engine: OperationEngine;

  beforeEach(async () => {
    fixture = await engineFixture(await migratedDatabase(databases, id));
    engine = fixture.engine();
    engine.start();
  });

  afterEach(() => fixture.stop());

  const cancel = (operationId: string) =>
    engine.requestCancel(operationId, 'user:default/erin', tx =>
      assertNotProven(tx, operationId),
    );

  /** Starts an operation that stands still in a step. */
  async function standingIn(step: string) {
    const waiting = gate();
    fixture.script(`do ${step}`, () => waiting.opened);
    const { id: operationId } = await engine.submit(
      await fixture.operation({ steps }),
    );
    await waitFor(() => fixture.calls.includes(`do ${step}`));
    return { operationId, goOn: waiting.open };
  }

  it.each(['shift', CONFIRM, 'smoke-test', CONFIRM_AGAIN])(
    'is possible in the step %s: what was done is undone',
    async step => {
      const { operationId, goOn } = await standingIn(step);

      await cancel(operationId);
      goOn();

      expect(await fixture.end(operationId)).toMatchObject({
        status: 'cancelled',
        outcome: 'as-before',
      });
      expect(fixture.calls.at(-1)).toBe('undo shift');
    },
  );

  it('is too late after the proof, and leaves no trace', async () => {
    const { operationId, goOn } = await standingIn('set-hold');

    await expect(cancel(operationId)).rejects.toThrow(
      /too late to cancel: the operation is done and proven/,
    );
    goOn();
    const operation = await fixture.end(operationId);

    expect(operation).toMatchObject({ status: 'succeeded', outcome: 'done' });
    expect(operation.cancelRequested).toBeUndefined();
    expect(fixture.calls.some(call => call.startsWith('undo'))).toBe(false);
  });

  it('is decided while no step can come to its end', async () => {
    const { operationId, goOn } = await standingIn(CONFIRM);
    const seen: unknown[] = [];

    // What is written here keeps the engine from writing until it is decided.
    const cancelling = engine.requestCancel(
      operationId,
      'user:default/erin',
      async tx => {
        const row = await tx('operations').where('id', operationId).first();
        goOn();
        const step = await tx('operation_steps')
          .where({ operation_id: operationId, name: CONFIRM })
          .first();
        seen.push(row.cancel_requested_by, step.status);
        await assertNotProven(tx, operationId);
      },
    );
    await cancelling;

    expect(seen).toEqual(['user:default/erin', 'running']);
    expect(await fixture.end(operationId)).toMatchObject({
      status: 'cancelled',
      outcome: 'as-before',
    });
  });
});
