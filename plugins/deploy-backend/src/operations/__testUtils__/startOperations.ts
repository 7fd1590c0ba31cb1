import { TestDatabaseId, TestDatabases } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { component } from '../../__testUtils__/entities';
import { workflowJob, workflowRun } from '../../__testUtils__/github';
import { startDeployBackend } from '../../__testUtils__/startDeployBackend';
import { FakePlatform } from './FakePlatform';
import { BAD, GOOD, OLD } from './startIssuer';

export const SPEC_URL =
  'https://files.example.test/example-org/vvp/deploy.yaml';

const target = (name: string) =>
  `{ type: azure-container-app, resourceGroup: VVP, name: ${name} }`;

export const SPEC = `
apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata:
  name: vvp
spec:
  environments:
    - { name: staging, tier: staging }
    - { name: production, tier: production }
  services:
    issuer:
      entity: component:default/vvp-issuer
      paths: [services/issuer/**]
      environments:
        staging:
          version: { url: 'http://127.0.0.1:1/version', commit: $.git_sha }
          target: ${target('vvp-issuer-staging')}
        production:
          target: ${target('vvp-issuer')}
          rollback: { automatic: true, checks: 4, secondsBetweenChecks: 1 }
          jobs:
            - { workflow: deploy.yml, job: deploy-issuer }
    pbx:
      entity: component:default/vvp-pbx
      environments:
        production:
          jobs:
            - { workflow: deploy.yml, job: deploy-pbx }
`;

/** A revision as the platform has it. */
export const revision = (id: string, commit: string) => ({
  id,
  commit,
  artifact: `registry.example.test/vvp-issuer:${commit}`,
  createdAt: '2026-01-05T12:00:00.000Z',
});

/**
 * A backend with a service that has a staging and, in production, three releases, and another one without a
 * target.
 */
export async function startOperations(options: {
  databases: TestDatabases;
  databaseId: TestDatabaseId;
  /** Permissions that nobody has; may be changed while it runs. */
  denied: ReadonlySet<string>;
}) {
  const { denied, ...database } = options;
  const platform = new FakePlatform([
    revision('issuer--3', BAD),
    revision('issuer--2', GOOD),
    revision('issuer--1', OLD),
  ]);
  const backend = await startDeployBackend({
    ...database,
    entities: ['issuer', 'pbx'].map(key =>
      component(`vvp-${key}`, {
        key,
        annotations: { 'deploy.vvp.io/spec': SPEC_URL },
      }),
    ),
    files: { [SPEC_URL]: SPEC },
    features: [platform.module()],
    decide: permission => ({
      result: denied.has(permission)
        ? AuthorizeResult.DENY
        : AuthorizeResult.ALLOW,
    }),
  });

  /** A run that deploys the issuer into production. */
  async function deploy(id: number, sha: string, start: number) {
    await backend.deliver('workflow_run', workflowRun({ id, sha, start }));
    await backend.deliver(
      'workflow_job',
      workflowJob({
        id: id * 10,
        runId: id,
        name: 'deploy-issuer',
        sha,
        start,
      }),
    );
  }

  await deploy(1, OLD, 0);
  await deploy(2, GOOD, 20);
  await deploy(3, BAD, 40);
  return { backend, platform, deploy };
}
