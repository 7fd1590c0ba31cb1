import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { TestDatabaseId, TestDatabases } from '@backstage/backend-test-utils';
import { PolicyDecision } from '@backstage/plugin-permission-common';
import { JsonObject } from '@backstage/types';
import { component } from '../../__testUtils__/entities';
import { workflowJob, workflowRun } from '../../__testUtils__/github';
import { startDeployBackend } from '../../__testUtils__/startDeployBackend';
import { recordingAuditor } from '../../evidence/auth/__testUtils__/recordingAuditor';
import { FakePlatform } from './FakePlatform';
import { operationOver } from './operationOver';

const SPEC_URL = 'https://files.example.test/example-org/vvp/deploy.yaml';
export const OLD = 'c'.repeat(40);
export const GOOD = 'a'.repeat(40);
export const BAD = 'b'.repeat(40);

export const SERVICE = '/services/component/default/vvp-issuer';
export const PRODUCTION = `${SERVICE}/environments/production`;
export const REASON = 'It answers 500 to every second request';

export const rollback = {
  entityRef: 'component:default/vvp-issuer',
  environment: 'production',
  revision: 'issuer--2',
  reason: REASON,
  confirm: 'vvp-issuer',
};

/**
 * A backend with one service whose three releases went into production in turn: the last one is bad. Its
 * platform is in memory, and what is audited is kept.
 */
export async function startIssuer(options: {
  databases: TestDatabases;
  databaseId: TestDatabaseId;
  /** Of production, as deploy.yaml has it, a line each. */
  production?: readonly string[];
  /** Owner of another service, which every run deploys, too; left out, there is none. */
  neighbour?: string;
  config?: JsonObject;
  decide?: (permission: string) => PolicyDecision;
}) {
  const platform = new FakePlatform(
    [
      ['issuer--3', BAD],
      ['issuer--2', GOOD],
      ['issuer--1', OLD],
    ].map(([id, commit]) => ({
      id,
      commit,
      createdAt: '2026-01-05T12:00:00.000Z',
    })),
  );
  const auditor = recordingAuditor();
  const spec = [
    'apiVersion: deploy.vvp.io/v1alpha1',
    'kind: Pipeline',
    'metadata: { name: vvp }',
    'spec:',
    '  environments:',
    '    - { name: production, tier: production }',
    '  services:',
    '    issuer:',
    '      entity: component:default/vvp-issuer',
    '      environments:',
    '        production:',
    '          target: { type: azure-container-app, resourceGroup: VVP, name: vvp-issuer }',
    '          jobs: [{ workflow: deploy.yml, job: deploy-issuer }]',
    ...(options.production ?? []).map(line => `          ${line}`),
    ...(options.neighbour
      ? [
          '    verifier:',
          '      entity: component:default/vvp-verifier',
          '      environments:',
          '        production:',
          '          jobs: [{ workflow: deploy.yml, job: deploy-verifier }]',
        ]
      : []),
  ];
  const annotations = { 'deploy.vvp.io/spec': SPEC_URL };
  const backend = await startDeployBackend({
    ...options,
    entities: [
      component('vvp-issuer', { key: 'issuer', annotations }),
      ...(options.neighbour
        ? [
            component('vvp-verifier', {
              key: 'verifier',
              owner: options.neighbour,
              annotations,
            }),
          ]
        : []),
    ],
    files: { [SPEC_URL]: spec.join('\n') },
    features: [
      platform.module(),
      createServiceFactory({
        service: coreServices.auditor,
        deps: {},
        factory: () => auditor,
      }),
    ],
  });
  const deploy = async (id: number, sha: string, start: number) => {
    await backend.deliver('workflow_run', workflowRun({ id, sha, start }));
    const jobs = options.neighbour ? ['issuer', 'verifier'] : ['issuer'];
    for (const [index, key] of jobs.entries()) {
      await backend.deliver(
        'workflow_job',
        workflowJob({
          id: id * 10 + index,
          runId: id,
          name: `deploy-${key}`,
          sha,
          start,
        }),
      );
    }
  };
  await deploy(1, OLD, 0);
  await deploy(2, GOOD, 20);
  await deploy(3, BAD, 40);

  return {
    backend,
    platform,
    auditor,
    deploy,

    /** An operation, once it is over. */
    async ended(id: string) {
      await operationOver(backend.knex, id);
      return (await backend.get(`/operations/${id}`)).body;
    },

    async production() {
      const { body } = await backend.get(SERVICE);
      return body.environments[0];
    },
  };
}
