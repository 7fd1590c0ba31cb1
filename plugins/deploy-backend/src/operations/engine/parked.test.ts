import { TestDatabases } from '@backstage/backend-test-utils';
import { Failure } from '@vvp/backstage-plugin-deploy-common';
import { StepControl, TargetError } from '@vvp/backstage-plugin-deploy-node';
import { migratedDatabase } from '../../__testUtils__/migratedDatabase';
import { waitFor } from '../../__testUtils__/waitFor';
import {
  EngineFixture,
  engineFixture,
  plan,
} from './__testUtils__/engineFixture';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const locked: Failure = { message: 'Erin locked it.', remedy: 'Ask Erin.' };

describe.each(databases.eachSupportedId())('parked operations on %s', id => {
  let fixture: EngineFixture;
  let hasCredentials: boolean;
  let refusal: Failure | undefined;
  let asked: number;

  beforeEach(async () => {
    fixture = await engineFixture(await migratedDatabase(databases, id));
    hasCredentials = false;
    refusal = undefined;
    asked = 0;
  });

  afterEach(() => fixture.stop());

  const needCredentials = () => {
    if (!hasCredentials) {
      throw new TargetError('credentials', 'There is no client secret.');
    }
  };

  /** Starts an operation, and waits until it is parked. */
  async function park(
    overrides: Parameters<EngineFixture['operation']>[0] = {},
  ): Promise<string> {
    const engine = fixture.engine({
      hooks: {
        ...fixture.hooks,
        admit: async () => {
          asked += 1;
          return refusal;
        },
      },
    });
    engine.start();
    const { id: operationId } = await engine.submit(
      await fixture.operation(overrides),
    );
    await waitFor(
      async () => (await fixture.read(operationId)).parked !== undefined,
    );
    return operationId;
  }

  it('are let through again before they change anything', async () => {
    fixture.script('do activate', needCredentials);
    const operationId = await park();
    const askedBefore = asked;
    await waitFor(() => asked > askedBefore + 1);
    hasCredentials = true;

    const operation = await fixture.end(operationId);

    expect(operation).toMatchObject({ status: 'succeeded', outcome: 'done' });
    expect(fixture.calls.filter(call => call === 'do shift')).toHaveLength(1);
  });

  it('end as before when they are locked before they change anything', async () => {
    fixture.script('do activate', needCredentials);
    fixture.script('undo activate', needCredentials);
    const operationId = await park();
    refusal = locked;

    const operation = await fixture.end(operationId);

    expect(operation).toMatchObject({
      status: 'failed',
      outcome: 'as-before',
      failure: locked,
      steps: [
        { name: 'activate', status: 'skipped' },
        { name: 'shift', status: 'skipped' },
        { name: 'retire', status: 'skipped' },
      ],
    });
    expect(new Set(fixture.calls)).toEqual(new Set(['do activate']));
  });

  it('end at once when nothing has to be undone', async () => {
    const [step] = plan('look');
    fixture.script('do look', needCredentials);
    const operationId = await park({
      steps: [{ ...step, compensates: false }, ...plan('shift')],
    });
    refusal = locked;

    const operation = await fixture.end(operationId);

    expect(operation).toMatchObject({
      status: 'failed',
      outcome: 'as-before',
      failure: locked,
    });
    expect(new Set(fixture.calls)).toEqual(new Set(['do look']));
  });

  it.each([
    [
      'a step before has changed something',
      () => fixture.script('do shift', needCredentials),
    ],
    [
      'the step itself has begun to',
      () =>
        fixture.script('do activate', async control => {
          await control.remember({ before: '6' });
          needCredentials();
        }),
    ],
  ])('go on although they are locked when %s', async (_case, script) => {
    script();
    const operationId = await park();
    refusal = locked;
    hasCredentials = true;

    const operation = await fixture.end(operationId);

    expect(operation).toMatchObject({ status: 'succeeded', outcome: 'done' });
    expect(asked).toBe(1);
    expect(fixture.calls.some(call => call.startsWith('undo'))).toBe(false);
  });

  it('can be turned back by hand when they have changed something', async () => {
    fixture.script('do shift', needCredentials);
    const operationId = await park();
    refusal = locked;

    await fixture.engine().requestCancel(operationId, 'user:default/erin');

    expect(await fixture.end(operationId)).toMatchObject({
      status: 'cancelled',
      outcome: 'as-before',
    });
    expect(fixture.calls.filter(call => call.startsWith('undo'))).toEqual([
      'undo activate',
    ]);
  });

  it('can be cancelled without credentials when they have done nothing', async () => {
    fixture.script('do activate', needCredentials);
    fixture.script('undo activate', needCredentials);
    const operationId = await park();

    await fixture.engine().requestCancel(operationId, 'user:default/erin');
    const operation = await fixture.end(operationId);

    expect(operation).toMatchObject({
      status: 'cancelled',
      outcome: 'as-before',
    });
    expect(operation.steps.map(({ status }) => status)).toEqual([
      'skipped',
      'skipped',
      'skipped',
    ]);
    expect(fixture.calls).not.toContain('undo activate');
  });

  it('end as before when the credentials never come', async () => {
    fixture.script('do activate', needCredentials);
    fixture.script('undo activate', needCredentials);
    const engine = fixture.engine({ limits: { parkLimitMs: 20 } });
    engine.start();
    const { id: operationId } = await engine.submit(await fixture.operation());

    const operation = await fixture.end(operationId);

    expect(operation).toMatchObject({
      status: 'failed',
      outcome: 'as-before',
      failure: {
        message: expect.stringContaining('waited too long for credentials'),
      },
      steps: [{ status: 'failed' }, { status: 'skipped' }, {}],
    });
    expect(fixture.calls).not.toContain('undo activate');
  });

  it.each([
    [
      'remembers something',
      async (control: StepControl) => {
        await control.remember({ before: '6' });
        needCredentials();
      },
    ],
    [
      'had another problem before',
      (control: StepControl) => {
        if (control.attempt === 1) {
          throw new TargetError('transient', 'The connection broke.');
        }
        needCredentials();
      },
    ],
    [
      'had another problem in between',
      (control: StepControl) => {
        if (control.attempt === 2) {
          throw new TargetError('transient', 'The connection broke.');
        }
        needCredentials();
      },
    ],
  ])('undo a step that %s', async (_case, script) => {
    fixture.script('do activate', script);
    const operationId = await park();
    await waitFor(() => fixture.calls.length > 3);

    await fixture.engine().requestCancel(operationId, 'user:default/erin');

    expect(await fixture.end(operationId)).toMatchObject({
      status: 'cancelled',
      outcome: 'as-before',
    });
    expect(fixture.calls.at(-1)).toBe('undo activate');
  });
});
