import { TestDatabases } from '@backstage/backend-test-utils';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { migratedDatabase } from '../../__testUtils__/migratedDatabase';
import { waitFor } from '../../__testUtils__/waitFor';
import {
  countedTime,
  EngineFixture,
  engineFixture,
  gate,
  plan,
} from './__testUtils__/engineFixture';
import { EngineOptions, OperationEngine } from './OperationEngine';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const denied = () => {
  throw new TargetError('denied', 'It may not be done.', {
    remedy: 'Grant it.',
  });
};

const transient = () => {
  throw new TargetError('transient', 'The platform is overloaded.');
};

describe.each(databases.eachSupportedId())('OperationEngine on %s', id => {
  let fixture: EngineFixture;

  beforeEach(async () => {
    fixture = await engineFixture(await migratedDatabase(databases, id));
  });

  afterEach(() => fixture.stop());

  function started(options?: Partial<EngineOptions>): OperationEngine {
    const engine = fixture.engine(options);
    engine.start();
    return engine;
  }

  async function run(
    overrides: Parameters<EngineFixture['operation']>[0] = {},
    options?: Partial<EngineOptions>,
  ) {
    const submitted = await started(options).submit(
      await fixture.operation(overrides),
    );
    return fixture.end(submitted.id);
  }

  const statuses = (operation: { steps: { status: string }[] }) =>
    operation.steps.map(step => step.status);

  it('runs the steps in order', async () => {
    const operation = await run();

    expect(fixture.calls).toEqual(['do activate', 'do shift', 'do retire']);
    expect(operation).toMatchObject({ status: 'succeeded', outcome: 'done' });
    expect(operation.failure).toBeUndefined();
    expect(statuses(operation)).toEqual([
      'succeeded',
      'succeeded',
      'succeeded',
    ]);
    expect(fixture.transitions.map(({ status }) => status)).toEqual([
      'queued',
      'running',
      'succeeded',
    ]);
    expect(fixture.changes).toContain(operation.id);
  });

  it('hands outputs on to later steps', async () => {
    const seen: unknown[] = [];
    fixture.script('do activate', () => ({ output: { revision: '7' } }));
    fixture.script('do shift', ({ outputs }) => {
      seen.push(outputs);
    });

    await run();

    expect(seen).toEqual([{ activate: { revision: '7' } }]);
  });

  it.each([
    ['there are no steps', []],
    ['no step had anything to do', plan('activate')],
  ])('was there already if %s', async (_case, steps) => {
    fixture.script('do activate', () => ({ skipped: true }));

    const operation = await run({ steps });

    expect(operation).toMatchObject({
      status: 'succeeded',
      outcome: 'already-there',
    });
  });

  it('hands no outputs on of what is undone by then', async () => {
    const seen: unknown[] = [];
    fixture.script('do activate', () => ({ output: { revision: '7' } }));
    fixture.script('do shift', () => ({ output: { percent: 100 } }));
    fixture.script('do retire', denied);
    fixture.script('undo shift', ({ outputs }) => {
      seen.push(outputs);
    });
    fixture.script('undo activate', ({ outputs }) => {
      seen.push(outputs);
    });

    await run();

    const activate = { revision: '7' };
    expect(seen).toEqual([{ activate, shift: { percent: 100 } }, { activate }]);
  });

  it('does nothing that is not admitted when its turn comes', async () => {
    fixture.refuse({ message: 'Erin locked it.', remedy: 'Ask Erin.' });

    const operation = await run();

    expect(fixture.calls).toEqual([]);
    expect(operation).toMatchObject({
      status: 'failed',
      outcome: 'as-before',
      failure: { message: 'Erin locked it.', remedy: 'Ask Erin.' },
    });
    expect(statuses(operation)).toEqual(['skipped', 'skipped', 'skipped']);
  });

  it('undoes in reverse order what was begun before a failure', async () => {
    fixture.script('do retire', denied);

    const operation = await run();

    expect(fixture.calls).toEqual([
      'do activate',
      'do shift',
      'do retire',
      'undo retire',
      'undo shift',
      'undo activate',
    ]);
    expect(operation).toMatchObject({
      status: 'failed',
      outcome: 'as-before',
      failure: { message: 'It may not be done.', remedy: 'Grant it.' },
    });
    expect(statuses(operation)).toEqual([
      'compensated',
      'compensated',
      'failed',
    ]);
  });

  it('leaves alone what there is nothing to undo of', async () => {
    const [look, , found] = plan('look', 'shift', 'found');
    fixture.script('do found', () => ({ skipped: true }));
    fixture.script('do shift', denied);

    const operation = await run({
      steps: [
        { ...look, compensates: false },
        found,
        ...plan('shift', 'retire'),
      ],
    });

    expect(fixture.calls).toEqual([
      'do look',
      'do found',
      'do shift',
      'undo shift',
    ]);
    expect(statuses(operation)).toEqual([
      'succeeded',
      'skipped',
      'failed',
      'skipped',
    ]);
  });

  it('undoes what was found done by an earlier attempt', async () => {
    fixture.script('do activate', ({ attempt }) =>
      attempt === 1 ? transient() : { skipped: true },
    );
    fixture.script('do shift', denied);

    await run();

    expect(fixture.calls.at(-1)).toBe('undo activate');
  });

  it('says what is left when undoing fails, and goes no further', async () => {
    fixture.script('do retire', denied);
    fixture.script('undo shift', () => {
      throw new TargetError('not-found', 'The app is gone.', {
        remedy: 'Create it again.',
      });
    });

    const operation = await run();

    expect(fixture.calls).not.toContain('undo activate');
    expect(operation).toMatchObject({ status: 'failed', outcome: 'unclear' });
    expect(operation.failure?.message).toBe(
      'It may not be done. Undoing it failed as well: The app is gone.',
    );
    expect(operation.failure?.remedy).toBe(
      'Look at the platform yourself: not undone, in part or in full, are "Step shift", "Step activate". Create it again. Grant it.',
    );
  });

  it.each([
    ['transient', 'do shift'],
    ['busy', 'do shift'],
    ['transient', 'undo activate'],
    ['busy', 'undo activate'],
  ] as const)('tries again after %s in %s', async (kind, what) => {
    let failures = 3;
    fixture.script('do retire', denied);
    fixture.script(what, () => {
      if (failures > 0) {
        failures -= 1;
        throw new TargetError(kind, 'Not now.');
      }
    });

    const operation = await run();

    expect(fixture.calls.filter(call => call === what)).toHaveLength(4);
    expect(operation.outcome).toBe('as-before');
    expect(operation.failure?.message).toBe('It may not be done.');
  });

  it('counts attempts and keeps what a step remembers', async () => {
    const seen: unknown[] = [];
    fixture.script('do activate', async control => {
      seen.push([control.attempt, control.memory]);
      await control.remember({ before: `v${control.attempt}` });
      expect(control.memory).toEqual({ before: `v${control.attempt}` });
      if (control.attempt < 3) {
        transient();
      }
    });
    fixture.script('do shift', denied);
    fixture.script('undo activate', control => {
      seen.push([control.attempt, control.memory]);
    });

    const operation = await run();

    expect(seen).toEqual([
      [1, {}],
      [2, { before: 'v1' }],
      [3, { before: 'v2' }],
      [1, { before: 'v3' }],
    ]);
    expect(operation.steps[0].attempts).toBe(3);
  });

  it('turns back when the time limit is over, over all attempts', async () => {
    const [step] = plan('shift');
    fixture.script('do shift', transient);

    const operation = await run(
      { steps: [...plan('activate'), step] },
      countedTime(),
    );

    expect(operation.outcome).toBe('as-before');
    expect(operation.failure?.message).toBe(
      '"Step shift" was not done within its 60 seconds. Last problem: The platform is overloaded.',
    );
    expect(operation.steps[1].attempts).toBeGreaterThan(1);
  });

  it.each([
    ['stops when told to', true],
    ['does not stop when told to', false],
  ])('breaks off a step that %s', async (_case, stops) => {
    const [step] = plan('shift');
    fixture.script('do shift', ({ wait }) =>
      stops ? wait(1e9) : new Promise(() => {}),
    );

    const operation = await run({ steps: [{ ...step, timeoutSeconds: 1 }] });

    expect(fixture.calls).toEqual(['do shift', 'undo shift']);
    expect(operation.failure?.message).toBe(
      '"Step shift" was not done within its 1 seconds.',
    );
  });

  it('tells the fault of a step without its secrets', async () => {
    const token = `ghp_${'a1'.repeat(18)}`;
    fixture.script('do activate', control => {
      control.log(`Authorization: Bearer ${token}`, 'warn');
      throw new Error(`https://dana:${token}@example.test refused`);
    });

    const operation = await run();

    expect(operation.failure?.message).toBe(
      'The step itself is at fault: https://***@example.test refused',
    );
    expect(operation.steps[0].log[0]).toMatchObject({
      sequence: 1,
      level: 'warn',
      text: 'Authorization: ***',
    });
    expect(JSON.stringify(operation)).not.toContain(token);
  });

  it('keeps the first and the last lines of a long log', async () => {
    fixture.script('do activate', async control => {
      for (let line = 1; line <= 3_000; line++) {
        control.log(`line ${line}`);
        if (line % 500 === 0) {
          await control.wait(15);
        }
      }
    });

    const [{ log, droppedLines }] = (await run({ steps: plan('activate') }))
      .steps;

    expect(log).toHaveLength(500);
    expect(droppedLines).toBe(2_500);
    expect(log[99].text).toBe('line 100');
    expect(log[100].text).toBe('line 2601');
    expect(log.at(-1)).toMatchObject({ text: 'line 3000', sequence: 3_000 });
  });

  it('shows the log while the step runs', async () => {
    const waiting = gate();
    fixture.script('do activate', async control => {
      control.log('begun');
      await waiting.opened;
    });
    const { id: operationId } = await started().submit(
      await fixture.operation(),
    );

    await waitFor(async () => {
      const [step] = (await fixture.read(operationId)).steps;
      return step.log.some(line => line.text === 'begun');
    });
    waiting.open();

    expect(await fixture.end(operationId)).toMatchObject({ outcome: 'done' });
  });

  describe('without credentials', () => {
    it('is parked, and goes on by itself when there are some', async () => {
      let present = false;
      fixture.script('do shift', () => {
        if (!present) {
          throw new TargetError('credentials', 'There is no client secret.', {
            remedy: 'Set it.',
          });
        }
      });
      const { id: operationId } = await started().submit(
        await fixture.operation(),
      );
      const { parked, status } = await waitFor(async () => {
        const operation = await fixture.read(operationId);
        return operation.parked && operation;
      });
      present = true;

      expect(status).toBe('running');
      expect(parked).toMatchObject({
        message: 'There is no client secret.',
        remedy: 'Set it.',
      });
      const operation = await fixture.end(operationId);
      expect(operation.outcome).toBe('done');
      expect(operation.parked).toBeUndefined();
    });

    it('is not over time for having waited', async () => {
      const begun = Date.now();
      let seconds = 0;
      fixture.script('do shift', () => {
        if (seconds === 0) {
          throw new TargetError('credentials', 'There is no client secret.');
        }
      });
      const engine = started({ now: () => new Date(begun + seconds * 1000) });
      const { id: operationId } = await engine.submit(
        await fixture.operation({ steps: plan('shift') }),
      );
      await waitFor(async () => (await fixture.read(operationId)).parked);
      seconds = 90;

      expect(await fixture.end(operationId)).toMatchObject({ outcome: 'done' });
    });

    it('is undone when none ever come', async () => {
      fixture.script('do shift', () => {
        throw new TargetError('credentials', 'There is no client secret.');
      });

      const operation = await run({}, { limits: { parkLimitMs: 50 } });

      expect(operation.outcome).toBe('as-before');
      expect(operation.failure?.message).toBe(
        '"Step shift" waited too long for credentials. There is no client secret.',
      );
    });

    it('can be cancelled', async () => {
      fixture.script('do shift', () => {
        throw new TargetError('credentials', 'There is no client secret.');
      });
      const engine = started({ limits: { parkMs: 1e6 } });
      const { id: operationId } = await engine.submit(
        await fixture.operation(),
      );
      await waitFor(
        async () => (await fixture.read(operationId)).parked !== undefined,
      );
      await engine.requestCancel(operationId, 'user:default/erin');

      expect(await fixture.end(operationId)).toMatchObject({
        status: 'cancelled',
        outcome: 'as-before',
      });
    });
  });

  describe('cancelled', () => {
    it('before it began, does nothing', async () => {
      const engine = fixture.engine();
      const { id: operationId } = await engine.submit(
        await fixture.operation(),
      );
      await engine.requestCancel(operationId, 'user:default/erin');
      const operation = await fixture.read(operationId);
      engine.start();

      expect(operation).toMatchObject({
        status: 'cancelled',
        outcome: 'as-before',
        failure: { message: 'user:default/erin cancelled it.' },
        cancelRequested: { by: 'user:default/erin' },
      });
      expect(statuses(operation)).toEqual(['skipped', 'skipped', 'skipped']);
      expect(fixture.calls).toEqual([]);
      expect(fixture.transitions.map(({ status }) => status)).toEqual([
        'queued',
        'cancelled',
      ]);
    });

    it.each([
      ['activate', ['undo activate'], ['compensated', 'skipped', 'skipped']],
      [
        'shift',
        ['undo shift', 'undo activate'],
        ['compensated', 'compensated', 'skipped'],
      ],
    ])(
      'during %s, undoes what was done when the step has ended',
      async (name, undone, ended) => {
        const engine = started();
        fixture.script(`do ${name}`, async (_control, { id: operationId }) => {
          await engine.requestCancel(operationId, 'user:default/erin');
        });
        const { id: operationId } = await engine.submit(
          await fixture.operation(),
        );
        const operation = await fixture.end(operationId);

        expect(fixture.calls.filter(call => call.startsWith('undo'))).toEqual(
          undone,
        );
        expect(operation).toMatchObject({
          status: 'cancelled',
          outcome: 'as-before',
          failure: { message: 'user:default/erin cancelled it.' },
        });
        expect(statuses(operation)).toEqual(ended);
      },
    );

    it('during the last step, comes too late', async () => {
      const engine = started();
      fixture.script('do retire', async (_control, { id: operationId }) => {
        await engine.requestCancel(operationId, 'user:default/erin');
      });
      const { id: operationId } = await engine.submit(
        await fixture.operation(),
      );

      expect(await fixture.end(operationId)).toMatchObject({
        status: 'succeeded',
        outcome: 'done',
      });
    });

    it('between two attempts, undoes the step that was begun', async () => {
      const engine = started();
      fixture.script('do shift', async (_control, { id: operationId }) => {
        await engine.requestCancel(operationId, 'user:default/erin');
        transient();
      });
      const { id: operationId } = await engine.submit(
        await fixture.operation(),
      );
      const operation = await fixture.end(operationId);

      expect(fixture.calls.filter(call => call === 'do shift')).toHaveLength(1);
      expect(operation.status).toBe('cancelled');
      expect(statuses(operation)).toEqual([
        'compensated',
        'compensated',
        'skipped',
      ]);
    });

    it('while it is being undone, is refused and leaves no trace', async () => {
      const engine = started();
      let refusal: unknown;
      fixture.script('do shift', denied);
      fixture.script('undo shift', async (_control, { id: operationId }) => {
        refusal = await engine
          .requestCancel(operationId, 'user:default/erin')
          .catch(error => error);
      });
      const { id: operationId } = await engine.submit(
        await fixture.operation(),
      );
      const operation = await fixture.end(operationId);

      expect(refusal).toMatchObject({
        name: 'ConflictError',
        message: expect.stringContaining('It is too late to cancel'),
      });
      expect(operation).toMatchObject({
        status: 'failed',
        outcome: 'as-before',
        failure: { message: 'It may not be done.' },
      });
      expect(operation.cancelRequested).toBeUndefined();
    });

    it('twice, is undone once for who came first', async () => {
      const engine = started();
      fixture.script('do shift', async (_control, { id: operationId }) => {
        await engine.requestCancel(operationId, 'user:default/erin');
      });
      fixture.script('undo shift', async (_control, { id: operationId }) => {
        await engine.requestCancel(operationId, 'user:default/dana');
      });
      const { id: operationId } = await engine.submit(
        await fixture.operation(),
      );

      expect(await fixture.end(operationId)).toMatchObject({
        status: 'cancelled',
        outcome: 'as-before',
        cancelRequested: { by: 'user:default/erin' },
      });
    });

    it('and not undone, is unclear', async () => {
      const engine = started();
      fixture.script('do activate', async (_control, { id: operationId }) => {
        await engine.requestCancel(operationId, 'user:default/erin');
      });
      fixture.script('undo activate', denied);
      const { id: operationId } = await engine.submit(
        await fixture.operation(),
      );
      const operation = await fixture.end(operationId);

      expect(operation).toMatchObject({ status: 'failed', outcome: 'unclear' });
      expect(operation.failure?.message).toBe(
        'user:default/erin cancelled it. Undoing it failed as well: It may not be done.',
      );
    });

    it('after its end, is refused', async () => {
      const operation = await run();

      await expect(
        fixture.engine().requestCancel(operation.id, 'user:default/erin'),
      ).rejects.toThrow(
        `Operation ${operation.id} is over: succeeded. There is nothing left to cancel.`,
      );
      await expect(
        fixture.engine().requestCancel('none', 'user:default/erin'),
      ).rejects.toThrow('No operation has the id none.');
    });
  });

  it('fails a step that nothing here can run', async () => {
    const [step] = plan('shift');

    const operation = await run({
      steps: [...plan('activate'), { ...step, runner: 'constructor' }],
    });

    expect(operation.failure?.message).toContain(
      'Nothing here can run the step "Step shift"',
    );
  });

  it('is led on although what follows from it could not be written once', async () => {
    let failures = 2;
    const hooks = {
      ...fixture.hooks,
      onTransition: async () => {
        if (failures > 0) {
          failures -= 1;
          throw new Error('out of order');
        }
      },
    };
    const submitted = await fixture
      .engine()
      .submit(await fixture.operation({ steps: plan('activate') }));
    started({ hooks });

    expect(await fixture.end(submitted.id)).toMatchObject({ outcome: 'done' });
  });
});
