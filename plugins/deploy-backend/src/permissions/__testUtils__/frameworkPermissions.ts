import {
  BackstageCredentials,
  BackstageServicePrincipal,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  Permission,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import request from 'supertest';

/** A policy of a portal; it is asked about people alone. */
export type TestPolicy = (
  user: string,
  permission: Permission,
) => PolicyDecision;

type Caller = BackstageCredentials<
  BackstageUserPrincipal | BackstageServicePrincipal
>;

/**
 * The permissions service as a portal has it: people get what the policy says, conditions on a resource
 * are applied by the plugin itself, at its endpoint of the framework; services may do everything, and
 * nobody may do anything.
 *
 * See https://backstage.io/docs/permissions/plugin-authors/03-adding-a-resource-permission-check
 */
export class FrameworkPermissions {
  /** Names of the permissions that were asked for, in order. */
  readonly asked: string[] = [];
  /** How often it was called over the network, for however many permissions. */
  calls = 0;
  readonly #policy: TestPolicy;
  #url = '';

  constructor(policy: TestPolicy) {
    this.#policy = policy;
  }

  /** Tells where the backend listens. */
  listens(url: string): void {
    this.#url = url;
  }

  feature() {
    return mockServices.permissions.mock({
      authorize: async (requests, options) => {
        this.calls += 1;
        return Promise.all(
          requests.map(async ({ permission, resourceRef }) => {
            const decision = this.#decide(permission, options);
            return {
              result:
                decision.result === AuthorizeResult.CONDITIONAL
                  ? await this.#apply(decision, resourceRef)
                  : decision.result,
            };
          }),
        );
      },
      authorizeConditional: async (requests, options) => {
        this.calls += 1;
        return requests.map(({ permission }) =>
          this.#decide(permission, options),
        );
      },
    }).factory;
  }

  #decide(permission: Permission, options: unknown): PolicyDecision {
    this.asked.push(permission.name);
    const { principal } = (options as { credentials: Caller }).credentials;
    switch (principal.type) {
      case 'service':
        return { result: AuthorizeResult.ALLOW };
      case 'user':
        return this.#policy(principal.userEntityRef, permission);
      default:
        return { result: AuthorizeResult.DENY };
    }
  }

  async #apply(
    decision: Extract<PolicyDecision, { conditions: unknown }>,
    resourceRef: string | undefined,
  ): Promise<AuthorizeResult.ALLOW | AuthorizeResult.DENY> {
    const { resourceType, conditions } = decision;
    const { status, body } = await request(this.#url)
      .post('/api/deploy/.well-known/backstage/permissions/apply-conditions')
      .set('Authorization', mockCredentials.service.header())
      .send({ items: [{ id: 'one', resourceRef, resourceType, conditions }] });
    if (status !== 200) {
      throw new Error(`Conditions could not be applied: ${status}`);
    }
    return body.items[0].result;
  }
}
