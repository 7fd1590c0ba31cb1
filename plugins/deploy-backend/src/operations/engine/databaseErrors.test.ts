import { TestDatabases } from '@backstage/backend-test-utils';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { migratedDatabase } from '../../__testUtils__/migratedDatabase';
import {
  countedTime,
  EngineFixture,
  engineFixture,
  plan,
} from './__testUtils__/engineFixture';
import { EngineOptions } from './OperationEngine';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const SECRET_VALUE = 'order-of-mr-miller';
const TELLING = /no_such_table|order-of-mr-miller|select/i;

describe.each(databases.eachSupportedId())(
  'what a database says in a step on %s',
  id => {
    let fixture: EngineFixture;

    beforeEach(async () => {
      fixture = await engineFixture(await migratedDatabase(databases, id));
    });

    afterEach(() => fixture.stop());

    const ask = async () => {
      await fixture.knex('no_such_table').where({ name: SECRET_VALUE });
    };

    async function run(options?: Partial<EngineOptions>) {
      const engine = fixture.engine(options);
      engine.start();
      const submitted = await engine.submit(
        await fixture.operation({ steps: plan('activate', 'shift') }),
      );
      return fixture.end(submitted.id);
    }

    const warnings = () =>
      fixture.logger.warn.mock.calls.filter(([message]) =>
        message.startsWith('A step failed for a reason of the portal'),
      );

    it('is tried again, and told to the server alone, once', async () => {
      fixture.script('do shift', async ({ attempt }) => {
        if (attempt < 4) {
          await ask();
        }
      });

      const operation = await run();

      expect(operation).toMatchObject({ status: 'succeeded', outcome: 'done' });
      expect(operation.steps[1].attempts).toBe(4);
      expect(operation.steps[1].log).toMatchObject(
        Array(3).fill({
          level: 'error',
          text: 'The attempt failed: The database of the portal did not do what the step asked for.',
        }),
      );
      expect(JSON.stringify(operation)).not.toMatch(TELLING);
      expect(warnings()).toEqual([
        [
          expect.any(String),
          {
            operation: operation.id,
            step: 'shift',
            error: expect.stringContaining('no_such_table'),
          },
        ],
      ]);
    });

    it('ends the step at its time limit, and is undone', async () => {
      fixture.script('do shift', ask);

      const operation = await run(countedTime());

      expect(operation).toMatchObject({
        status: 'failed',
        outcome: 'as-before',
        failure: {
          message:
            '"Step shift" was not done within its 60 seconds. Last problem: The database of the portal did not do what the step asked for.',
        },
      });
      expect(JSON.stringify(operation)).not.toMatch(TELLING);
      const stored = await Promise.all(
        ['operations', 'operation_steps', 'operation_logs'].map(table =>
          fixture.knex(table),
        ),
      );
      expect(JSON.stringify(stored)).not.toMatch(/no_such_table|miller/);
    });

    it('is tried again while it is undone', async () => {
      let failures = 2;
      fixture.script('do shift', () => {
        throw new TargetError('denied', 'It may not be done.');
      });
      fixture.script('undo activate', async () => {
        if (failures > 0) {
          failures -= 1;
          await ask();
        }
      });

      const operation = await run();

      expect(operation.outcome).toBe('as-before');
      expect(operation.failure?.message).toBe('It may not be done.');
      expect(JSON.stringify(operation)).not.toMatch(TELLING);
    });

    it('is told to the server when a step wraps it', async () => {
      fixture.script('do shift', async ({ attempt }) => {
        if (attempt === 1) {
          await ask().catch(cause => {
            throw new TargetError('transient', 'Not now.', { cause });
          });
        }
      });

      const operation = await run();

      expect(operation.steps[1].log[0].text).toBe(
        'The attempt failed: Not now.',
      );
      expect(warnings()).toHaveLength(1);
    });
  },
);
