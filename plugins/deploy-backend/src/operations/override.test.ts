import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { TestDatabases } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
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

const OVERRIDE = 'The broken release answers with its error page';

describe.each(oneDatabase(databases))('override on %s', databaseId => {
  let issuer: Awaited<ReturnType<typeof startIssuer>>;
  let server: Server;
  /** What the version address answers. */
  let answer: { type: string; body: string };
  const denied = new Set<string>();

  beforeEach(async () => {
    denied.clear();
    answer = { type: 'text/html', body: '<h1>Oops</h1>' };
    server = createServer((_, response) => {
      response.setHeader('Content-Type', answer.type);
      response.end(answer.body);
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    issuer = await startIssuer({
      databases,
      databaseId,
      production: [
        `version: { url: 'http://${host}/version', commit: $.git_sha }`,
        'rollback: { checks: 2, secondsBetweenChecks: 1, withinDays: 30 }',
      ],
      config: { deploy: { versionHosts: [host], allowLoopback: true } },
      decide: permission => ({
        result: denied.has(permission)
          ? AuthorizeResult.DENY
          : AuthorizeResult.ALLOW,
      }),
    });
    await ranAt(new Date());
  });

  afterEach(async () => {
    await issuer.backend.stop();
    await new Promise(resolve => {
      server.close(resolve);
    });
  });

  async function ranAt(date: Date) {
    await issuer.backend
      .knex('deployments')
      .update({ finished_at: date.toISOString() });
  }

  const post = (body: object) => issuer.backend.post('/rollbacks', body);

  it('is what the preview says may waive a version address that proves nothing', async () => {
    const { body } = await issuer.backend.post('/rollbacks/preview', {
      entityRef: rollback.entityRef,
      environment: 'production',
      revision: 'issuer--2',
    });

    expect(body.admission).toMatchObject({
      admitted: false,
      refusals: [{ code: 'version-unusable', overridable: true }],
    });
  });

  it('lets a rollback through, is told with it, and audited', async () => {
    const refused = await post(rollback);
    const { status, body } = await post({ ...rollback, override: OVERRIDE });
    const operation = await issuer.ended(body.id);

    expect(refused.status).toBe(409);
    expect(status).toBe(202);
    expect(operation).toMatchObject({
      outcome: 'done',
      override: {
        reason: OVERRIDE,
        waived: [
          {
            code: 'version-unusable',
            message: expect.stringContaining('could not be proven'),
          },
        ],
      },
    });
    expect(issuer.platform.serving).toBe('issuer--2');
    const confirm = operation.steps.find(
      (step: { name: string }) => step.name === 'confirm',
    );
    expect(
      confirm.log.map(({ text }: { text: string }) => text).join('\n'),
    ).toContain('Not proven by the version address, which was waived');
    const audits = issuer.auditor.events.filter(
      ({ eventId }) => eventId === 'rollback-start',
    );
    expect(audits).toMatchObject([
      { status: 'failed', meta: { reason: REASON } },
      {
        status: 'succeeded',
        meta: { reason: REASON, override: OVERRIDE, operation: body.id },
      },
    ]);
    expect(audits[0].meta).not.toHaveProperty('override');
  });

  it('is not told of an operation that needed none', async () => {
    answer = {
      type: 'application/json',
      body: JSON.stringify({ git_sha: GOOD }),
    };

    const { body } = await post({ ...rollback, override: OVERRIDE });

    const operation = await issuer.ended(body.id);
    expect(operation.outcome).toBe('done');
    expect(operation).not.toHaveProperty('override');
  });

  it('lets a revision back that is too old', async () => {
    answer = {
      type: 'application/json',
      body: JSON.stringify({ git_sha: GOOD }),
    };
    await ranAt(new Date('2026-01-05T12:00:00.000Z'));

    const refused = await post(rollback);
    const { body } = await post({ ...rollback, override: OVERRIDE });

    expect(refused.status).toBe(409);
    expect(refused.body.error.message).toMatch(/days ago/);
    expect(await issuer.ended(body.id)).toMatchObject({
      outcome: 'done',
      override: { waived: [{ code: 'too-old' }] },
    });
  });

  it('lets a redeployment through', async () => {
    const request = { commit: GOOD, reason: REASON, confirm: 'vvp-issuer' };

    const refused = await issuer.backend.post(
      `${PRODUCTION}/redeploy`,
      request,
    );
    const { body } = await issuer.backend.post(`${PRODUCTION}/redeploy`, {
      ...request,
      override: OVERRIDE,
    });

    expect(refused.status).toBe(409);
    expect(await issuer.ended(body.id)).toMatchObject({
      kind: 'redeploy',
      outcome: 'done',
      override: { reason: OVERRIDE },
    });
  });

  it.each([
    ['/rollbacks', rollback],
    [
      `${PRODUCTION}/redeploy`,
      { commit: GOOD, reason: REASON, confirm: 'vvp-issuer' },
    ],
  ])('needs deploy.override for %s', async (path, body) => {
    denied.add('deploy.override');

    const refused = await issuer.backend.post(path, {
      ...body,
      override: OVERRIDE,
    });

    expect(refused.status).toBe(403);
    expect(refused.body.error.message).toContain('deploy.override');
    expect(issuer.platform.changes).toEqual([]);
    expect(issuer.auditor.events.at(-1)).toMatchObject({
      status: 'failed',
      meta: { override: OVERRIDE },
    });
  });

  it('waives no lock', async () => {
    await issuer.backend.post(`${PRODUCTION}/lock`, {
      reason: 'Database is being moved',
    });

    const refused = await post({ ...rollback, override: OVERRIDE });

    expect(refused.status).toBe(409);
    expect(refused.body.error.message).toMatch(/Database is being moved/);
    expect(refused.body.error.message).not.toMatch(/proven/);
    expect(issuer.platform.changes).toEqual([]);
  });

  it.each([
    ['too short', 'because'],
    ['blank', ' '.repeat(20)],
    ['too long', 'x'.repeat(2001)],
    ['no text', 7],
  ])('is refused if it is %s', async (_, override) => {
    const refused = await post({ ...rollback, override });

    expect(refused.status).toBe(400);
    expect(refused.body.error.message).toMatch(/override/);
    expect(issuer.platform.changes).toEqual([]);
  });

  it('is another request to the same key', async () => {
    const key = { 'Idempotency-Key': 'one-press' };
    const first = await issuer.backend.post(
      '/rollbacks',
      { ...rollback, override: OVERRIDE },
      undefined,
      key,
    );
    const other = await issuer.backend.post(
      '/rollbacks',
      { ...rollback, override: `${OVERRIDE}, once more` },
      undefined,
      key,
    );

    expect([first.status, other.status]).toEqual([202, 409]);
    await issuer.ended(first.body.id);
  });
});
