import { RootConfigService } from '@backstage/backend-plugin-api';
import {
  AuthorizeResult,
  Permission,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import { deployReadPermission } from '@vvp/backstage-plugin-deploy-common';

const DEFAULT_ADMINISTRATORS = ['group:default/platform-team'];

/**
 * Who may do what in this portal:
 *
 * - nobody without signing in;
 * - administrators (`permission.deploy.administrators`, groups or users): everything;
 * - everyone else: read deployments, and use the rest of the portal except deleting.
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
    const allowed =
      user !== undefined &&
      (this.#isAdministrator(user) || isForEveryone(request.permission));
    return { result: allowed ? AuthorizeResult.ALLOW : AuthorizeResult.DENY };
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
