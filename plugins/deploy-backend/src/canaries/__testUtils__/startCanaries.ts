import {
  BackendFeature,
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  TestDatabaseId,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { PolicyDecision } from '@backstage/plugin-permission-common';
import { CanaryState } from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { component } from '../../__testUtils__/entities';
import { workflowJob } from '../../__testUtils__/github';
import { startDeployBackend } from '../../__testUtils__/startDeployBackend';
import { waitFor } from '../../__testUtils__/waitFor';
import { recordingAuditor } from '../../evidence/auth/__testUtils__/recordingAuditor';
import { group, user } from '../../promotions/__testUtils__/people';
import { CanaryPlatform } from './CanaryPlatform';

const SPEC_URL = 'https://files.example.test/example-org/vvp/deploy.yaml';

/** Services of their own for so many tests. */
const SERVICES = 24;

export const STABLE = 'a'.repeat(40);
export const REASON = 'It answers 500 to every second call';

/** `canary` of deploy.yaml: one minute, a tenth, two errors. */
const CANARY =
  'strategy: canary, canary: { percent: 10, minutes: 1, maxErrors: 2, logEntries: 50 }';

const refOf = (key: string) => `component:default/vvp-${key}`;
const keys = Array.from({ length: SERVICES }, (_, index) => `s${index}`);

const spec = [
  'apiVersion: deploy.vvp.io/v1alpha1',
  'kind: Pipeline',
  'metadata: { name: vvp }',
  'spec:',
  '  environments:',
  '    - name: production',
  '      tier: production',
  '      promotion: { approvals: [], selfApproval: true }',
  '  services:',
  ...keys.flatMap((key, index) => [
    `    ${key}:`,
    `      entity: ${refOf(key)}`,
    '      environments:',
    '        production:',
    `          jobs: [{ workflow: deploy.yml, job: deploy-${key} }]`,
    `          target: { type: azure-container-app, resourceGroup: VVP, name: vvp-${key}${
      index === SERVICES - 1 ? '' : `, ${CANARY}`
    } }`,
    '          rollback: { automatic: true, checks: 2, secondsBetweenChecks: 1 }',
  ]),
].join('\n');

/**
 * A backend with services on a platform that splits traffic; the last one does no canaries. Each test takes a
 * service of its own.
 */
export async function startCanaries(options: {
  databases: TestDatabases;
  databaseId: TestDatabaseId;
  /** Database and platform of another backend, whose replica this one is. */
  knex?: Knex;
  platform?: CanaryPlatform;
  decide?: (permission: string) => PolicyDecision;
}) {
  const platform = options.platform ?? new CanaryPlatform();
  const auditor = recordingAuditor();
  const auditing: BackendFeature = createServiceFactory({
    service: coreServices.auditor,
    deps: {},
    factory: () => auditor,
  });
  const backend = await startDeployBackend({
    ...options,
    entities: keys.map(key =>
      component(`vvp-${key}`, {
        key,
        annotations: { 'deploy.vvp.io/spec': SPEC_URL },
      }),
    ),
    people: [user('dana'), user('omar'), group('vvp-team', ['dana'])],
    files: { [SPEC_URL]: spec },
    features: [platform.module(), auditing],
  });
  const as = (name: string) =>
    mockCredentials.user.header(`user:default/${name}`);
  let taken = 0;

  return {
    backend,
    platform,
    auditor,

    /** A service whose release is let through and on its way; `plain`: it does no canaries. */
    async promote({ plain = false, percent = 0 } = {}) {
      const index = plain ? SERVICES - 1 : taken;
      taken += plain ? 0 : 1;
      const key = keys[index];
      const commit = String(index + 1).padStart(40, 'b');
      const runId = 100 + index;
      const app = platform.app(refOf(key));
      app.bring(`${key}--1`, STABLE, 100);
      const job = (status: string, conclusion?: string) =>
        backend.deliver(
          'workflow_job',
          workflowJob({
            id: runId * 10,
            runId,
            name: `deploy-${key}`,
            sha: commit,
            status,
            ...(conclusion && { conclusion }),
          }),
        );
      await job('waiting');
      await backend.deliver('deployment_protection_rule', {
        action: 'requested',
        environment: 'production',
        event: 'push',
        repository: { full_name: 'example-org/vvp' },
        deployment_callback_url: `https://api.github.example.test/repos/example-org/vvp/actions/runs/${runId}/deployment_protection_rule`,
        deployment: {
          id: runId * 100,
          sha: commit,
          ref: 'main',
          environment: 'production',
          creator: { login: 'dana' },
          created_at: '2026-01-05T12:00:00Z',
          updated_at: '2026-01-05T12:00:00Z',
        },
      });
      let id = '';
      await until(async () => {
        await backend.run('promotions');
        const { body } = await backend.get(`/promotions?runId=${runId}`);
        id = body.items[0]?.id;
        return body.items[0]?.status === 'executing';
      }, 'the promotion to be on its way');
      await job('in_progress');

      const promotion = async () =>
        (await backend.get(`/promotions/${id}`)).body;
      const state = async (): Promise<CanaryState> =>
        JSON.parse(
          (
            await backend
              .knex('canaries')
              .where({ promotion_id: id })
              .first('state')
          ).state,
        );
      const service = {
        id,
        key,
        app,
        commit,
        revision: `${key}--2`,
        stable: `${key}--1`,
        job,
        promotion,

        /** Its pipeline brings the revision and succeeds. */
        async deploy(share = percent) {
          app.bring(`${key}--2`, commit, share);
          await job('completed');
          await this.look();
        },

        async canary() {
          return (await promotion()).canary;
        },

        operations: () =>
          backend
            .knex('operations')
            .join(
              'environments',
              'environments.id',
              'operations.environment_id',
            )
            .join('services', 'services.id', 'environments.service_id')
            .where('services.entity_ref', refOf(key))
            .orderBy('operations.position')
            .select('operations.*'),

        /** Looks once, as the schedule does. */
        look: () => backend.run('canaries'),

        /** Looks so often, as if half a minute had gone by each time. */
        async watch(times = 1) {
          for (let time = 0; time < times; time++) {
            await letTimePass(backend.knex, id);
            await backend.run('canaries');
          }
        },

        state,

        /** Looks until its canary is in a phase. */
        async reach(phase: CanaryState['phase']) {
          await until(async () => {
            await backend.run('canaries');
            return (await state()).phase === phase;
          }, `${key} to be ${phase}`);
        },

        /** Looks until its promotion is in a status. */
        async settle(status: string) {
          await until(async () => {
            await backend.run('canaries');
            await backend
              .knex('promotions')
              .where({ id })
              .update({ due_at: '2026-01-01' });
            await backend.run('promotions');
            await backend
              .knex('deployment_watches')
              .where({ state: 'watching' })
              .update({ due_at: '2026-01-01' });
            await backend.run('watch');
            return (await promotion()).status === status;
          }, `the promotion of ${key} to be ${status}`);
        },

        ask: (verb: string, body: object = {}, who = 'omar') =>
          backend.post(`/promotions/${id}/${verb}`, body, as(who)),

        events: async () =>
          ((await promotion()).events as { type: string }[])
            .map(({ type }) => type)
            .filter(type => type.startsWith('canary-')),
      };
      return service;
    },
  };
}

/** Tries until something is so. */
export async function until(
  isSo: () => Promise<boolean>,
  what: string,
): Promise<void> {
  const end = Date.now() + 180_000;
  await waitFor(async () => {
    if (Date.now() > end) {
      throw new Error(`Waited in vain for ${what}`);
    }
    return isSo();
  });
}

/** As if half a minute had gone by since the last look. */
async function letTimePass(knex: Knex, promotionId: string): Promise<void> {
  await knex.transaction(async tx => {
    const row = await tx('canaries')
      .where({ promotion_id: promotionId })
      .first('state');
    const kept: CanaryState = JSON.parse(row.state);
    if (kept.ticking) {
      kept.ticking = new Date(Date.parse(kept.ticking) - 30_000).toISOString();
    }
    await tx('canaries')
      .where({ promotion_id: promotionId })
      .update({ state: JSON.stringify(kept) });
  });
}
