import { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  deployOverridePermission,
  Override,
} from '@vvp/backstage-plugin-deploy-common';
import { checkReason } from '../operations/requests/checkRequest';
import { Authorizer } from '../permissions/Authorizer';

/**
 * The override of a request, if it has one. Throws an InputError for one that says nothing, and a
 * NotAllowedError for a caller who may not override.
 *
 * @param reason - `override` of the request's body
 * @param resourceRef - such as `component:default/issuer#production`
 */
export async function readOverride(
  authorizer: Pick<Authorizer, 'assertAllowed'>,
  credentials: BackstageCredentials,
  resourceRef: string,
  reason: string | undefined,
): Promise<Override | undefined> {
  if (reason === undefined) {
    return undefined;
  }
  const text = checkReason(reason, 'override');
  await authorizer.assertAllowed(
    deployOverridePermission,
    credentials,
    resourceRef,
  );
  return { reason: text, allowed: true };
}
