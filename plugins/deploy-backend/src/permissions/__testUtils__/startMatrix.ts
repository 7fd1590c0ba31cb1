import { TestDatabaseId, TestDatabases } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { v4 as uuid } from 'uuid';
import { component } from '../../__testUtils__/entities';
import { workflowJob, workflowRun } from '../../__testUtils__/github';
import { startDeployBackend } from '../../__testUtils__/startDeployBackend';
import { coverageReport } from '../../evidence/__testUtils__/reports';
import { EvidenceStore } from '../../evidence/store/EvidenceStore';
import { encodeGateId } from '../../gates/gateId';
import { FakePlatform } from '../../operations/__testUtils__/FakePlatform';
import { Place } from './endpoints';
import { FrameworkPermissions } from './frameworkPermissions';
import { headerOf, OURS, policy, THEIRS } from './principals';

const SPEC_URL = 'https://files.example.test/example-org/vvp/deploy.yaml';
const RUNNING = 'a'.repeat(40);
const COMING = 'b'.repeat(40);
const REASON = 'Something for the matrix to find';

/** The service that the matrix is about, and its environments. */
export const SERVICE = 'vvp-issuer';
export const tiers = ['development', 'staging', 'production'] as const;

/** A portal with one service of ours and one of theirs, each in three environments. */
export async function startMatrix(options: {
  databases: TestDatabases;
  databaseId: TestDatabaseId;
}) {
  const permissions = new FrameworkPermissions(policy);
  const annotations = { 'deploy.vvp.io/spec': SPEC_URL };
  const entities: Entity[] = [
    component(SERVICE, { key: 'issuer', owner: OURS, annotations }),
    component('vvp-verifier', { key: 'verifier', owner: THEIRS, annotations }),
  ];
  const environmentsOf = (key: string) =>
    tiers.flatMap(tier => [
      `        ${tier}:`,
      ...(key === 'issuer'
        ? [
            `          target: { type: azure-container-app, resourceGroup: VVP, name: ${key}-${tier} }`,
          ]
        : []),
      `          jobs: [{ workflow: deploy.yml, job: ${key}-${tier} }]`,
    ]);
  const spec = [
    'apiVersion: deploy.vvp.io/v1alpha1',
    'kind: Pipeline',
    'metadata: { name: vvp }',
    'spec:',
    '  environments:',
    ...tiers.map(tier => `    - { name: ${tier}, tier: ${tier} }`),
    '  services:',
    '    issuer:',
    `      entity: component:default/${SERVICE}`,
    '      environments:',
    ...environmentsOf('issuer'),
    '    verifier:',
    '      entity: component:default/vvp-verifier',
    '      environments:',
    ...environmentsOf('verifier'),
  ].join('\n');
  const platform = new FakePlatform(
    [1, 2].map(number => ({
      id: `issuer--${number}`,
      commit: RUNNING,
      createdAt: '2026-01-05T12:00:00.000Z',
    })),
  );
  const backend = await startDeployBackend({
    ...options,
    permissions: permissions.feature(),
    entities,
    files: { [SPEC_URL]: spec },
    features: [platform.module()],
  });
  permissions.listens(backend.url);
  await backend.deliver('workflow_run', workflowRun({ id: 1, sha: RUNNING }));
  const jobs = ['issuer', 'verifier'].flatMap(key =>
    tiers.map(tier => `${key}-${tier}`),
  );
  for (const [index, name] of jobs.entries()) {
    await backend.deliver(
      'workflow_job',
      workflowJob({ id: 10 + index, runId: 1, name, sha: RUNNING }),
    );
  }

  const { knex } = backend;
  const service = headerOf('service');
  const entityRef = `component:default/${SERVICE}`;
  const row = await knex('services').where({ entity_ref: entityRef }).first();
  const running = await knex('releases').where({ service_id: row.id }).first();
  const coming = { ...running, id: uuid(), commit_sha: COMING };
  await knex('releases').insert(coming);
  const store = new EvidenceStore(knex);
  let reports = 0;

  const report = async (environment: string) => {
    reports += 1;
    const { id } = await store.record({
      serviceId: row.id,
      environment,
      commit: RUNNING,
      provenance: { kind: 'user', userRef: 'user:default/dana' },
      digest: String(reports),
      report: coverageReport(1),
    });
    return id;
  };
  const started = async (path: string, body: object): Promise<string> => {
    const response = await backend.post(path, body, service);
    if (response.status >= 300) {
      throw new Error(`${path}: ${response.status} ${response.text}`);
    }
    return response.body.id;
  };
  const freeze = () =>
    started('/freezes', {
      title: 'Next century',
      reason: REASON,
      scope: { services: [entityRef] },
      window: { from: '2098-01-01T00:00:00Z', to: '2098-01-02T00:00:00Z' },
    });

  return {
    backend,
    permissions,

    /** With something of everything in an environment. */
    async place(environment: string): Promise<Place> {
      const path = `/services/component/default/${SERVICE}/environments/${environment}`;
      const deployment = await knex('deployments')
        .join('environments', 'environments.id', 'deployments.environment_id')
        .where({
          'environments.service_id': row.id,
          'environments.name': environment,
        })
        .first('deployments.id');
      return {
        name: SERVICE,
        environment,
        ids: {
          deployments: deployment.id,
          releases: coming.id,
          evidence: await report(environment),
          promotions: await started('/promotions', {
            entityRef,
            environment,
            release: coming.id,
          }),
          operations: await started(`${path}/restart`, {
            reason: REASON,
            confirm: SERVICE,
          }),
          gates: encodeGateId({
            serviceId: row.id,
            environment,
            gate: 'coverage',
            commit: RUNNING,
          }),
          freezes: await freeze(),
        },
      };
    },

    /** With a new thing in place of one that the endpoint may have deleted before. */
    async renewed(place: Place, path: string): Promise<Place> {
      const ids = { ...place.ids };
      if (path === '/evidence/{id}') {
        ids.evidence = await report(place.environment);
      } else if (path === '/freezes/{id}') {
        ids.freezes = await freeze();
      }
      return { ...place, ids };
    },
  };
}

/** A place of which nothing is there. */
export function nowhere(environment: string): Place {
  return {
    name: 'not-there',
    environment,
    ids: {
      deployments: uuid(),
      releases: uuid(),
      evidence: uuid(),
      operations: uuid(),
      promotions: uuid(),
      freezes: uuid(),
      gates: encodeGateId({
        serviceId: uuid(),
        environment,
        gate: 'coverage',
        commit: RUNNING,
      }),
    },
  };
}
