import {
  BackstageCredentials,
  PermissionsRegistryService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import {
  AuthorizeResult,
  PermissionCriteria,
} from '@backstage/plugin-permission-common';
import {
  ConditionTransformer,
  createConditionTransformer,
} from '@backstage/plugin-permission-node';
import {
  deployAdministerPermission,
  deployReadPermission,
} from '@vvp/backstage-plugin-deploy-common';
import { deployEnvironmentResourceRef, EnvironmentCondition } from './rules';

/** What a caller may see: everything, or what meets the criteria. */
export type Visibility =
  | { everything: true }
  | { everything: false; criteria: PermissionCriteria<EnvironmentCondition> };

/** Asks the permission framework. */
export class Authorizer {
  readonly #permissions: PermissionsService;
  readonly #toCriteria: ConditionTransformer<EnvironmentCondition>;

  constructor(options: {
    permissions: PermissionsService;
    registry: PermissionsRegistryService;
  }) {
    this.#permissions = options.permissions;
    this.#toCriteria = createConditionTransformer(
      options.registry.getPermissionRuleset(deployEnvironmentResourceRef),
    );
  }

  /** Throws a NotAllowedError if the caller may see nothing at all. */
  async visibilityFor(credentials: BackstageCredentials): Promise<Visibility> {
    const [decision] = await this.#permissions.authorizeConditional(
      [{ permission: deployReadPermission }],
      { credentials },
    );
    switch (decision.result) {
      case AuthorizeResult.ALLOW:
        return { everything: true };
      case AuthorizeResult.CONDITIONAL:
        return {
          everything: false,
          criteria: this.#toCriteria(decision.conditions),
        };
      default:
        throw new NotAllowedError(
          'Seeing deployments needs the permission deploy.read. Ask whoever keeps the permission policy of this portal.',
        );
    }
  }

  /** Throws a NotAllowedError unless the caller may administer the plugin. */
  async assertAdministrator(credentials: BackstageCredentials): Promise<void> {
    const [decision] = await this.#permissions.authorize(
      [{ permission: deployAdministerPermission }],
      { credentials },
    );
    if (decision.result !== AuthorizeResult.ALLOW) {
      throw new NotAllowedError(
        'This needs the permission deploy.administer. Ask whoever keeps the permission policy of this portal.',
      );
    }
  }
}
