import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  TestDatabaseId,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { PolicyDecision } from '@backstage/plugin-permission-common';
import { component } from '../../__testUtils__/entities';
import { workflowJob, workflowRun } from '../../__testUtils__/github';
import { startDeployBackend } from '../../__testUtils__/startDeployBackend';
import { recordingAuditor } from '../../evidence/auth/__testUtils__/recordingAuditor';
import { group, user } from './people';

const SPEC_URL = 'https://files.example.test/example-org/vvp/deploy.yaml';

export const FIRST = 'a'.repeat(40);
export const SECOND = 'b'.repeat(40);
export const SERVICE = '/services/component/default/vvp-verifier';
export const PRODUCTION = `${SERVICE}/environments/production`;

/**
 * A backend with one service whose first release works in staging. Dana's team builds it; Omar and Ida
 * are on the platform team, whose approval production asks for; Eve is on no team.
 */
export async function startVerifier(options: {
  databases: TestDatabases;
  databaseId: TestDatabaseId;
  /** `promotion` of production, in one line. */
  promotion?: string;
  decide?: (permission: string) => PolicyDecision;
}) {
  const auditor = recordingAuditor();
  const people: Entity[] = [
    user('dana', { groups: ['vvp-team'] }),
    user('omar', { groups: ['platform-team'] }),
    user('ida', { groups: ['platform-team'] }),
    user('eve'),
    group('vvp-team', ['dana']),
    group('platform-team', ['omar', 'ida']),
  ];
  const spec = [
    'apiVersion: deploy.vvp.io/v1alpha1',
    'kind: Pipeline',
    'metadata: { name: vvp }',
    'spec:',
    '  environments:',
    '    - { name: staging, tier: staging }',
    '    - name: production',
    '      tier: production',
    `      promotion: ${
      options.promotion ??
      '{ approvals: [{ from: [group:default/platform-team], required: 1 }] }'
    }`,
    '  services:',
    '    verifier:',
    '      entity: component:default/vvp-verifier',
    '      environments:',
    '        staging:',
    '          jobs: [{ workflow: deploy.yml, job: deploy-staging }]',
    '        production:',
    '          jobs: [{ workflow: deploy.yml, job: deploy-production }]',
  ];
  const backend = await startDeployBackend({
    ...options,
    people,
    entities: [
      component('vvp-verifier', {
        key: 'verifier',
        annotations: { 'deploy.vvp.io/spec': SPEC_URL },
      }),
    ],
    files: { [SPEC_URL]: spec.join('\n') },
    features: [
      createServiceFactory({
        service: coreServices.auditor,
        deps: {},
        factory: () => auditor,
      }),
    ],
  });

  const as = (name: string) =>
    mockCredentials.user.header(`user:default/${name}`);
  const inStaging = async (id: number, sha: string, start: number) => {
    await backend.deliver('workflow_run', workflowRun({ id, sha, start }));
    await backend.deliver(
      'workflow_job',
      workflowJob({
        id: id * 10,
        runId: id,
        name: 'deploy-staging',
        sha,
        start,
      }),
    );
  };
  await inStaging(1, FIRST, 0);

  return {
    backend,
    auditor,
    people,
    inStaging,

    async releaseOf(commit: string): Promise<string> {
      const row = await backend
        .knex('releases')
        .where({ commit_sha: commit })
        .first('id');
      return row.id;
    },

    get: (path: string, who = 'dana') => backend.get(path, as(who)),

    post: (
      path: string,
      who: string,
      body: object,
      headers: Record<string, string> = {},
    ) => backend.post(path, body, as(who), headers),

    delete: (path: string, who: string) => backend.delete(path, as(who)),

    /** Asks for production. */
    async ask(who = 'dana', more: object = {}, commit = FIRST) {
      return backend.post(
        '/promotions',
        {
          entityRef: 'component:default/vvp-verifier',
          environment: 'production',
          release: await this.releaseOf(commit),
          ...more,
        },
        as(who),
      );
    },

    /** Approves what somebody sees now. */
    async approve(id: string, who: string) {
      const { body } = await backend.get(`/promotions/${id}`, as(who));
      return backend.post(
        `/promotions/${id}/approve`,
        { seen: body.seen || 'nothing' },
        as(who),
      );
    },

    /** The job that deploys to production asks whether it may, as GitHub tells it. */
    async jobAsks(runId: number, sha: string) {
      await backend.deliver(
        'workflow_job',
        workflowJob({
          id: runId * 10 + 1,
          runId,
          name: 'deploy-production',
          sha,
          status: 'waiting',
        }),
      );
      await backend.deliver('deployment_protection_rule', {
        action: 'requested',
        environment: 'production',
        event: 'push',
        repository: { full_name: 'example-org/vvp' },
        deployment_callback_url: `https://api.github.example.test/repos/example-org/vvp/actions/runs/${runId}/deployment_protection_rule`,
        deployment: {
          id: runId * 100,
          sha,
          ref: 'main',
          environment: 'production',
          creator: { login: 'dana' },
          created_at: '2026-01-05T12:00:00Z',
          updated_at: '2026-01-05T12:00:00Z',
        },
      });
    },
  };
}
