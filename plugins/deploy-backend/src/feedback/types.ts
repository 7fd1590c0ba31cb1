import {
  CoverageCount,
  GateResult,
  NotableTest,
  Severity,
} from '@vvp/backstage-plugin-deploy-common';

/** What GitHub is told about: a commit and, if it is the head of one, a pull request. */
export interface FeedbackSubject {
  /** `owner/name`. */
  repository: string;
  /** Full SHA. */
  commit: string;
  /** Its number. */
  pullRequest?: number;
}

/** Lines of one file, ascending. */
export interface FileLines {
  /** From the root of the repository. */
  path: string;
  lines: number[];
}

/** A failed test, with the report that tells of it. */
export interface FailedTest extends NotableTest {
  /**
   * Decides which check run annotates it: the first gate that was judged on this report. Without, or if
   * there is none such, the service's first gate on tests.
   */
  evidenceId?: string;
}

/** What is said about one service. What is absent is not shown. */
export interface ServiceFeedback {
  /** Full and lower case. */
  entityRef: string;
  /** Part of the names of check runs: as short and as stable as it can be. */
  title: string;
  /** Page of the portal about it; `http` or `https`. */
  detailsUrl?: string;
  /** In the order of environments, then of the policy. Each is a check run, `none` is not. */
  gates: GateResult[];
  coverage?: {
    lines: CoverageCount;
    /** Of the lines that the commit or pull request changes. */
    changed?: CoverageCount;
    /** Changed lines that no test runs. */
    uncovered?: FileLines[];
    /** Line coverage of the base branch in percent, 0 to 100. */
    base?: number;
  };
  tests?: {
    passed: number;
    failed: number;
    skipped: number;
    /** Of those passed. */
    flaky: number;
    failures: FailedTest[];
  };
  security?: {
    /** Whether every scan came to its end. */
    completed: boolean;
    bySeverity: Record<Severity, number>;
  };
}

/** Everything that GitHub is told about a commit. */
export interface FeedbackInput extends FeedbackSubject {
  /** Of the repository, in the order in which they are to be shown. */
  services: ServiceFeedback[];
}

/**
 * Gathers what is known now. Undefined, or no services: there is nothing to say, and what was said stays.
 *
 * Asked for check runs and statuses without `pullRequest`; for a comment with it, and with the commit that
 * is the pull request's head at that moment.
 */
export type LoadFeedback = (
  subject: FeedbackSubject,
) => Promise<FeedbackInput | undefined>;
