import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { OperationKind } from '@vvp/backstage-plugin-deploy-common';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { Knex } from 'knex';
import { v4 as uuid } from 'uuid';
import { migratedDatabase } from '../__testUtils__/migratedDatabase';
import { waitFor } from '../__testUtils__/waitFor';
import { AdmissionDesk } from '../restrictions/AdmissionDesk';
import { HoldStore } from '../restrictions/HoldStore';
import { LockStore } from '../restrictions/LockStore';
import { QuarantinedRevisionStore } from '../restrictions/QuarantinedRevisionStore';
import { QuarantineStore } from '../restrictions/QuarantineStore';
import { TargetEnvironments } from '../targets/TargetEnvironments';
import { TargetRegistry } from '../targets/TargetRegistry';
import { admitAtStart } from './admitAtStart';
import {
  EngineFixture,
  engineFixture,
} from './engine/__testUtils__/engineFixture';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const by = 'user:default/erin';

interface Where {
  serviceId: string;
  environmentId: string;
  releaseId: string;
}

describe.each(databases.eachSupportedId())(
  'admission of a parked operation on %s',
  id => {
    let knex: Knex;
    let fixture: EngineFixture;

    beforeEach(async () => {
      knex = await migratedDatabase(databases, id);
      fixture = await engineFixture(knex);
    });

    afterEach(() => fixture.stop());

    /** The API no longer shows operations of a service that left the catalog. */
    const stored = (operationId: string) =>
      knex('operations').where('id', operationId).first();

    async function park(kind: OperationKind, automatic: boolean) {
      const environment = await fixture.environment();
      const releaseId = uuid();
      await knex('releases').insert({
        id: releaseId,
        service_id: environment.serviceId,
        commit_sha: 'a'.repeat(40),
        created_at: new Date().toISOString(),
      });
      const desk = new AdmissionDesk({
        freezesOf: async () => [],
        knex,
        locks: new LockStore(knex),
        holds: new HoldStore(knex),
        quarantines: new QuarantineStore(knex),
        quarantinedRevisions: new QuarantinedRevisionStore(knex),
      });
      const environments = new TargetEnvironments({
        knex,
        registry: new TargetRegistry(),
        logger: mockServices.logger.mock(),
      });
      const engine = fixture.engine({
        hooks: {
          ...fixture.hooks,
          admit: operation => admitAtStart(desk, environments, operation),
        },
      });
      const present = { credentials: false };
      fixture.script('do activate', () => {
        if (!present.credentials) {
          throw new TargetError('credentials', 'There is no client secret.');
        }
      });
      engine.start();
      const { id: operationId } = await engine.submit({
        ...(await fixture.operation()),
        ...environment,
        kind,
        automatic,
        toReleaseId: releaseId,
        context: { permission: 'deploy.rollback' },
      });
      await waitFor(
        async () => (await fixture.read(operationId)).parked !== undefined,
      );
      return { operationId, present, where: { ...environment, releaseId } };
    }

    it.each<
      [
        string,
        OperationKind,
        boolean,
        RegExp,
        (where: Where) => Promise<unknown>,
      ]
    >([
      [
        'a lock',
        'rollback',
        false,
        /Database is being moved/,
        where =>
          new LockStore(knex).lock(
            where.environmentId,
            { owner: by, reason: 'Database is being moved' },
            new Date(),
          ),
      ],
      [
        'a quarantine of what comes in',
        'rollback',
        false,
        /It loses messages/,
        where =>
          new QuarantineStore(knex).set(
            where.releaseId,
            { by, reason: 'It loses messages' },
            new Date(),
          ),
      ],
      [
        'a hold, if nobody asked for it,',
        'rollback',
        true,
        /We look at the numbers/,
        where =>
          new HoldStore(knex).set(
            where.environmentId,
            { by, reason: 'We look at the numbers' },
            new Date(),
          ),
      ],
      [
        'leaving the catalog',
        'redeploy',
        false,
        /left the catalog/,
        where =>
          knex('services')
            .where('id', where.serviceId)
            .update({ removed_at: new Date().toISOString() }),
      ],
    ])(
      '%s stops it before it changes anything',
      async (_case, kind, automatic, message, restrict) => {
        const { operationId, where } = await park(kind, automatic);

        await restrict(where);
        await waitFor(async () => (await stored(operationId)).finished_at);

        expect(await stored(operationId)).toMatchObject({
          status: 'failed',
          outcome: 'as-before',
          failure: expect.stringMatching(message),
        });
        expect(fixture.calls).not.toContain('do shift');
      },
    );

    it('lets it go on when a hold stops only what nobody asked for', async () => {
      const { operationId, present, where } = await park('rollback', false);

      await new HoldStore(knex).set(
        where.environmentId,
        { by, reason: 'We look at the numbers' },
        new Date(),
      );
      present.credentials = true;

      expect(await fixture.end(operationId)).toMatchObject({ outcome: 'done' });
    });
  },
);
