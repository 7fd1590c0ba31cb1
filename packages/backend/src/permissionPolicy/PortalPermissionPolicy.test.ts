import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  createPermission,
} from '@backstage/plugin-permission-common';
import {
  deployAdministerPermission,
  deployApprovePermission,
  deployDeployPermission,
  deployFreezePermission,
  deployLockPermission,
  deployOperatePermission,
  deployOverridePermission,
  deployPromotePermission,
  deployQuarantinePermission,
  deployReadPermission,
  deployReportPermission,
  deployRollbackPermission,
  deployWaivePermission,
} from '@vvp/backstage-plugin-deploy-common';
import { PortalPermissionPolicy } from './PortalPermissionPolicy';

const catalogRead = createPermission({
  name: 'catalog.entity.read',
  attributes: { action: 'read' },
});
const catalogDelete = createPermission({
  name: 'catalog.entity.delete',
  attributes: { action: 'delete' },
});
const deployNewVerb = createPermission({
  name: 'deploy.another-verb',
  attributes: { action: 'update' },
});

const dana = ['user:default/dana', 'group:default/vvp-team'];
const omar = ['user:default/omar', 'group:default/platform-team'];

function signedIn(ownershipEntityRefs: string[]) {
  const userEntityRef = ownershipEntityRefs[0];
  return {
    credentials: mockCredentials.user(userEntityRef),
    info: { userEntityRef, ownershipEntityRefs },
  };
}

describe('PortalPermissionPolicy', () => {
  it.each([
    { who: dana, permission: deployReadPermission, allowed: true },
    { who: dana, permission: deployAdministerPermission, allowed: false },
    { who: dana, permission: deployNewVerb, allowed: false },
    { who: dana, permission: deployWaivePermission, allowed: false },
    { who: dana, permission: deployOverridePermission, allowed: false },
    { who: dana, permission: deployFreezePermission, allowed: false },
    { who: dana, permission: catalogRead, allowed: true },
    { who: dana, permission: catalogDelete, allowed: false },
    { who: omar, permission: deployReadPermission, allowed: true },
    { who: omar, permission: deployAdministerPermission, allowed: true },
    { who: omar, permission: deployReportPermission, allowed: true },
    { who: omar, permission: deployWaivePermission, allowed: true },
    { who: omar, permission: deployOverridePermission, allowed: true },
    { who: omar, permission: deployPromotePermission, allowed: true },
    { who: omar, permission: deployApprovePermission, allowed: true },
    { who: omar, permission: deployFreezePermission, allowed: true },
    { who: omar, permission: catalogDelete, allowed: true },
  ])(
    'answers $who.0 asking for $permission.name: $allowed',
    async ({ who, permission, allowed }) => {
      const policy = PortalPermissionPolicy.fromConfig(
        mockServices.rootConfig(),
      );

      const decision = await policy.handle({ permission }, signedIn(who));

      expect(decision.result).toBe(
        allowed ? AuthorizeResult.ALLOW : AuthorizeResult.DENY,
      );
    },
  );

  it.each([
    deployPromotePermission,
    deployApprovePermission,
    deployReportPermission,
    deployDeployPermission,
    deployRollbackPermission,
    deployOperatePermission,
    deployLockPermission,
    deployQuarantinePermission,
  ])('gives the owners of a service $name for it', async permission => {
    const policy = PortalPermissionPolicy.fromConfig(mockServices.rootConfig());

    const decision = await policy.handle({ permission }, signedIn(dana));

    expect(decision).toEqual({
      result: AuthorizeResult.CONDITIONAL,
      pluginId: 'deploy',
      resourceType: 'deploy-environment',
      conditions: {
        rule: 'IS_SERVICE_OWNER',
        resourceType: 'deploy-environment',
        params: { claims: dana },
      },
    });
  });

  it('lets approvers approve, and nothing more, for every service', async () => {
    const policy = PortalPermissionPolicy.fromConfig(
      mockServices.rootConfig({
        data: { permission: { deploy: { approvers: ['Group:default/QA'] } } },
      }),
    );
    const quinn = signedIn(['user:default/quinn', 'group:default/qa']);

    const decisions = await Promise.all(
      [
        deployApprovePermission,
        deployPromotePermission,
        deployOverridePermission,
      ].map(permission => policy.handle({ permission }, quinn)),
    );

    expect(decisions.map(({ result }) => result)).toEqual([
      AuthorizeResult.ALLOW,
      AuthorizeResult.CONDITIONAL,
      AuthorizeResult.DENY,
    ]);
  });

  it('denies everything to someone who is not signed in', async () => {
    const policy = PortalPermissionPolicy.fromConfig(mockServices.rootConfig());

    const decisions = await Promise.all(
      [catalogRead, deployReadPermission, deployReportPermission].map(
        permission => policy.handle({ permission }),
      ),
    );

    expect(decisions.map(({ result }) => result)).toEqual(
      Array(3).fill(AuthorizeResult.DENY),
    );
  });

  it('takes the administrators from the config, in any case', async () => {
    const policy = PortalPermissionPolicy.fromConfig(
      mockServices.rootConfig({
        data: {
          permission: { deploy: { administrators: ['User:default/Dana'] } },
        },
      }),
    );
    const permission = deployAdministerPermission;

    const forDana = await policy.handle({ permission }, signedIn(dana));
    const forOmar = await policy.handle({ permission }, signedIn(omar));

    expect(forDana.result).toBe(AuthorizeResult.ALLOW);
    expect(forOmar.result).toBe(AuthorizeResult.DENY);
  });
});
