import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { PromotionState } from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { migratedDatabase } from '../__testUtils__/migratedDatabase';
import { recordingAuditor } from '../evidence/auth/__testUtils__/recordingAuditor';
import {
  EngineFixture,
  engineFixture,
} from '../operations/engine/__testUtils__/engineFixture';
import { HoldStore } from '../restrictions/HoldStore';
import { endHold } from './endHold';
import { StoredPromotion } from './rows';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const minute = (count: number) => new Date(Date.UTC(2026, 0, 5, 12, count));
const DANA = 'user:default/dana';
const OMAR = 'user:default/omar';

describe.each(databases.eachSupportedId())('a hold on %s', databaseId => {
  let knex: Knex;
  let fixture: EngineFixture;
  let holds: HoldStore;
  let operation: Awaited<ReturnType<EngineFixture['operation']>>;

  beforeEach(async () => {
    knex = await migratedDatabase(databases, databaseId);
    fixture = await engineFixture(knex);
    holds = new HoldStore(knex);
    operation = await fixture.operation({ fromReleaseId: 'bad' });
    await knex('releases').insert({
      id: 'bad',
      service_id: operation.serviceId,
      commit_sha: 'b'.repeat(40),
      created_at: minute(0).toISOString(),
    });
    const { id: operationId } = await fixture.engine().submit(operation);
    // As a rollback does.
    await holds.set(
      operation.environmentId,
      { by: 'automatic', reason: 'It answers 500', operationId },
      minute(0),
    );
  });

  afterEach(() => fixture.stop());

  /** A promotion that dana asked for after the hold was set, and whose release is in place. */
  async function promoted(
    more: Omit<Partial<StoredPromotion>, 'state'> & {
      state?: Partial<PromotionState>;
    } = {},
    auditor = recordingAuditor(),
  ) {
    const logger = mockServices.logger.mock();
    await endHold(
      {
        holds,
        environments: { find: async () => undefined },
        auditor,
        logger,
      },
      {
        id: 'promotion-1',
        environment_id: operation.environmentId,
        release_id: 'good',
        status: 'verifying',
        requested_by: DANA,
        created_at: minute(1).toISOString(),
        ...more,
        state: { voices: [], ...more.state },
      } as StoredPromotion,
      minute(2),
    );
    return {
      isHeld: (await holds.current(operation.environmentId)) !== undefined,
      audits: auditor.events,
      logger,
    };
  }

  it('ends with another release that a person promoted, is kept, and audited', async () => {
    const { isHeld, audits } = await promoted();
    const again = await promoted({ status: 'succeeded' });

    expect(isHeld).toBe(false);
    expect(await knex('holds')).toEqual([
      expect.objectContaining({
        ended_by: DANA,
        ended_at: minute(2).toISOString(),
      }),
    ]);
    expect(audits).toMatchObject([
      {
        eventId: 'hold-lift',
        status: 'succeeded',
        withRequest: false,
        meta: { promotion: 'promotion-1', requestedBy: DANA },
      },
    ]);
    expect(again.audits).toEqual([]);
  });

  it('ends with one that a person approved, whoever asked for it', async () => {
    const voice = { at: minute(1).toISOString(), seen: 'it' };
    const lapsed = { at: voice.at, why: 'He left.' };

    const { isHeld, audits } = await promoted({
      requested_by: 'github:octocat',
      state: {
        voices: [
          { ...voice, by: 'user:default/ida', lapsed },
          { ...voice, by: OMAR },
        ],
      },
    });

    expect(isHeld).toBe(false);
    expect(audits).toMatchObject([{ meta: { requestedBy: OMAR } }]);
  });

  it('ends with one that was pushed or asked for before, and approved after it was set', async () => {
    const { isHeld, audits } = await promoted({
      run_started_by: DANA,
      created_at: '2026-01-05T11:59:00.000Z',
      state: {
        voices: [
          { by: DANA, at: '2026-01-05T11:59:30.000Z', seen: 'it' },
          { by: OMAR, at: minute(1).toISOString(), seen: 'it' },
        ],
      },
    });

    expect(isHeld).toBe(false);
    expect(audits).toMatchObject([{ meta: { requestedBy: OMAR } }]);
  });

  it.each<[string, Parameters<typeof promoted>[0]]>([
    ['one that a person of the catalog pushed', { run_started_by: DANA }],
    ['the release that it keeps out', { release_id: 'bad' }],
    ['one that was asked for before', { created_at: '2026-01-05T11:59:00Z' }],
    ['one that is not in place yet', { status: 'executing' }],
    ['one that never came in', { status: 'failed' }],
    ['one that was taken back', { status: 'rolled_back' }],
    ['one that asked for itself', { requested_by: 'automatic' }],
    ['one that a service asked for', { requested_by: 'service:ci' }],
    ['one that went in past the portal', { state: { bypassed: true } }],
    ['one of another environment', { environment_id: 'elsewhere' }],
  ])('stays for %s', async (_case, more) => {
    expect(await promoted(more)).toMatchObject({ isHeld: true, audits: [] });
  });

  it('that a person set ends the same way', async () => {
    await holds.lift(operation.environmentId, OMAR, minute(0));
    await holds.set(
      operation.environmentId,
      { by: OMAR, reason: 'We look at the numbers' },
      minute(1),
    );

    expect(await promoted()).toMatchObject({ isHeld: false });
  });

  it('is over although its end cannot be audited', async () => {
    const auditor = recordingAuditor();
    auditor.createEvent = () => Promise.reject(new Error('It is full.'));

    const { isHeld, logger } = await promoted({}, auditor);

    expect(isHeld).toBe(false);
    expect(logger.error).toHaveBeenCalledWith(
      'The end of a hold could not be audited',
      expect.objectContaining({ promotion: 'promotion-1' }),
    );
  });
});
