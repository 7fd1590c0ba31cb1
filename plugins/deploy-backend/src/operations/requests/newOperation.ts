import { JsonObject } from '@backstage/types';
import {
  Admission,
  OperationKind,
  OperationOverride,
} from '@vvp/backstage-plugin-deploy-common';
import {
  DrivenEnvironment,
  KnownEnvironment,
} from '../../targets/TargetEnvironments';
import { AlsoDeployed } from '../../workflows';
import { NewOperation } from '../engine/types';
import { Caller } from './types';

/** What a request adds to what is known of its environment and its caller. */
export type OperationParts = Pick<NewOperation, 'steps'> &
  Partial<
    Pick<
      NewOperation,
      'reason' | 'from' | 'to' | 'fromReleaseId' | 'toReleaseId' | 'idempotency'
    >
  > & {
    /** Refusals that the override of the caller waived. */
    waived?: Admission['waived'];
    /** What is taken out never served. */
    neverServed?: boolean;
    endsCanary?: boolean;
    /** Environments of other services that it brings something into. */
    alsoInto?: AlsoDeployed[];
  };

/**
 * An operation as the engine stores it.
 *
 * @param driven - what drives the environment, if anything does
 */
export function newOperation(
  known: KnownEnvironment,
  driven: DrivenEnvironment | undefined,
  kind: OperationKind,
  caller: Caller,
  parts: OperationParts,
): NewOperation {
  const { waived, neverServed, endsCanary, alsoInto, ...planned } = parts;
  const override = overrideOf(caller, waived);
  const usesTarget = parts.steps.some(({ runner }) => runner === 'target');
  return {
    serviceId: known.serviceId,
    environmentId: known.id,
    kind,
    lockKey:
      driven && usesTarget
        ? driven.target.describe(driven.environment).lockKey
        : `environment:${known.id}`,
    requestedBy: caller.by,
    automatic: caller.automatic,
    context: {
      repository: known.repository,
      permission: caller.permission.name,
      ...(override && { override: override as unknown as JsonObject }),
      ...(neverServed && { neverServed }),
      ...(endsCanary && { endsCanary }),
      ...(alsoInto?.length && {
        alsoInto: alsoInto.map(other => ({ ...other })),
      }),
      ...(driven && {
        environment: driven.environment as unknown as JsonObject,
      }),
    },
    ...planned,
  };
}

/** What is kept of an override: its reason, and what it was needed for. */
function overrideOf(
  { override }: Caller,
  waived: Admission['waived'],
): OperationOverride | undefined {
  return override && waived?.length
    ? {
        reason: override.reason,
        waived: waived.map(({ code, message, freezes }) => ({
          code,
          message,
          ...(freezes && { freezes }),
        })),
      }
    : undefined;
}
