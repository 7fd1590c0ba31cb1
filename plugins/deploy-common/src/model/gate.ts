import { Release } from './deployment';
import { EvidenceType } from './evidence';

/**
 * How a gate stands. `none`: no rule asks for anything.
 *
 * @public
 */
export type GateState = 'pass' | 'fail' | 'pending' | 'waived' | 'none';

/**
 * Every {@link GateState}, the one that decides over several gates first.
 *
 * @public
 */
export const gateStates: readonly GateState[] = [
  'fail',
  'pending',
  'waived',
  'pass',
  'none',
];

/**
 * One operator of a gate's rule, judged.
 *
 * @public
 */
export interface GateCheck {
  /** Key of the rule: `minimum`, `maxAge`, `sameCommit`, `mustExist` and so on. */
  operator: string;
  state: 'pass' | 'fail' | 'pending';
  /** A whole sentence with the actual value and the threshold. */
  reason: string;
  actual?: number;
  threshold?: number;
  /** Of both. */
  unit?: string;
}

/**
 * Why a gate that does not pass is let through.
 *
 * @public
 */
export interface Waiver {
  id: string;
  /** Entity ref of who granted it. */
  grantedBy: string;
  reason: string;
  grantedAt: string;
  expiresAt: string;
}

/**
 * A rule, judged for one release and one environment.
 *
 * @public
 */
export interface GateResult {
  /** Names service, environment, gate and commit; for `POST /gates/:id/waiver`. */
  id: string;
  /** Key in the policy, such as `coverage`. */
  name: string;
  title: string;
  environment: string;
  state: GateState;
  /** What decides, a whole sentence. */
  reason: string;
  /** In the order of the rule. */
  checks: GateCheck[];
  /** Of the check that decides. */
  actual?: number;
  threshold?: number;
  unit?: string;
  evidenceType?: EvidenceType;
  /** Reports it was judged on. */
  evidenceIds: string[];
  /** Commit that was measured; differs from the release's if carried forward. */
  measuredCommit?: string;
  measuredAt?: string;
  ageSeconds?: number;
  /** Measured on an earlier commit, since when none of the service's paths changed. */
  carriedForward: boolean;
  /** It looks at what is measured in the environment itself, which nobody can know before the release is there. */
  afterDeployment?: boolean;
  waiver?: Waiver;
}

/**
 * All gates between a release and an environment.
 *
 * @public
 */
export interface GateSummary {
  release: Pick<Release, 'commit' | 'version'>;
  /**
   * The worst: the first of `gateStates` that any gate has; `none` without gates. What is awaited after the
   * deployment counts only where there is nothing else.
   */
  state: GateState;
  /** In the order of the policy. */
  results: GateResult[];
}
