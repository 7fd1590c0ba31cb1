import { TestDatabases } from '@backstage/backend-test-utils';
import {
  TargetError,
  TargetErrorKind,
} from '@vvp/backstage-plugin-deploy-node';
import { migratedDatabase } from '../../__testUtils__/migratedDatabase';
import { waitFor } from '../../__testUtils__/waitFor';
import {
  EngineFixture,
  engineFixture,
  keepingPlan,
  plan,
} from './__testUtils__/engineFixture';
import { isProven, MAX_KEEPING_ATTEMPTS } from './proven';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const DAY_MS = 24 * 60 * 60_000;

const steps = [
  ...plan('shift', 'confirm'),
  ...keepingPlan('quarantine-release', 'set-hold'),
];

describe.each(databases.eachSupportedId())('after the proof on %s', id => {
  let fixture: EngineFixture;

  beforeEach(async () => {
    fixture = await engineFixture(await migratedDatabase(databases, id));
  });

  afterEach(() => fixture.stop());

  async function submit() {
    const engine = fixture.engine();
    engine.start();
    const { id: operationId } = await engine.submit(
      await fixture.operation({ steps }),
    );
    return { engine, operationId };
  }

  const undone = () => fixture.calls.filter(call => call.startsWith('undo'));
  const callsOf = (what: string) =>
    fixture.calls.filter(call => call === what).length;

  it.each<[string, Error]>([
    ...(
      [
        'transient',
        'busy',
        'credentials',
        'denied',
        'not-found',
        'unhealthy',
        'invalid',
      ] satisfies TargetErrorKind[]
    ).map((kind): [string, Error] => [
      `is ${kind}`,
      new TargetError(kind, 'Not now.'),
    ]),
    ['is at fault itself', new Error('Not now.')],
  ])('a step that %s is tried again', async (_case, error) => {
    fixture.script('do set-hold', ({ attempt }) => {
      if (attempt < 4) {
        throw error;
      }
    });

    const { operationId } = await submit();
    const operation = await fixture.end(operationId);

    expect(operation).toMatchObject({ status: 'succeeded', outcome: 'done' });
    expect(operation.failure).toBeUndefined();
    expect(operation.steps.map(({ status }) => status)).toEqual(
      Array(4).fill('succeeded'),
    );
    expect(callsOf('do set-hold')).toBe(4);
    expect(undone()).toEqual([]);
  });

  it('what cannot be done for good is told, and the rest is done', async () => {
    fixture.script('do quarantine-release', () => {
      throw new Error('The release is gone.');
    });

    const { operationId } = await submit();
    const operation = await fixture.end(operationId);

    expect(operation).toMatchObject({
      status: 'succeeded',
      outcome: 'done',
      failure: {
        message: expect.stringMatching(
          /done and proven, but.*not kept out.*"Step quarantine-release".*The release is gone\./,
        ),
        remedy: expect.stringContaining('Do by hand'),
      },
      steps: [
        { status: 'succeeded' },
        { status: 'succeeded' },
        { status: 'failed' },
        { status: 'succeeded' },
      ],
    });
    expect(callsOf('do quarantine-release')).toBe(MAX_KEEPING_ATTEMPTS);
    expect(undone()).toEqual([]);
    expect(fixture.transitions.at(-1)).toMatchObject({
      status: 'succeeded',
      outcome: 'done',
    });
  });

  it('a portal that was away for longer than any time limit goes on', async () => {
    fixture.script('do set-hold', ({ wait }) => wait(DAY_MS));
    const { engine, operationId } = await submit();
    await waitFor(() => callsOf('do set-hold') === 1);
    await engine.stop();
    fixture.script('do set-hold', () => {});

    fixture
      .engine({ now: () => new Date(Date.now() + 25 * 60 * 60_000) })
      .start();
    const operation = await fixture.end(operationId);

    expect(operation).toMatchObject({ status: 'succeeded', outcome: 'done' });
    expect(operation.failure).toBeUndefined();
    expect(undone()).toEqual([]);
  });

  it('nobody turns back, whoever asks', async () => {
    fixture.script('do quarantine-release', async (_control, operation) => {
      await fixture.engine().requestCancel(operation.id, 'user:default/erin');
    });

    const { operationId } = await submit();

    expect(await fixture.end(operationId)).toMatchObject({
      status: 'succeeded',
      outcome: 'done',
    });
    expect(undone()).toEqual([]);
  });

  it('before it, a failing step still turns back', async () => {
    fixture.script('do confirm', () => {
      throw new TargetError('unhealthy', 'It never answers.');
    });

    const { operationId } = await submit();

    expect(await fixture.end(operationId)).toMatchObject({
      status: 'failed',
      outcome: 'as-before',
      failure: { message: 'It never answers.' },
    });
    expect(undone()).toEqual(['undo confirm', 'undo shift']);
  });
});

describe('isProven', () => {
  const target = 'target';
  const keeping = 'restrictions';

  it.each([
    [true, [target, 'succeeded'], [keeping, 'pending']],
    [true, [target, 'skipped'], [keeping, 'failed']],
    [false, [target, 'running'], [keeping, 'pending']],
    [false, [target, 'failed'], [keeping, 'skipped']],
    [false, [target, 'succeeded'], [target, 'pending']],
    [false, [keeping, 'succeeded'], [keeping, 'pending']],
    [false, [keeping, 'succeeded'], [target, 'pending']],
  ] as const)('is %s with %j and %j', (expected, first, second) => {
    const standing = [first, second].map(([runner, status]) => ({
      runner,
      status,
    }));

    expect(isProven(standing)).toBe(expected);
  });
});
