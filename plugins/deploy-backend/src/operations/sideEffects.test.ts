import { TestDatabases } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import { oneDatabase } from '../__testUtils__/oneDatabase';
import { createDeployConditionalDecision, deployConditions } from '../index';
import { deployReadPermission } from '@vvp/backstage-plugin-deploy-common';
import {
  PRODUCTION,
  REASON,
  rollback,
  startIssuer,
} from './__testUtils__/startIssuer';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const OWN = 'group:default/vvp-team';
const FOREIGN = 'group:default/other-team';

describe.each(oneDatabase(databases))('on %s', databaseId => {
  let issuer: Awaited<ReturnType<typeof startIssuer>>;

  afterEach(() => issuer.backend.stop());

  describe('a forced deployment', () => {
    const force = { reason: REASON, confirm: 'vvp-issuer' };

    beforeEach(async () => {
      issuer = await startIssuer({
        databases,
        databaseId,
        production: ['workflows: { deploy: { workflow: deploy.yml } }'],
      });
    });

    it.each([
      ['', {}],
      ['with an override', { override: 'We know what we are doing' }],
    ])('is stopped by a hold %s', async (_, more) => {
      await issuer.backend.post(`${PRODUCTION}/hold`, {
        reason: 'Rolled back an hour ago',
      });

      const refused = await issuer.backend.post(`${PRODUCTION}/redeploy`, {
        ...force,
        ...more,
      });

      expect(refused.status).toBe(409);
      expect(refused.body.error.message).toMatch(
        /Rolled back an hour ago.*Lift the hold first/,
      );
      const { body } = await issuer.backend.get(
        '/services/component/default/vvp-issuer/operations',
      );
      expect(body.items).toEqual([]);
    });

    it('goes ahead once the hold is lifted', async () => {
      await issuer.backend.post(`${PRODUCTION}/hold`, {
        reason: 'Rolled back an hour ago',
      });
      await issuer.backend.delete(`${PRODUCTION}/hold`);

      const { status, body } = await issuer.backend.post(
        `${PRODUCTION}/redeploy`,
        force,
      );

      expect(status).toBe(202);
      const { body: operation } = await issuer.backend.get(
        `/operations/${body.id}`,
      );
      expect(operation).toMatchObject({ kind: 'force-deploy' });
    });
  });

  it('a rollback says nothing of whether the pipeline asks before it enters', async () => {
    issuer = await startIssuer({ databases, databaseId });
    await issuer.backend.deliver('deployment_protection_rule', {
      action: 'requested',
      environment: 'production',
      event: 'push',
      deployment_callback_url:
        'https://api.github.example.test/repos/example-org/vvp/actions/runs/3/deployment_protection_rule',
      repository: { full_name: 'example-org/vvp' },
    });
    expect(await issuer.production()).toMatchObject({ enforced: true });

    const { body } = await issuer.backend.post('/rollbacks', rollback);
    await issuer.ended(body.id);

    expect(await issuer.production()).toMatchObject({
      enforced: true,
      currentDeployment: { source: `operation:${body.id}` },
    });
  });

  describe('the preview', () => {
    const preview = async () => {
      const { status, body } = await issuer.backend.post('/rollbacks/preview', {
        entityRef: rollback.entityRef,
        environment: 'production',
        revision: 'issuer--2',
      });
      expect(status).toBe(200);
      return body.sameRun;
    };
    const seesOnly =
      (...claims: string[]) =>
      (permission: string): PolicyDecision =>
        permission === deployReadPermission.name
          ? createDeployConditionalDecision(
              deployReadPermission,
              deployConditions.isServiceOwner({ claims }),
            )
          : { result: AuthorizeResult.ALLOW };

    it.each([
      ['names', [OWN, FOREIGN], ['component:default/vvp-verifier']],
      ['hides', [OWN], []],
    ])(
      '%s other services of the same run to those who see %j',
      async (_, claims, named) => {
        issuer = await startIssuer({
          databases,
          databaseId,
          neighbour: FOREIGN,
          decide: seesOnly(...claims),
        });

        const sameRun = await preview();

        expect(
          sameRun.map(({ entityRef }: { entityRef: string }) => entityRef),
        ).toEqual(named);
      },
    );
  });
});
