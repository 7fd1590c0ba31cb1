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
  deployDeployPermission,
  deployLockPermission,
  deployOperatePermission,
  deployQuarantinePermission,
  deployReadPermission,
  deployReportPermission,
  deployRollbackPermission,
} from '@vvp/backstage-plugin-deploy-common';

const DEFAULT_ADMINISTRATORS = ['group:default/platform-team'];

/** What the owners of a service may do with it: on-call needs no second person to get back. */
const ofOwners = [
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
 * - nobody without signing in;
 * - administrators (`permission.deploy.administrators`, groups or users): everything, and they alone
 *   let a release pass a gate that it does not meet (`deploy.waive`);
 * - the owners of a service: bring reports about it, roll it back, redeploy and restart it, lock its
 *   environments, quarantine its releases;
 * - everyone else: read deployments, and use the rest of the portal except deleting.
 *
 * The jobs of a repository need no permission to bring reports; their own token speaks for them.
 *
 * @public
 */
export class PortalPermissionPolicy implements PermissionPolicy {
  readonly #administrators: Set<string>;

  static fromConfig(config: RootConfigService): PortalPermissionPolicy {
    const administrators =
      config.getOptionalStringArray('permission.deploy.administrators') ??
      DEFAULT_ADMINISTRATORS;
    return new PortalPermissionPolicy(administrators);
  }

  private constructor(administrators: string[]) {
    this.#administrators = new Set(
      administrators.map(ref => ref.toLocaleLowerCase('en-US')),
    );
  }

  async handle(
    request: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    const { permission } = request;
    if (user === undefined) {
      return { result: AuthorizeResult.DENY };
    }
    if (this.#isAdministrator(user) || isForEveryone(permission)) {
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

  #isAdministrator(user: PolicyQueryUser): boolean {
    return user.info.ownershipEntityRefs.some(ref =>
      this.#administrators.has(ref),
    );
  }
}

function isForEveryone(permission: Permission): boolean {
  if (permission.name.startsWith('deploy.')) {
    return permission.name === deployReadPermission.name;
  }
  return permission.attributes.action !== 'delete';
}
