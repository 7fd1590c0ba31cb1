import {
  BackstageCredentials,
  PermissionsRegistryService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  AuthorizeResult,
  BasicPermission,
  PermissionCriteria,
  ResourcePermission,
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

/** Whether a service, or one environment of it, is there and may be seen; as the lists show it. */
export type Sees = (
  resourceRef: string,
  visibility: Visibility,
) => Promise<boolean>;

/** Asks the permission framework. */
export class Authorizer {
  readonly #permissions: PermissionsService;
  readonly #sees: Sees;
  readonly #toCriteria: ConditionTransformer<EnvironmentCondition>;

  constructor(options: {
    permissions: PermissionsService;
    registry: PermissionsRegistryService;
    sees: Sees;
  }) {
    this.#permissions = options.permissions;
    this.#sees = options.sees;
    this.#toCriteria = createConditionTransformer(
      options.registry.getPermissionRuleset(deployEnvironmentResourceRef),
    );
  }

  /** Throws a NotAllowedError if the caller may see nothing at all. */
  async visibilityFor(credentials: BackstageCredentials): Promise<Visibility> {
    const { visibility } = await this.visibilityWith([], credentials);
    return visibility;
  }

  /**
   * What the caller may see, and where they have other permissions (undefined: nowhere), all in one question.
   * Throws a NotAllowedError if they may see nothing at all.
   */
  async visibilityWith(
    permissions: readonly ResourcePermission[],
    credentials: BackstageCredentials,
  ): Promise<{ visibility: Visibility; scopes: (Visibility | undefined)[] }> {
    const [visibility, ...scopes] = await this.#scopesOf(
      [deployReadPermission, ...permissions],
      credentials,
    );
    if (!visibility) {
      throw new NotAllowedError(
        'Seeing deployments needs the permission deploy.read. Ask whoever keeps the permission policy of this portal.',
      );
    }
    return { visibility, scopes };
  }

  /** Whether a service, or one environment of it, lies where the caller has a permission. */
  async isWithin(
    scope: Visibility | undefined,
    resourceRef: string,
  ): Promise<boolean> {
    return (
      scope !== undefined &&
      (scope.everything || this.#sees(resourceRef, scope))
    );
  }

  /** Throws a NotAllowedError unless the caller may administer the plugin. */
  async assertAdministrator(credentials: BackstageCredentials): Promise<void> {
    await this.assertBasic(deployAdministerPermission, credentials);
  }

  /** Throws a NotAllowedError unless the caller has a permission that is no matter of an environment. */
  async assertBasic(
    permission: BasicPermission,
    credentials: BackstageCredentials,
  ): Promise<void> {
    const [decision] = await this.#permissions.authorize([{ permission }], {
      credentials,
    });
    if (decision.result !== AuthorizeResult.ALLOW) {
      throw new NotAllowedError(
        `This needs the permission ${permission.name}. Ask whoever keeps the permission policy of this portal.`,
      );
    }
  }

  /**
   * Asks for a permission on a service (`component:default/issuer`) or on one environment of it
   * (`component:default/issuer#production`). Throws a NotAllowedError that names the permission;
   * to a caller who may not even read it, a NotFoundError as for one that is not there.
   */
  async assertAllowed(
    permission: ResourcePermission,
    credentials: BackstageCredentials,
    resourceRef: string,
  ): Promise<void> {
    if (await this.isAllowed(permission, credentials, resourceRef)) {
      return;
    }
    const [scope] = await this.#scopesOf([deployReadPermission], credentials);
    if (!scope || !(await this.#sees(resourceRef, scope))) {
      throw noSuchService(resourceRef.split('#')[0]);
    }
    throw new NotAllowedError(
      `This needs the permission ${permission.name} for ${resourceRef}. Ask whoever keeps the permission policy of this portal.`,
    );
  }

  /**
   * Asks for a permission on every environment of a service that the caller sees. Throws a NotAllowedError
   * that names none of them: some the caller may not see.
   */
  async assertAllowedEverywhere(
    permission: ResourcePermission,
    credentials: BackstageCredentials,
    service: { entityRef: string; environments: readonly string[] },
  ): Promise<void> {
    const { entityRef, environments } = service;
    const refs =
      environments.length > 0
        ? environments.map(environment => `${entityRef}#${environment}`)
        : [entityRef];
    const decisions = await this.#permissions.authorize(
      refs.map(resourceRef => ({ permission, resourceRef })),
      { credentials },
    );
    if (decisions.some(({ result }) => result !== AuthorizeResult.ALLOW)) {
      throw new NotAllowedError(
        `This needs the permission ${permission.name} for every environment of ${entityRef}. Ask whoever keeps the permission policy of this portal.`,
      );
    }
  }

  /** Asks as {@link Authorizer.assertAllowed} does, without throwing. */
  async isAllowed(
    permission: ResourcePermission,
    credentials: BackstageCredentials,
    resourceRef: string,
  ): Promise<boolean> {
    const [decision] = await this.#permissions.authorize(
      [{ permission, resourceRef }],
      { credentials },
    );
    return decision.result === AuthorizeResult.ALLOW;
  }

  /** Where the caller has permissions, to be applied in SQL; undefined: nowhere. */
  async #scopesOf(
    permissions: readonly ResourcePermission[],
    credentials: BackstageCredentials,
  ): Promise<(Visibility | undefined)[]> {
    const decisions = await this.#permissions.authorizeConditional(
      permissions.map(permission => ({ permission })),
      { credentials },
    );
    return decisions.map(decision => {
      switch (decision.result) {
        case AuthorizeResult.ALLOW:
          return { everything: true };
        case AuthorizeResult.CONDITIONAL:
          return {
            everything: false,
            criteria: this.#toCriteria(decision.conditions),
          };
        default:
          return undefined;
      }
    });
  }
}

/** The same for a service that is not there and one that may not be seen: it tells nothing. */
export function noSuchService(entityRef: string): NotFoundError {
  return new NotFoundError(
    `No deployments are tracked for ${entityRef}. Its entity needs the annotation github.com/project-slug, and you need the permission deploy.read for it.`,
  );
}
