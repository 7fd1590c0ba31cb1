import { TestDatabases } from '@backstage/backend-test-utils';
import { oneDatabase } from '../__testUtils__/oneDatabase';
import {
  GOOD,
  PRODUCTION,
  REASON,
  rollback,
  startIssuer,
} from './__testUtils__/startIssuer';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const OVERRIDE = 'The shop cannot take payments until this is in';

describe.each(oneDatabase(databases))(
  'a frozen environment on %s',
  databaseId => {
    let issuer: Awaited<ReturnType<typeof startIssuer>>;

    beforeEach(async () => {
      issuer = await startIssuer({
        databases,
        databaseId,
        production: [
          'workflows: { deploy: { workflow: deploy.yml, releaseInput: sha } }',
        ],
      });
    });

    afterEach(() => issuer.backend.stop());

    const freeze = (allows: string[]) =>
      issuer.backend.post('/freezes', {
        title: 'Black Friday',
        reason: 'Nobody changes production now',
        scope: { tiers: ['production'] },
        window: {
          from: new Date(Date.now() - 1_000).toISOString(),
          to: new Date(Date.now() + 3_600_000).toISOString(),
        },
        allows,
      });

    const redeploy = (more: object) =>
      issuer.backend.post(`${PRODUCTION}/redeploy`, {
        reason: REASON,
        confirm: 'vvp-issuer',
        ...more,
      });

    it.each([
      ['forced deployment', {}],
      ['redeployment', { commit: GOOD }],
    ])('lets no %s in, unless it is overridden', async (_, what) => {
      await freeze([]);

      const refused = await redeploy(what);
      const overridden = await redeploy({ ...what, override: OVERRIDE });

      expect(refused.status).toBe(409);
      expect(refused.body.error.message).toContain('frozen until');
      expect(overridden.status).toBe(202);
      const { body } = await issuer.backend.get(
        `/operations/${overridden.body.id}`,
      );
      expect(body.override).toMatchObject({
        reason: OVERRIDE,
        waived: [expect.objectContaining({ code: 'freeze' })],
      });
    });

    it('lets a rollback through if it says so', async () => {
      await freeze(['rollback']);

      const answer = await issuer.backend.post('/rollbacks', rollback);

      expect(answer.status).toBe(202);
      expect(await issuer.ended(answer.body.id)).toMatchObject({
        outcome: 'done',
      });
    });

    it('lets no rollback through if it does not', async () => {
      await freeze(['hotfix']);

      const answer = await issuer.backend.post('/rollbacks', rollback);

      expect(answer.status).toBe(409);
      expect(await issuer.backend.knex('operations')).toEqual([]);
    });
  },
);
