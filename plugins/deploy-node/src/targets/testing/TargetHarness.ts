import { TargetSpec } from '@vvp/backstage-plugin-deploy-common';
import { DeployTarget, TargetEnvironment } from '../DeployTarget';

/**
 * What the kit needs of a platform that can give a release a part of the traffic.
 *
 * @public
 */
export interface CanaryHarness {
  /** A pipeline brings a release in, without the portal, up to where it can begin as a canary. */
  begin(): Promise<{ revision: string; commit: string }>;
  /** What a revision has of the traffic, 0 to 100, read by the platform's own API. */
  share(revision: string): Promise<number>;
  /** What the release gets first, 1 to 99; default 20. */
  percent?: number;
}

/**
 * A target and a platform for it, as the test kit needs them. The platform may be a simulator or a real
 * one; whatever is asked of it here goes past the target's own code.
 *
 * @public
 */
export interface TargetHarness<TSpec extends TargetSpec = TargetSpec> {
  target: DeployTarget<TSpec>;
  environment: TargetEnvironment<TSpec>;
  /** What stands on the platform at the beginning of each test. */
  revisions: {
    /** Serves. */
    current: string;
    /** Served before it, and can be put back. */
    previous: string;
    /** Served before `previous`, and can be put back. */
    older: string;
    /** A well-formed name of one that is not there. */
    gone: string;
    /** One of another service on the same platform. */
    foreign: string;
  };
  /** What the platform serves, read by its own API. */
  serving(): Promise<string>;
  /** How many changes the platform was asked for since the beginning of the test. */
  changes(): Promise<number>;
  /** A pipeline deploys something new, without the portal; returns its revision. Absent where none can. */
  push?(): Promise<string>;
  faults: {
    /** The platform refuses changes to these credentials, though reading goes on. */
    denyChanges(): Promise<void>;
    /** The credentials are no longer accepted at all. */
    rejectCredentials(): Promise<void>;
    /** The revision never becomes healthy once it serves. */
    neverHealthy(revision: string): Promise<void>;
    /** The next so many requests are throttled, as the platform does it. */
    throttle(requests: number): Promise<void>;
    /** The next change is done, and the connection cut before the answer. */
    cutNextChange(): Promise<void>;
    /** All of it is over. */
    clear(): Promise<void>;
  };
  stop(): Promise<void>;
}

/**
 * A target that has {@link DeployTarget.canary}, and a platform for it.
 *
 * @public
 */
export interface CanaryTargetHarness<TSpec extends TargetSpec = TargetSpec>
  extends TargetHarness<TSpec> {
  canary: CanaryHarness;
}
