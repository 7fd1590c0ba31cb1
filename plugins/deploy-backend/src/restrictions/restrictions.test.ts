import { TestDatabases } from '@backstage/backend-test-utils';
import { oneDatabase } from '../__testUtils__/oneDatabase';
import { waitFor } from '../__testUtils__/waitFor';
import {
  BAD,
  PRODUCTION,
  SERVICE,
  startIssuer,
} from '../operations/__testUtils__/startIssuer';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const REASON = 'We look at the numbers first';
const OTHER = 'Somebody else has another reason';
const NOBODY = '00000000-0000-4000-8000-000000000000';

/** One backend for all: each lifts what it set. */
describe.each(oneDatabase(databases))(
  'what people restrict, on %s',
  databaseId => {
    let issuer: Awaited<ReturnType<typeof startIssuer>>;
    let release: string;

    beforeAll(async () => {
      issuer = await startIssuer({ databases, databaseId });
      const { body } = await issuer.backend.get(
        `${SERVICE}/deployments?commit=${BAD}`,
      );
      release = `/releases/${body.items[0].release.id}/quarantine`;
    });

    afterAll(() => issuer.backend.stop());

    beforeEach(() => {
      issuer.auditor.events.length = 0;
      issuer.backend.signals.length = 0;
    });

    const set = (path: string, reason: unknown = REASON, more: object = {}) =>
      issuer.backend.post(path, { reason, ...more });
    const lift = (path: string) => issuer.backend.delete(path);
    const audits = () =>
      issuer.auditor.events.map(({ eventId, status, meta }) => ({
        eventId,
        status,
        reason: meta.reason,
        entityRef: meta.entityRef,
      }));

    /** Open pages hear of a change. */
    const told = async () => {
      await waitFor(() => issuer.backend.signals.length > 0);
      issuer.backend.signals.length = 0;
    };

    /** What is told of it where it is shown. */
    const shown = {
      hold: async () => (await issuer.production()).hold,
      lock: async () => (await issuer.production()).lock,
      quarantine: async () => {
        const { body } = await issuer.backend.get(
          `${SERVICE}/releases?limit=50`,
        );
        return body.items.find(
          ({ commit }: { commit: string }) => commit === BAD,
        ).quarantine;
      },
    };

    describe.each<['hold' | 'lock' | 'quarantine', string, string, string]>([
      ['hold', 'hold-set', 'hold-lift', 'There is no hold'],
      ['lock', 'lock-set', 'lock-release', 'is not locked'],
      ['quarantine', 'quarantine-set', 'quarantine-lift', 'not in quarantine'],
    ])('by a %s', (what, onSet, onLift, nothing) => {
      const path = () =>
        what === 'quarantine' ? release : `${PRODUCTION}/${what}`;
      const entityRef = 'component:default/vvp-issuer';

      it('is set and lifted once, each audited and told to open pages', async () => {
        const first = await set(path());
        const during = await shown[what]();
        await told();
        const lifted = await lift(path());
        const after = await shown[what]();
        await told();
        const again = await lift(path());

        expect([first.status, lifted.status, again.status]).toEqual([
          201, 204, 404,
        ]);
        expect(during).toMatchObject({ reason: REASON });
        expect(after).toBeUndefined();
        expect(again.body.error.message).toContain(nothing);
        expect(audits()).toMatchObject([
          { eventId: onSet, status: 'succeeded', reason: REASON, entityRef },
          { eventId: onLift, status: 'succeeded', entityRef },
          { eventId: onLift, status: 'failed' },
        ]);
      });

      it('stays as it was set, whoever sets another', async () => {
        const answers = await Promise.all([
          set(path(), REASON),
          set(path(), REASON),
        ]);
        const later = await set(path(), OTHER);
        const now = await shown[what]();
        await lift(path());

        expect(answers.map(({ status }) => status).sort()).toEqual(
          what === 'quarantine' ? [201, 201] : [201, 409],
        );
        expect(later.status).toBe(what === 'quarantine' ? 201 : 409);
        expect(JSON.stringify(later.body)).toContain(REASON);
        expect(now).toMatchObject({ reason: REASON });
      });

      it.each(['short', ' '.repeat(20)])('needs a reason: %j', async reason => {
        const refused = await set(path(), reason);

        expect(refused.status).toBe(400);
        expect(await shown[what]()).toBeUndefined();
      });
    });

    it('by a lock that ran out makes room for the next', async () => {
      await set(`${PRODUCTION}/lock`, REASON, {
        expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      });
      await issuer.backend
        .knex('locks')
        .whereNull('released_at')
        .update({ expires_at: '2026-01-05T12:00:00.000Z' });

      const over = await shown.lock();
      const next = await set(`${PRODUCTION}/lock`, OTHER);
      await lift(`${PRODUCTION}/lock`);

      expect(over).toBeUndefined();
      expect(next.status).toBe(201);
      expect(
        await issuer.backend
          .knex('locks')
          .where({ reason: REASON, released_by: 'expiry' }),
      ).toHaveLength(1);
    });

    it('is no release that is not there', async () => {
      const path = `/releases/${NOBODY}/quarantine`;

      const answers = [await set(path), await lift(path)];

      expect(answers.map(({ status }) => status)).toEqual([404, 404]);
      expect(audits()).toMatchObject([
        { eventId: 'quarantine-set', status: 'failed' },
        { eventId: 'quarantine-lift', status: 'failed' },
      ]);
    });
  },
);
