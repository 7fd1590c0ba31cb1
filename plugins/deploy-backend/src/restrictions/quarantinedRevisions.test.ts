import { TestDatabases } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { isOneDatabase } from '../__testUtils__/oneDatabase';
import { component } from '../__testUtils__/entities';
import { workflowJob, workflowRun } from '../__testUtils__/github';
import {
  startDeployBackend,
  TestBackend,
} from '../__testUtils__/startDeployBackend';
import { FakePlatform } from '../operations/__testUtils__/FakePlatform';
import { operationOver } from '../operations/__testUtils__/operationOver';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const SPEC_URL = 'https://files.example.test/example-org/vvp/deploy.yaml';
const REASON = 'It loses every third call';
const OTHER_REASON = 'Calls to the emergency number fail';
const BAD_HASH = `sha256:${'b'.repeat(24)}`;
const GOOD_HASH = `sha256:${'a'.repeat(24)}`;
const KNOWN = 'c'.repeat(40);
const WORSE = 'd'.repeat(40);

const SPEC = `
apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata:
  name: vvp
spec:
  environments:
    - { name: staging, tier: staging }
    - { name: production, tier: production }
  services:
    pbx:
      entity: component:default/vvp-pbx
      environments:
        staging:
          target: { type: azure-container-app, resourceGroup: VVP, name: vvp-pbx-staging }
        production:
          target: { type: azure-container-app, resourceGroup: VVP, name: vvp-pbx }
          rollback: { automatic: true, checks: 4, secondsBetweenChecks: 1 }
          jobs:
            - { workflow: deploy.yml, job: deploy-pbx }
`;

const SERVICE = '/services/component/default/vvp-pbx';
const PRODUCTION = `${SERVICE}/environments/production`;
/** The live file has no backup yet. */
const LIVE = 'live@bbbbbbbbbbbb';
const GOOD = 'sip.conf:2026-01-05T12/00';

const quarantineOf = (revision: string, environment = PRODUCTION) =>
  `${environment}/revisions/${encodeURIComponent(revision)}/quarantine`;

const rollbackTo = (revision: string) => ({
  entityRef: 'component:default/vvp-pbx',
  environment: 'production',
  revision,
  reason: REASON,
  confirm: 'vvp-pbx',
});

/** Asks until there is an answer, at most for three minutes. */
async function until<T>(question: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + 180_000;
  for (;;) {
    const answer = await question();
    if (answer !== undefined) {
      return answer;
    }
    if (Date.now() > end) {
      throw new Error('It never came to its end.');
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

describe.each(databases.eachSupportedId())(
  'quarantined revisions on %s',
  databaseId => {
    let backend: TestBackend;
    let platform: FakePlatform;
    const denied = new Set<string>();

    async function startBackend() {
      denied.clear();
      platform = new FakePlatform([
        { id: LIVE, artifact: BAD_HASH },
        { id: GOOD, artifact: GOOD_HASH },
        { id: 'oldest' },
      ]);
      backend = await startDeployBackend({
        databases,
        databaseId,
        entities: [
          component('vvp-pbx', {
            key: 'pbx',
            annotations: { 'deploy.vvp.io/spec': SPEC_URL },
          }),
        ],
        files: { [SPEC_URL]: SPEC },
        features: [platform.module()],
        decide: permission => ({
          result: denied.has(permission)
            ? AuthorizeResult.DENY
            : AuthorizeResult.ALLOW,
        }),
      });
    }

    async function revision(id: string) {
      const { body } = await backend.get(`${PRODUCTION}/revisions`);
      return body.items.find((one: { id: string }) => one.id === id);
    }

    async function ended(id: string) {
      await operationOver(backend.knex, id);
      return (await backend.get(`/operations/${id}`)).body;
    }

    async function rollBack(id: string) {
      const { status, body } = await backend.post('/rollbacks', rollbackTo(id));
      expect({ status, body }).toMatchObject({ status: 202 });
      return ended(body.id);
    }

    async function deploy(runId: number, sha: string, start: number) {
      await backend.deliver(
        'workflow_run',
        workflowRun({ id: runId, sha, start }),
      );
      await backend.deliver(
        'workflow_job',
        workflowJob({
          id: runId * 10,
          runId,
          name: 'deploy-pbx',
          sha,
          start,
        }),
      );
    }

    describe('what comes of them', () => {
      beforeEach(startBackend);
      afterEach(() => backend.stop());

      it('keeps out after a rollback what was bad, although nobody knows its commit', async () => {
        const operation = await rollBack(GOOD);

        expect(operation).toMatchObject({
          outcome: 'done',
          from: { revision: LIVE, artifact: BAD_HASH },
          to: { revision: GOOD, artifact: GOOD_HASH },
        });
        expect(
          operation.steps.map((step: { name: string }) => step.name),
        ).toEqual([
          'stop-runs',
          'switch',
          'stop-late-runs',
          'confirm',
          'quarantine-revision',
          'set-hold',
        ]);
        expect((await revision(LIVE)).quarantine).toEqual({
          by: 'user:default/mock',
          reason: REASON,
          since: expect.any(String),
          revision: LIVE,
        });
        expect((await revision(GOOD)).quarantine).toBeUndefined();
        const again = await backend.post('/rollbacks', rollbackTo(LIVE));
        expect(again.status).toBe(409);
        expect(again.body.error.message).toContain(
          `user:default/mock quarantined revision ${LIVE} of this environment: ${REASON}`,
        );
        expect(platform.serving).toBe(GOOD);
      });

      it('knows the bad content again when the platform has named it anew', async () => {
        await rollBack(GOOD);
        const backup = 'sip.conf:2026-01-06T12/00';
        platform.revisions[0] = {
          id: backup,
          artifact: BAD_HASH,
          current: false,
        };

        const preview = await backend.post('/rollbacks/preview', {
          entityRef: 'component:default/vvp-pbx',
          environment: 'production',
          revision: backup,
        });

        expect(preview.body).toMatchObject({
          to: { id: backup, quarantine: { revision: LIVE } },
          admission: {
            admitted: false,
            refusals: [{ code: 'quarantine', clearedBy: 'deploy.quarantine' }],
          },
        });
      });

      it('quarantines no artifact that comes back itself', async () => {
        platform.revisions[0].artifact = GOOD_HASH;

        await rollBack(GOOD);

        expect((await revision(LIVE)).quarantine).toMatchObject({
          revision: LIVE,
        });
        expect((await revision(GOOD)).quarantine).toBeUndefined();
      });

      it('quarantines the revision, not the release, where the same release comes back', async () => {
        await deploy(1, KNOWN, 0);
        platform.revisions[0].commit = KNOWN;
        platform.revisions[1].commit = KNOWN;

        await rollBack(GOOD);

        expect((await revision(LIVE)).quarantine).toMatchObject({
          revision: LIVE,
        });
        expect((await revision(GOOD)).quarantine).toBeUndefined();
      });

      it('quarantines the release that was deployed, and the revision that does not tell it', async () => {
        await deploy(1, KNOWN, 0);

        const operation = await rollBack(GOOD);

        expect(
          operation.steps.map((step: { name: string }) => step.name),
        ).toEqual(
          expect.arrayContaining(['quarantine-release', 'quarantine-revision']),
        );
        expect((await revision(LIVE)).quarantine).toMatchObject({
          revision: LIVE,
        });
        const { body } = await backend.get(
          `${SERVICE}/deployments?commit=${KNOWN}`,
        );
        expect(body.items[0].release.quarantine).toMatchObject({
          reason: REASON,
        });
      });

      it('quarantines nothing when the rollback comes to nothing', async () => {
        platform.broken.add(GOOD);

        expect(await rollBack(GOOD)).toMatchObject({ outcome: 'as-before' });

        expect((await revision(LIVE)).quarantine).toBeUndefined();
      });

      it('is set and lifted by people, here and nowhere else', async () => {
        const set = await backend.post(quarantineOf(GOOD), {
          reason: OTHER_REASON,
        });
        const twice = await backend.post(quarantineOf(GOOD), {
          reason: REASON,
        });
        const refused = await backend.post('/rollbacks', rollbackTo(GOOD));
        const elsewhere = await backend.get(
          `${SERVICE}/environments/staging/revisions`,
        );
        const lifted = await backend.delete(quarantineOf(GOOD));
        const again = await backend.delete(quarantineOf(GOOD));

        expect(set.status).toBe(201);
        expect(set.body).toEqual({
          entityRef: 'component:default/vvp-pbx',
          environment: 'production',
          revision: GOOD,
          artifact: GOOD_HASH,
          by: 'user:default/mock',
          reason: OTHER_REASON,
          since: expect.any(String),
        });
        expect(twice.body).toEqual(set.body);
        expect(refused.status).toBe(409);
        expect(refused.body.error.message).toContain(OTHER_REASON);
        expect(
          elsewhere.body.items.filter(
            (one: { quarantine?: object }) => one.quarantine,
          ),
        ).toEqual([]);
        expect([lifted.status, again.status]).toEqual([204, 404]);
        expect(again.body.error.message).toMatch(/quarantine\.revision/);
        expect(await rollBack(GOOD)).toMatchObject({ outcome: 'done' });
        const rows = await backend.knex('quarantined_revisions').where({
          revision: GOOD,
        });
        expect(rows).toMatchObject([
          { lifted_by: 'user:default/mock', reason: OTHER_REASON },
        ]);
      });

      it('stands once however many set it at once', async () => {
        const answers = await Promise.all(
          Array.from({ length: 5 }, () =>
            backend.post(quarantineOf(GOOD), { reason: REASON }),
          ),
        );

        expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(201));
        expect(await backend.knex('quarantined_revisions')).toHaveLength(1);
      });

      it('is lifted although the platform does not answer', async () => {
        await backend.post(quarantineOf(GOOD), { reason: REASON });
        platform.failures.push({ method: 'revisions', kind: 'transient' });

        const { status } = await backend.delete(quarantineOf(GOOD));

        expect(status).toBe(204);
        expect(platform.failures).toHaveLength(1);
      });

      it('stops what waits for its turn', async () => {
        let open = () => {};
        platform.gate = new Promise<void>(resolve => {
          open = resolve;
        });
        // The platform takes one operation at a time, whatever the environment.
        const first = await backend.post(
          `${SERVICE}/environments/staging/restart`,
          { reason: REASON },
        );
        const second = await backend.post('/rollbacks', rollbackTo(GOOD));
        await backend.post(quarantineOf(GOOD), { reason: OTHER_REASON });
        open();

        expect((await ended(first.body.id)).status).toBe('succeeded');
        expect(await ended(second.body.id)).toMatchObject({
          status: 'failed',
          outcome: 'as-before',
          failure: { message: expect.stringContaining(OTHER_REASON) },
        });
        expect(platform.changes).toEqual([`restart ${LIVE}`]);
      });

      it('is never gone back to automatically', async () => {
        const second = { commit: 'e'.repeat(40) };
        Object.assign(platform.revisions[0], { commit: WORSE });
        Object.assign(platform.revisions[1], { commit: KNOWN });
        Object.assign(platform.revisions[2], second);
        await deploy(1, second.commit, 0);
        await deploy(2, KNOWN, 20);
        await deploy(3, WORSE, 40);
        await backend.post(quarantineOf(GOOD), { reason: OTHER_REASON });
        await backend
          .knex('deployments')
          .where({ run_id: '3' })
          .update({ finished_at: new Date().toISOString() });
        platform.broken.add(LIVE);

        const watch = await until(async () => {
          await backend.run('watch');
          const [row] = await backend.knex('deployment_watches');
          return row?.state === 'watching' ? undefined : row;
        });

        expect(watch).toMatchObject({ state: 'rolled-back' });
        expect(await ended(watch.operation_id)).toMatchObject({
          outcome: 'done',
          to: { revision: 'oldest' },
        });
      });
    });

    // What these ask of the database, the others ask of both.
    if (isOneDatabase(databases, databaseId)) {
      describe('requests', () => {
        beforeAll(startBackend);
        beforeEach(() => denied.clear());
        afterAll(() => backend.stop());

        it.each([
          ['no reason', GOOD, {}, 400, /reason/],
          [
            'a reason that says nothing',
            GOOD,
            { reason: ' '.repeat(12) },
            400,
            /reason/,
          ],
          [
            'a revision that is not there',
            'nothing',
            { reason: REASON },
            404,
            /Choose/,
          ],
          [
            'a line break in the revision',
            'a\nb',
            { reason: REASON },
            400,
            /./,
          ],
          [
            'a revision without an end',
            'r'.repeat(501),
            { reason: REASON },
            400,
            /./,
          ],
          ['another member', GOOD, { reason: REASON, force: true }, 400, /./],
        ])('is refused for %s', async (_name, id, body, status, message) => {
          const answer = await backend.post(quarantineOf(id), body);

          expect(answer.status).toBe(status);
          expect(answer.body.error.message).toMatch(message);
          expect(await backend.knex('quarantined_revisions')).toEqual([]);
        });

        it('needs deploy.quarantine', async () => {
          denied.add('deploy.quarantine');

          const set = await backend.post(quarantineOf(GOOD), {
            reason: REASON,
          });
          const lifted = await backend.delete(quarantineOf(GOOD));

          expect([set.status, lifted.status]).toEqual([403, 403]);
          expect(set.body.error.message).toContain('deploy.quarantine');
          expect(await backend.knex('quarantined_revisions')).toEqual([]);
        });

        it('is not told to those who may read nothing', async () => {
          denied.add('deploy.read');

          const { status } = await backend.post(quarantineOf(GOOD), {
            reason: REASON,
          });

          expect(status).toBe(403);
        });
      });
    }
  },
);
