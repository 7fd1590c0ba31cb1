import { Hold, Lock, Quarantine } from '../admission';
import {
  EnvironmentTier,
  FreezeInForce,
  GateSummary,
  OperationKind,
} from '../model';
import { PromotionPolicy } from '../promotion/policy';
import { Voice } from '../promotion/types';

/**
 * How a release stands in an environment before the one it is to go into.
 *
 * @public
 */
export interface EarlierEnvironment {
  name: string;
  /** When it first worked there, ISO 8601; absent: it never did. */
  succeededAt?: string;
  /** It was taken out again there, since. */
  rolledBackAt?: string;
  /** It is on its way there. */
  underWay: boolean;
  /**
   * When somebody recorded that it worked there, of which no job of a run and no operation of the portal is
   * known, ISO 8601. It does not count: whoever may write to the repository can record it.
   */
  recordedAt?: string;
}

/**
 * Whether what a revision of the release runs is still there. `pending`: it is being asked.
 *
 * @public
 */
export interface ArtifactAt {
  /** The environment that has the revision. */
  environment: string;
  state: 'present' | 'missing' | 'unknown' | 'pending';
  /** Why it is missing or not known, whole sentences. */
  message?: string;
}

/**
 * How the policy of an environment differs from the one that let in what runs there.
 *
 * @public
 */
export interface PolicyChange {
  /** Changes with either policy, so that who let one change pass has not let pass another. */
  id: string;
  /** What is asked less than before, see {@link weakenings}; at least one. */
  weaker: string[];
  /** Entity refs of those whose approval the earlier policy asks for. */
  people: string[];
}

/**
 * Who may speak for one {@link ApprovalRule}.
 *
 * @public
 */
export interface ApproverPool {
  /** Entity refs of users; absent where the rule names nobody: then everybody who may approve. */
  users?: string[];
  /** Names of the rule that the catalog does not know. */
  unknown: string[];
}

/**
 * All that readiness looks at.
 *
 * @public
 */
export interface ReadinessFacts {
  now: string;
  environment: { name: string; tier: EnvironmentTier };
  release: {
    commit: string;
    version?: string;
    artifact?: string;
    /** Branch or tag it was built from, with or without `refs/heads/` and `refs/tags/`. */
    ref?: string;
    /**
     * Which of both has the commit: whether a branch of that name holds it, whether a tag of that name is at it. A
     * run tells nothing but the name. `unknown`: GitHub does not answer. Absent where nobody is asked: then a name
     * may match as either.
     */
    refIs?: { branch: boolean; tag: boolean } | 'unknown';
  };
  /** The one that judges: the stricter of what holds now and what let in what runs there. */
  policy: PromotionPolicy;
  /** Present where `deploy.yaml` asks less than it did. */
  policyChange?: PolicyChange;
  /** Digest of what `deploy.yaml` asks now. */
  terms?: string;
  gates?: GateSummary;
  /** In order from the first stop. */
  earlier: EarlierEnvironment[];
  /**
   * The release compared with what runs there. `same`: it runs there already. `unknown`: GitHub did not
   * answer; the release waits until it does, or until somebody overrides that. `recorded`: what runs there is
   * known only from what somebody recorded, see {@link EarlierEnvironment.recordedAt}.
   */
  relation:
    | 'first'
    | 'newer'
    | 'same'
    | 'older'
    | 'unrelated'
    | 'unknown'
    | 'recorded';
  /** The artifact that was asked for, if it is not the one that the release has now. */
  artifactChangedFrom?: string;
  /** The artifact is gone. */
  artifactMissing?: string;
  /** What a platform that has a revision of the release says of its artifact; absent if none has. */
  artifactAt?: ArtifactAt;
  quarantine?: Pick<Quarantine, 'by' | 'reason' | 'since'>;
  /**
   * `deploy.yaml` that stands in the repository cannot be used, or changed since the release was built:
   * in which commit, or when. Absent where there is none to look at.
   */
  spec?: { problem?: string; changedSince?: string };
  lock?: Lock;
  /** Only stops what nobody asked for. */
  hold?: Hold;
  automatic: boolean;
  freezes: FreezeInForce[];
  /** Another operation or promotion that is on its way there. */
  running?: { id: string; kind: OperationKind | 'promotion' };
  /** Of an environment where a run has to wait: whether one does, and what to add if none ever will. */
  pipeline?: { waits: boolean; remedy?: string };
  /** Voices so far, lapsed ones left out. */
  voices: readonly Voice[];
  /** Of each rule of the policy, in its order. */
  pools: ApproverPool[];
  /**
   * Entity refs of the requester and of the authors of the release. `incomplete`: not every author could be
   * told, which is said and does not block.
   */
  involved: {
    requester?: string;
    authors: readonly string[];
    incomplete?: boolean;
  };
  /** Ids of conditions that were overridden. */
  overridden: readonly string[];
}
