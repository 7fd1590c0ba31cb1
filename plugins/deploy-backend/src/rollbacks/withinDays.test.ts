import { TestDatabases } from '@backstage/backend-test-utils';
import {
  GOOD,
  OLD,
  PRODUCTION,
  REASON,
  rollback,
  startIssuer,
} from '../operations/__testUtils__/startIssuer';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const DAY_MS = 24 * 60 * 60 * 1000;

describe.each(databases.eachSupportedId())('withinDays on %s', databaseId => {
  let issuer: Awaited<ReturnType<typeof startIssuer>>;

  beforeEach(async () => {
    issuer = await startIssuer({
      databases,
      databaseId,
      production: [
        'rollback: { checks: 2, secondsBetweenChecks: 1, withinDays: 30 }',
        'workflows: { deploy: { workflow: redeploy.yml, releaseInput: sha } }',
      ],
    });
    // A slow service: the last good release ran for 60 days.
    for (const [run, days] of [
      ['1', 200],
      ['2', 60],
      ['3', 0],
    ] as const) {
      await issuer.backend
        .knex('deployments')
        .where({ run_id: run })
        .update({
          finished_at: new Date(Date.now() - days * DAY_MS).toISOString(),
        });
    }
  });

  afterEach(() => issuer.backend.stop());

  const post = (change: object) =>
    issuer.backend.post('/rollbacks', { ...rollback, ...change });

  it('lets back what ran until now, however long ago it was deployed', async () => {
    const { status, body } = await post({});

    expect(status).toBe(202);
    expect(await issuer.ended(body.id)).toMatchObject({ outcome: 'done' });
  });

  it('refuses what was replaced longer ago', async () => {
    const { status, body } = await post({ revision: 'issuer--1' });

    expect(status).toBe(409);
    expect(body.error.message).toMatch(/last ran here 60 days ago/);
  });

  it('refuses what never ran here, however new it is, unless that is overridden', async () => {
    issuer.platform.revisions.push({
      id: 'issuer--9',
      commit: '9'.repeat(40),
      createdAt: new Date().toISOString(),
      current: false,
    });

    const refused = await post({ revision: 'issuer--9' });
    const { body } = await post({
      revision: 'issuer--9',
      override: 'It was tried in staging all day',
    });

    expect(refused.status).toBe(409);
    expect(refused.body.error.message).toMatch(/not known to have run here/);
    expect(await issuer.ended(body.id)).toMatchObject({
      outcome: 'done',
      override: { waived: [{ code: 'too-old' }] },
    });
  });

  describe('a release that only the pipeline can bring back', () => {
    const redeploy = (change: object) =>
      issuer.backend.post(`${PRODUCTION}/redeploy`, {
        commit: OLD,
        reason: REASON,
        confirm: 'vvp-issuer',
        ...change,
      });

    beforeEach(() => {
      issuer.platform.revisions.splice(1);
    });

    it('is refused if it was replaced longer ago, unless that is overridden', async () => {
      const refused = await redeploy({});
      const overridden = await redeploy({
        override: 'The customer asked for exactly this one',
      });

      expect(refused.status).toBe(409);
      expect(refused.body.error.message).toMatch(/last ran here 60 days ago/);
      expect(overridden.status).toBe(202);
      const { body } = await issuer.backend.get(
        `/operations/${overridden.body.id}`,
      );
      expect(body).toMatchObject({
        kind: 'redeploy',
        override: { waived: [{ code: 'too-old' }] },
      });
    });

    it('is let back if it ran until now', async () => {
      const { status } = await redeploy({ commit: GOOD });

      expect(status).toBe(202);
    });
  });
});
