import { Failure } from './operation';

/**
 * How well something runs, as its platform tells it.
 *
 * @public
 */
export type HealthState = 'healthy' | 'degraded' | 'unhealthy' | 'unknown';

/**
 * Health of what runs in an environment.
 *
 * @public
 */
export interface TargetHealth {
  state: HealthState;
  /** Why, as the platform says it, such as `ImagePullBackOff: manifest unknown`. */
  reason?: string;
  /** Instances that serve, and that are wanted; absent where the platform does not count. */
  ready?: number;
  wanted?: number;
}

/**
 * The target's own unit: a Container App revision, an ECS task definition, a ReplicaSet or
 * ControllerRevision, a release directory, a backup of a configuration file, a release.
 *
 * @public
 */
export interface Revision {
  /** As the platform names it; unique in the environment. */
  id: string;
  /** Whether it is what serves now. */
  current: boolean;
  /** Full SHA, where the revision tells it by tag, label, variable or directory name. */
  commit?: string;
  version?: string;
  /** Image with tag or digest, or hash of the archive. */
  artifact?: string;
  /** ISO 8601. */
  createdAt?: string;
  health?: HealthState;
  /** 0 to 100, where the platform splits traffic. */
  trafficPercent?: number;
  /** Why it cannot be put back, such as "its image is gone"; absent if it can, as far as known. */
  unavailable?: string;
  /** The platform is at it, and has not come to an end. */
  comingIn?: boolean;
  /** The platform gave up bringing it in, or took it out again by itself: when (ISO 8601), and why, a whole sentence. */
  givenUp?: { at: string; reason: string };
}

/**
 * A revision and what is known of the release in it.
 *
 * @public
 */
export interface RevisionEntry extends Revision {
  /** Of the release in it, where it is known. */
  releaseId?: string;
  /** When its release was last deployed here with success, ISO 8601. */
  lastDeployedAt?: string;
  /** Id of that deployment. */
  deploymentId?: string;
  /** How it went here, newest first, at most 5. */
  deployments: { id: string; status: string; at: string }[];
  quarantine?: QuarantineInfo;
}

/**
 * Why a release, or a revision, may not be deployed.
 *
 * @public
 */
export interface QuarantineInfo {
  by: string;
  reason: string;
  since: string;
  /**
   * The revision that it was set on in this environment, and is lifted of; absent if the release is what
   * is quarantined. Another one than the revision's own id where both hold the same artifact.
   */
  revision?: string;
}

/**
 * Answer of `GET E/revisions`, newest first.
 *
 * @public
 */
export interface RevisionList {
  /** Kind of target: `azure-container-app`, `azure-vm`, `kubernetes`, `ecs`, `github-workflow`. */
  target: string;
  /** What it is, for people, such as `Container App vvp-issuer in VVP`. */
  resource: string;
  items: RevisionEntry[];
  /**
   * The platform does not know the resource, and no deployment is known to have worked here: nothing runs
   * here yet. What the platform said, and what it may be besides.
   */
  missing?: Failure;
}

/**
 * A name whose value differs between two revisions or releases. Values are never told: they may be secrets.
 *
 * @public
 */
export interface ConfigurationDifference {
  /** Such as `env VVP_DB_HOST`, `secret reference api-key`, `maxReplicas`. */
  name: string;
  /** As seen from what runs now to what comes in, or back. */
  change: 'added' | 'removed' | 'changed';
}

/**
 * Whether what a revision runs is still there.
 *
 * @public
 */
export interface ArtifactState {
  state: 'present' | 'missing' | 'unknown';
  /** Why it is missing or not known. */
  message?: string;
}

/**
 * What the target tells of an environment: state, reasons and logs, only read.
 *
 * @public
 */
export interface TargetDiagnostics {
  health: TargetHealth;
  /** Such as `Provisioning state: Succeeded`. */
  facts: { label: string; value: string }[];
  /** What the platform reported lately, newest first. */
  events: {
    at?: string;
    level: 'info' | 'warn' | 'error';
    message: string;
  }[];
  /** Last lines per source, such as a container; secrets blacked out. */
  logs: { source: string; lines: string[] }[];
  /** What could not be read, and why. */
  problems: string[];
}

/**
 * A part of the traffic.
 *
 * @public
 */
export interface TrafficShare {
  revision: string;
  /** 0 to 100. */
  percent: number;
}
