import { Hold, Lock } from '../admission/types';
import { Deployment } from './deployment';
import { FreezeInForce } from './freeze';
import { GateSummary } from './gate';
import { OperationKind, OperationStatus } from './operation';
import { PromotionSummary } from './promotion';

/**
 * How much an environment matters.
 *
 * @public
 */
export type EnvironmentTier =
  | 'development'
  | 'staging'
  | 'production'
  | 'preview';

/**
 * Every {@link EnvironmentTier}.
 *
 * @public
 */
export const environmentTiers: readonly EnvironmentTier[] = [
  'development',
  'staging',
  'production',
  'preview',
];

/**
 * One environment of a service and what runs in it.
 *
 * @public
 */
export interface EnvironmentOverview {
  name: string;
  tier: EnvironmentTier;
  /** Where the service answers in this environment. */
  url?: string;
  /** Position from first to last stop of a release, counted from 0. */
  order: number;
  /**
   * Whether the pipeline can be held at this environment: the last run that went in asked for a
   * go-ahead first, through a deployment protection rule.
   */
  enforced: boolean;
  /** The newest deployment that worked: what runs there now. Absent before the first. */
  currentDeployment?: Deployment;
  /** The newest attempt of all, when it is not the current one: in flight, or failed since. */
  latestDeployment?: Deployment;
  /**
   * The gates of the release that is on its way in, else of the one that runs there. Absent in lists
   * of services, and where nothing was deployed yet.
   */
  gates?: GateSummary;
  /** Whether the portal can roll back here: `deploy.yaml` names a target that is connected. */
  operable?: boolean;
  /** Why it cannot, and what to do: a whole sentence. Absent where `deploy.yaml` does not describe the environment. */
  inoperable?: string;
  lock?: Lock;
  hold?: Hold;
  /** The freeze that is in force here. */
  freeze?: FreezeInForce;
  /** The newest promotion that is under way. */
  pendingPromotion?: Pick<PromotionSummary, 'id' | 'status' | 'release'>;
  /** The operation that runs or waits for this environment. */
  runningOperation?: {
    id: string;
    kind: OperationKind;
    status: OperationStatus;
  };
}
