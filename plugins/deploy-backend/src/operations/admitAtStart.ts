import {
  Failure,
  OperationOverride,
  Override,
  PromotionClass,
} from '@vvp/backstage-plugin-deploy-common';
import { AdmissionDesk } from '../restrictions/AdmissionDesk';
import { AlsoDeployed } from '../workflows';
import { TargetEnvironments } from '../targets/TargetEnvironments';
import { RunningOperation } from './engine/types';
import { storedOverride } from './requests/storedOverride';

/**
 * Admission once more, when an operation's turn has come, and when it goes on after it was parked: it may
 * have been locked or quarantined while it waited. The permission was asked for when it was requested; the caller's token is not kept.
 */
export async function admitAtStart(
  desk: Pick<AdmissionDesk, 'ask'>,
  environments: Pick<TargetEnvironments, 'find'>,
  operation: RunningOperation,
): Promise<Failure | undefined> {
  const known = await environments.find({ id: operation.environmentId });
  if (known?.untrusted) {
    return { message: known.untrusted };
  }
  if (!known) {
    return {
      message: 'The service left the catalog while the operation waited.',
      remedy: 'Register its entity again, and ask once more.',
    };
  }
  const { revision, artifact } = operation.to ?? {};
  const asked = {
    kind: operation.kind,
    automatic: operation.automatic,
    permission: { name: String(operation.context.permission), allowed: true },
    operationId: operation.id,
  };
  const own = await desk.ask({
    ...asked,
    environmentId: operation.environmentId,
    ...(operation.toReleaseId && { releaseId: operation.toReleaseId }),
    ...(revision && { revision: { revision, ...(artifact && { artifact }) } }),
    ...(operation.context.endsCanary === true && { endsCanary: true }),
    ...classOf(operation),
    ...overrideOf(operation),
  });
  const others = await Promise.all(
    alsoInto(operation).map(other => desk.ask({ ...asked, ...other })),
  );
  const refusals = [own, ...others].flatMap(one => one.refusals);
  return refusals.length === 0
    ? undefined
    : {
        message: refusals.map(({ message }) => message).join(' '),
        remedy: refusals.map(({ remedy }) => remedy).join(' '),
      };
}

/** Environments that its run deploys into besides. */
function alsoInto({ context }: RunningOperation): AlsoDeployed[] {
  return (context.alsoInto as unknown as AlsoDeployed[] | undefined) ?? [];
}

function classOf({ context }: RunningOperation): {
  promotionClass?: PromotionClass;
} {
  const { promotionClass } = context;
  return promotionClass === 'hotfix' || promotionClass === 'regular'
    ? { promotionClass }
    : {};
}

function overrideOf({ context }: RunningOperation): {
  override?: Override;
} {
  const stored = context.override as unknown as OperationOverride | undefined;
  return stored ? { override: storedOverride(stored) } : {};
}
