import { TestDatabases } from '@backstage/backend-test-utils';
import { rollback, startIssuer } from '../operations/__testUtils__/startIssuer';

jest.setTimeout(30_000);

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
});
