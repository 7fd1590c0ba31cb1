import { RootConfigService } from '@backstage/backend-plugin-api';
import {
  AuthorizeResult,
  isPermission,
  Permission,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import {
  createDeployConditionalDecision,
  deployConditions,
} from '@vvp/backstage-plugin-deploy-backend';
import {
  deployApprovePermission,
  deployDeployPermission,
  deployLockPermission,
  deployOperatePermission,
  deployPromotePermission,
  deployQuarantinePermission,
  deployReadPermission,
  deployReportPermission,
  deployRollbackPermission,
} from '@vvp/backstage-plugin-deploy-common';

const DEFAULT_ADMINISTRATORS = ['group:default/platform-team'];

/**
 * What the owners of a service may do with it: on-call needs no second person to get back. Whose approval
 * counts, and that nobody approves their own change, is for the promotion policy of the environment.
 */
const ofOwners = [
  deployPromotePermission,
  deployApprovePermission,
  deployReportPermission,
  deployDeployPermission,
  deployRollbackPermission,
  deployOperatePermission,
  deployLockPermission,
  deployQuarantinePermission,
];

/**
 * Who may do what in this portal:
 *
 * | | |
 * | --- | --- |
 * | not signed in | nothing |
 * | everyone | read deployments; use the rest of the portal, except deleting |
 * | owners of a service | request, approve and reject its promotions; roll it back, redeploy and restart it; lock its environments, quarantine its releases, bring reports about it |
 * | approvers, `permission.deploy.approvers` | approve and reject promotions of every service |
 * | administrators, `permission.deploy.administrators` | everything; they alone freeze (`deploy.freeze`), override (`deploy.override`) and waive gates (`deploy.waive`) |
 *
 * Whose approval counts for an environment is what its promotion policy says (`promotion` in deploy.yaml,
 * `deploy.promotion` in app-config): dana of the team vvp-team requests production for a service of hers,
 * and omar of platform-team, whom the policy names, approves it.
 *
 * The jobs of a repository need no permission to bring reports; their own token speaks for them.
 *
 * @public
 */
export class PortalPermissionPolicy implements PermissionPolicy {
  readonly #administrators: ReadonlySet<string>;
  readonly #approvers: ReadonlySet<string>;

  static fromConfig(config: RootConfigService): PortalPermissionPolicy {
    return new PortalPermissionPolicy(
      config.getOptionalStringArray('permission.deploy.administrators') ??
        DEFAULT_ADMINISTRATORS,
      config.getOptionalStringArray('permission.deploy.approvers') ?? [],
    );
  }

  private constructor(administrators: string[], approvers: string[]) {
    const setOf = (refs: string[]) =>
      new Set(refs.map(ref => ref.toLocaleLowerCase('en-US')));
    this.#administrators = setOf(administrators);
    this.#approvers = setOf(approvers);
  }

  async handle(
    request: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    const { permission } = request;
    if (user === undefined) {
      return { result: AuthorizeResult.DENY };
    }
    if (isAmong(this.#administrators, user) || isForEveryone(permission)) {
      return { result: AuthorizeResult.ALLOW };
    }
    if (
      isPermission(permission, deployApprovePermission) &&
      isAmong(this.#approvers, user)
    ) {
      return { result: AuthorizeResult.ALLOW };
    }
    const ownerPermission = ofOwners.find(one => isPermission(permission, one));
    if (ownerPermission) {
      return createDeployConditionalDecision(
        ownerPermission,
        deployConditions.isServiceOwner({
          claims: user.info.ownershipEntityRefs,
        }),
      );
    }
    return { result: AuthorizeResult.DENY };
  }
}

function isAmong(refs: ReadonlySet<string>, user: PolicyQueryUser): boolean {
  return user.info.ownershipEntityRefs.some(ref => refs.has(ref));
}

function isForEveryone(permission: Permission): boolean {
  if (permission.name.startsWith('deploy.')) {
    return permission.name === deployReadPermission.name;
  }
  return permission.attributes.action !== 'delete';
}
