import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { TestDatabases } from '@backstage/backend-test-utils';
import { isOneDatabase } from '../../__testUtils__/oneDatabase';
import { waitFor } from '../../__testUtils__/waitFor';
import {
  BAD,
  GOOD,
  PRODUCTION,
  REASON,
  SERVICE,
  startIssuer,
} from '../../operations/__testUtils__/startIssuer';
import { watching } from './__testUtils__/watching';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const CHECKS = 2;
const HOUR_MS = 60 * 60 * 1000;
const MINUTE_MS = 60 * 1000;

describe.each(databases.eachSupportedId())(
  'automatic rollbacks on %s',
  databaseId => {
    let issuer: Awaited<ReturnType<typeof startIssuer>>;
    const { beFresh, look, beAway, watchOf, audits } = watching(() => issuer);

    async function start(options: Partial<Parameters<typeof startIssuer>[0]>) {
      issuer = await startIssuer({
        databases,
        databaseId,
        ...options,
        production: [
          `rollback: { automatic: true, checks: ${CHECKS}, secondsBetweenChecks: 1 }`,
          ...(options.production ?? []),
        ],
      });
      await beFresh();
      issuer.platform.broken.add('issuer--3');
    }

    afterEach(() => issuer.backend.stop());

    describe('one after the other', () => {
      beforeEach(() => start({}));

      /** A bad release that serves, of a run that ends so many minutes from now. */
      async function deployBad(id: number, letter: string, minutes: number) {
        const revision = `issuer--${id}`;
        const commit = letter.repeat(40);
        issuer.platform.revisions.unshift({
          id: revision,
          commit,
          createdAt: new Date().toISOString(),
          current: false,
        });
        issuer.platform.serving = revision;
        issuer.platform.broken.add(revision);
        const noon = Date.UTC(2026, 0, 5, 12);
        const now = Math.ceil((Date.now() - noon) / MINUTE_MS);
        await issuer.deploy(id, commit, now + minutes);
        return commit;
      }

      it('never happen twice in a row, and never go back to what was found bad', async () => {
        await look(CHECKS);
        const first = await watchOf(BAD);
        expect(await issuer.ended(first.operationId)).toMatchObject({
          outcome: 'done',
          to: { revision: 'issuer--2' },
        });

        const second = await deployBad(4, 'd', 0);
        await look(CHECKS);

        expect(await watchOf(second)).toMatchObject({
          state: 'not-possible',
          note: expect.stringMatching(/The portal itself set a hold/),
        });
        expect(issuer.platform.changes).toEqual(['switch issuer--2']);
        expect(issuer.platform.serving).toBe('issuer--4');

        await issuer.backend.delete(`${PRODUCTION}/hold`);
        const third = await deployBad(5, 'e', 5);
        await look(CHECKS);
        const last = await watchOf(third);

        expect(last).toMatchObject({ state: 'rolled-back' });
        expect(await issuer.ended(last.operationId)).toMatchObject({
          requestedBy: 'automatic',
          outcome: 'done',
          from: { commit: third },
          // Neither the quarantined one, nor the one that could not be taken out.
          to: { revision: 'issuer--2', commit: GOOD },
        });
        const { body } = await issuer.backend.get(
          `${SERVICE}/operations?environment=production`,
        );
        expect(body.items).toHaveLength(2);
        expect((await issuer.production()).hold).toMatchObject({
          by: 'automatic',
        });
      });
    });

    describe('whose watch was not told of them', () => {
      beforeEach(() => start({}));

      /** As if the process had died after it asked for the rollback. */
      async function forget() {
        await issuer.backend.knex('deployment_watches').update({
          state: 'watching',
          note: null,
          operation_id: null,
        });
      }

      it('are found again', async () => {
        await look(CHECKS);
        const told = await watchOf(BAD);
        await issuer.ended(told.operationId);
        await forget();

        await look();

        expect(await watchOf(BAD)).toMatchObject({
          state: 'rolled-back',
          note: told.note,
          operationId: told.operationId,
          operationStatus: 'succeeded',
        });
        expect(issuer.platform.changes).toEqual(['switch issuer--2']);
      });

      it('are told as what they are while they run', async () => {
        let open = () => {};
        issuer.platform.gate = new Promise<void>(resolve => {
          open = resolve;
        });
        await look(CHECKS);
        const told = await watchOf(BAD);
        await waitFor(
          async () => (await watchOf(BAD)).operationStatus === 'running',
        );
        await forget();
        // Its platform has switched, and the proof is still to come.
        issuer.platform.serving = 'issuer--2';

        await look();
        const again = await watchOf(BAD);
        open();
        await issuer.ended(told.operationId);

        expect(again).toMatchObject({
          state: 'rolled-back',
          operationId: told.operationId,
          operationStatus: 'running',
        });
      });

      it('are told even if they cannot be audited', async () => {
        const { createEvent } = issuer.auditor;
        issuer.auditor.createEvent = async event => {
          if (event.eventId === 'rollback-start') {
            throw new Error('The audit log is full');
          }
          return createEvent(event);
        };

        await look(CHECKS);
        const told = await watchOf(BAD);

        expect(told.state).toBe('rolled-back');
        expect(told.note).not.toMatch(/stays/);
        expect(await issuer.ended(told.operationId)).toMatchObject({
          outcome: 'done',
        });
      });
    });

    // What these ask of the database, the others ask of both.
    if (isOneDatabase(databases, databaseId)) {
      describe('that something stands in the way of for a moment', () => {
        beforeEach(() => start({}));

        it('are tried again while the platform is busy', async () => {
          await look(CHECKS - 1);
          issuer.platform.failures.push({ method: 'plan', kind: 'busy' });

          await look();
          const waiting = await watchOf(BAD);
          await look();
          const done = await watchOf(BAD);
          await issuer.ended(done.operationId);

          expect(waiting).toMatchObject({
            state: 'watching',
            note: expect.stringMatching(/stays for now.*platform says busy/s),
          });
          expect(done).toMatchObject({ state: 'rolled-back' });
          expect(audits('rollback-start')).toHaveLength(1);
        });

        it('are tried again while another operation runs', async () => {
          let open = () => {};
          issuer.platform.gate = new Promise<void>(resolve => {
            open = resolve;
          });
          const { body } = await issuer.backend.post(`${PRODUCTION}/restart`, {
            reason: REASON,
            confirm: 'vvp-issuer',
          });

          await look(CHECKS);
          const waiting = await watchOf(BAD);
          open();
          await issuer.ended(body.id);
          await look();
          const done = await watchOf(BAD);

          expect(waiting).toMatchObject({
            state: 'watching',
            note: expect.stringContaining(body.id),
          });
          expect(done).toMatchObject({ state: 'rolled-back' });
          expect(await issuer.ended(done.operationId)).toMatchObject({
            outcome: 'done',
          });
        });

        it('are given up when that lasts too long, and say so', async () => {
          await look(CHECKS - 1);
          issuer.platform.failures.push({ method: 'plan', kind: 'busy' });
          await look();
          await beAway(2 * HOUR_MS);

          await look();

          expect(await watchOf(BAD)).toMatchObject({
            state: 'not-possible',
            note: expect.stringMatching(/too long.*platform says busy/s),
          });
          expect(audits('rollback-start')).toMatchObject([
            { status: 'failed' },
          ]);
          expect(issuer.platform.changes).toEqual([]);
        });
      });

      describe('of a release that answers with its error page', () => {
        let server: Server;
        /** Whether the release that comes back tells its version. */
        let isTold: boolean;

        beforeEach(async () => {
          isTold = true;
          server = createServer((_, response) => {
            const tells = isTold && issuer.platform.serving === 'issuer--2';
            response.setHeader(
              'Content-Type',
              tells ? 'application/json' : 'text/html',
            );
            response.end(
              tells ? JSON.stringify({ git_sha: GOOD }) : '<h1>Oops</h1>',
            );
          });
          await new Promise<void>(resolve => {
            server.listen(0, '127.0.0.1', resolve);
          });
          const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
          await start({
            production: [
              `version: { url: 'http://${host}/version', commit: $.git_sha }`,
            ],
            config: { deploy: { versionHosts: [host], allowLoopback: true } },
          });
        });

        afterEach(
          () =>
            new Promise(resolve => {
              server.close(resolve);
            }),
        );

        it.each([
          [true, 'done'],
          [false, 'as-before'],
        ])(
          'begin, and the proof judges them: it tells its version (%s), so %s',
          async (tells, outcome) => {
            isTold = tells;

            await look(CHECKS);
            const told = await watchOf(BAD);

            expect(told).toMatchObject({ state: 'rolled-back' });
            expect(await issuer.ended(told.operationId)).toMatchObject({
              outcome,
            });
          },
        );
      });
    }
  },
);
