import {
  DeploymentStatus,
  Failure,
  OperationStatus,
  PromotionInput,
  PromotionStatus,
} from '@vvp/backstage-plugin-deploy-common';

/** How long a promotion waits for its deployment to begin, once it was let through. */
const BEGIN_MS = 6 * 60 * 60 * 1000;

/** What came of a promotion that was let through, as far as is known. */
export interface Outcome {
  /** The newest deployment of the release into the environment since it was asked for. */
  deployment?: {
    status: DeploymentStatus;
    url?: string;
    rolledBack?: { by: string; reason: string };
  };
  /** The operation that carries it out, if one does. */
  operation?: { status: OperationStatus; failure?: Failure };
  /** How the watch over the deployment stands; absent: nobody watches. */
  watch?: { state: string; note?: string };
}

/** What a promotion is told of what became of it; undefined: nothing new. */
export function followUp(
  promotion: { status: PromotionStatus; decidedAt: string },
  { deployment, operation, watch }: Outcome,
  now: Date,
): PromotionInput | undefined {
  const at = now.toISOString();
  if (deployment?.status === 'rolled_back') {
    const { by, reason } = deployment.rolledBack ?? {};
    return {
      type: 'rolled-back',
      at,
      ...(by && { by }),
      text: reason
        ? `It was rolled back by ${by}: ${reason}`
        : 'It was rolled back.',
    };
  }
  if (promotion.status === 'executing') {
    return followExecuting(
      promotion.decidedAt,
      { ...(deployment && { deployment }), ...(operation && { operation }) },
      now,
    );
  }
  if (promotion.status === 'verifying') {
    return followVerifying({ ...(watch && { watch }) }, at);
  }
  return undefined;
}

function followExecuting(
  decidedAt: string,
  { deployment, operation }: Outcome,
  now: Date,
): PromotionInput | undefined {
  const at = now.toISOString();
  switch (deployment?.status) {
    case 'succeeded':
    case 'superseded':
      return { type: 'deployed', at };
    case 'failed':
    case 'errored':
      return {
        type: 'fail',
        at,
        failure: {
          message:
            deployment.status === 'failed'
              ? 'The deployment failed.'
              : 'The pipeline broke during the deployment.',
          remedy: `Look at the run${
            deployment.url ? `: ${deployment.url}` : ''
          }. What ran before may still run; roll back if it does not. Then ask again.`,
        },
      };
    case 'cancelled':
      return {
        type: 'withdraw',
        at,
        rejected: false,
        text: 'The deployment was cancelled.',
      };
    default:
  }
  if (operation?.status === 'succeeded' && !deployment) {
    return { type: 'deployed', at };
  }
  if (operation?.status === 'failed' || operation?.status === 'cancelled') {
    return operation.status === 'cancelled'
      ? {
          type: 'withdraw',
          at,
          rejected: false,
          text: 'The operation was cancelled.',
        }
      : {
          type: 'fail',
          at,
          failure: operation.failure ?? { message: 'The operation failed.' },
        };
  }
  // One that still waits at GitHub has not begun.
  const hasBegun =
    deployment?.status === 'in_progress' || operation !== undefined;
  return !hasBegun && now.getTime() - Date.parse(decidedAt) > BEGIN_MS
    ? {
        type: 'fail',
        at,
        failure: {
          message: 'It was let through, and no deployment began.',
          remedy: 'Look whether the run still waits at GitHub, and ask again.',
        },
      }
    : undefined;
}

function followVerifying(
  { watch }: Outcome,
  at: string,
): PromotionInput | undefined {
  switch (watch?.state) {
    case undefined:
    case 'healthy':
    case 'replaced':
    case 'unjudged':
      return { type: 'verified', at };
    case 'watching':
    case 'rolled-back':
      // A rollback shows in the deployment.
      return undefined;
    default:
      return {
        type: 'fail',
        at,
        failure: {
          message:
            watch?.note ??
            'The release did not prove good after its deployment.',
          remedy: 'Look at the diagnostics, and roll back if it has to go.',
        },
      };
  }
}
