import { Failure } from '@vvp/backstage-plugin-deploy-common';
import { AdmissionDesk } from '../restrictions/AdmissionDesk';
import { TargetEnvironments } from '../targets/TargetEnvironments';
import { RunningOperation } from './engine/types';

/**
 * Admission once more, when an operation's turn has come: it may have been locked or quarantined while it
 * waited. The permission was asked for when it was requested; the caller's token is not kept.
 */
export async function admitAtStart(
  desk: Pick<AdmissionDesk, 'ask'>,
  environments: Pick<TargetEnvironments, 'find'>,
  operation: RunningOperation,
): Promise<Failure | undefined> {
  if (!(await environments.find({ id: operation.environmentId }))) {
    return {
      message: 'The service left the catalog while the operation waited.',
      remedy: 'Register its entity again, and ask once more.',
    };
  }
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
