import { TestDatabases } from '@backstage/backend-test-utils';
import { StepControl } from '@vvp/backstage-plugin-deploy-node';
import { migratedDatabase } from '../__testUtils__/migratedDatabase';
import { HoldStore } from '../restrictions/HoldStore';
import { QuarantinedRevisionStore } from '../restrictions/QuarantinedRevisionStore';
import { QuarantineStore } from '../restrictions/QuarantineStore';
import { engineFixture } from './engine/__testUtils__/engineFixture';
import { RunningOperation } from './engine/types';
import { RestrictionsRunner } from './RestrictionsRunner';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

describe.each(databases.eachSupportedId())('RestrictionsRunner on %s', id => {
  async function open() {
    const knex = await migratedDatabase(databases, id);
    const fixture = await engineFixture(knex);
    const [operation, other] = await Promise.all([
      fixture.operation(),
      fixture.operation(),
    ]);
    const { serviceId, environmentId } = operation;
    const engine = fixture.engine();
    const { id: operationId } = await engine.submit(operation);
    const { id: otherId } = await engine.submit(other);
    await knex('releases').insert({
      id: 'bad-release',
      service_id: serviceId,
      commit_sha: 'b'.repeat(40),
      created_at: new Date().toISOString(),
    });
    const runner = new RestrictionsRunner({
      holds: new HoldStore(knex),
      quarantines: new QuarantineStore(knex),
      quarantinedRevisions: new QuarantinedRevisionStore(knex),
    });
    /** An attempt of an operation at a step; what it says, and the last line of its log. */
    const attempt = async (name: string, by: string) => {
      const lines: string[] = [];
      const { skipped } = await runner.execute(
        {
          id: by,
          environmentId,
          requestedBy: 'user:default/dana',
          reason: 'errors',
        } as RunningOperation,
        {
          name,
          title: name,
          input: { releaseId: 'bad-release', revision: 'v3' },
        },
        {
          log: text => lines.push(text),
        } as Partial<StepControl> as StepControl,
      );
      return { skipped, said: lines.at(-1) };
    };
    return { attempt, operationId, otherId };
  }

  it.each([
    ['set-hold', 'Automatic promotion is off', 'It was held already'],
    [
      'quarantine-release',
      'The release may not be deployed any more',
      'The release was in quarantine already',
    ],
    [
      'quarantine-revision',
      'The revision may not be put back any more',
      'The revision was in quarantine already',
    ],
  ])(
    'says of %s that it did it, also after its process died over it',
    async (name, did, wasThere) => {
      const { attempt, operationId, otherId } = await open();

      const first = await attempt(name, operationId);
      const again = await attempt(name, operationId);
      const other = await attempt(name, otherId);

      expect(first).toEqual({ skipped: false, said: did });
      expect(again).toEqual({ skipped: false, said: did });
      expect(other).toEqual({ skipped: true, said: wasThere });
    },
  );
});
