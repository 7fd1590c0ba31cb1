import { Failure } from '@vvp/backstage-plugin-deploy-common';
import { AdmissionDesk } from '../restrictions/AdmissionDesk';
import { RunningOperation } from './engine/types';

/**
 * Admission once more, when an operation's turn has come: it may have been locked or quarantined while it
 * waited. The permission was asked for when it was requested; the caller's token is not kept.
 */
export async function admitAtStart(
  desk: Pick<AdmissionDesk, 'ask'>,
  operation: RunningOperation,
): Promise<Failure | undefined> {
  const { admitted, refusals } = await desk.ask({
    kind: operation.kind,
    automatic: operation.automatic,
    environmentId: operation.environmentId,
    ...(operation.toReleaseId && { releaseId: operation.toReleaseId }),
    permission: { name: String(operation.context.permission), allowed: true },
    operationId: operation.id,
  });
  return admitted
    ? undefined
    : {
        message: refusals.map(({ message }) => message).join(' '),
        remedy: refusals.map(({ remedy }) => remedy).join(' '),
      };
}
