/** How one job of a run ends; what is left out is GitHub's usual: success. */
export interface JobOutcome {
  conclusion?: 'success' | 'failure' | 'cancelled' | 'timed_out';
  durationSeconds?: number;
  /** Job outputs that stand in for what the job's steps would have written. */
  outputs?: Record<string, string>;
  /** The job stays in progress until the control API completes or cancels it. */
  hold?: boolean;
}

/**
 * Outcomes by job: display name, `<workflow file or title of the run>/<display name>`, or job id;
 * `*` stands for anything.
 */
export type Outcomes = Record<string, JobOutcome>;

/** A call or delivery that is not as GitHub describes it. */
export interface Violation {
  kind: 'request' | 'response' | 'webhook' | 'unvalidated';
  where: string;
  errors: string[];
}

/** Which of GitHub's own descriptions validated what, and how often. */
export interface ValidationReport {
  /** Operation id to number of calls. */
  rest: Record<string, number>;
  /** `event.action` to number of deliveries. */
  webhooks: Record<string, number>;
  violations: Violation[];
  unvalidated: string[];
}

/** What goes wrong between GitHub and the receiver; numbers count from 1 since set. */
export interface DeliveryFaults {
  drop?: number[];
  duplicate?: number[];
  /** A seed: deliveries that wait are put in another order. */
  shuffle?: string;
  delayMilliseconds?: number;
  /** The body is cut short before it is signed. */
  corrupt?: number[];
}

/** A webhook delivery, without its body. */
export interface DeliverySummary {
  id: number;
  guid: string;
  event: string;
  action: string | undefined;
  repository: string;
  deliveredAt: string;
  status: 'pending' | 'delivered' | 'dropped' | 'failed';
  statusCode: number | undefined;
}

/** An answer that GitHub gives instead of the right one. */
export interface RestFault {
  status: number;
  message?: string;
  headers?: Record<string, string>;
  /** So many calls; 1 unless said. */
  times?: number;
  /** So many calls before that go well. */
  after?: number;
  /** What was asked is done all the same; only the answer is lost. */
  carriedOut?: boolean;
  /** The connection ends without an answer. */
  cut?: boolean;
  /** The answer comes only after so long. */
  delayMilliseconds?: number;
}

/** What the app told a custom protection rule. */
export interface RuleReportSummary {
  environment: string;
  /** Left out of a mere comment. */
  state?: 'approved' | 'rejected';
  comment: string;
  /** Names of the jobs that it was about. */
  jobs: string[];
}

/** What others told about the commits and pull requests of a repository, oldest first. */
export interface FeedbackSummary {
  checks: Array<{
    id: number;
    sha: string;
    name: string;
    status: string;
    conclusion: string | undefined;
    title: string | undefined;
    summary: string | undefined;
    detailsUrl: string | undefined;
    /** Whether it is the newest of its name. */
    isShown: boolean;
    annotations: Array<{
      path: string;
      startLine: number;
      endLine: number;
      level: string;
      title: string | undefined;
      message: string;
      rawDetails: string | undefined;
    }>;
  }>;
  statuses: Array<{
    sha: string;
    context: string;
    state: string;
    description: string | undefined;
    targetUrl: string | undefined;
  }>;
  comments: Array<{
    id: number;
    number: number;
    author: string;
    body: string;
    page: string;
  }>;
}

export interface RepositoryRequest {
  owner: string;
  name: string;
  /** The content of the first commit. */
  folder: string;
  description?: string;
  author?: string;
}

export interface PushRequest {
  message: string;
  /** Text by path; `null` removes the file. */
  files: Record<string, string | null>;
  /** Login; `dana` unless said. */
  author?: string;
  branch?: string;
  /** When it happens; the simulation's clock moves there. */
  at?: string;
  outcomes?: Outcomes;
}

export interface TagRequest {
  tag: string;
  ref?: string;
  actor?: string;
  at?: string;
  outcomes?: Outcomes;
}

export interface StartRequest {
  /** File name in `.github/workflows`. */
  workflow: string;
  event: 'schedule' | 'workflow_dispatch';
  branch?: string;
  inputs?: Record<string, string>;
  actor?: string;
  at?: string;
  outcomes?: Outcomes;
}

export interface PullRequestRequest {
  branch: string;
  title: string;
  files: Record<string, string | null>;
  body?: string;
  base?: string;
  author?: string;
  at?: string;
  outcomes?: Outcomes;
}

export interface EnvironmentRequest {
  /** A GitHub App must answer `deployment_protection_rule`. */
  customRule?: boolean;
  /** Logins of required reviewers. */
  reviewers?: string[];
  /** Who started a run may not review it. */
  preventSelfReview?: boolean;
}

/** How GitHub answers who dispatches a workflow. */
export interface DispatchRequest {
  /** Whether it knows `return_run_details`, which older Enterprise Servers do not. */
  runDetails?: boolean;
  /** In so many lists a run that was just dispatched does not stand yet. */
  hiddenFromLists?: number;
}

export interface JobSummary {
  id: number;
  name: string;
  status: string;
  conclusion: string | undefined;
  environment: string | undefined;
}

export interface RunSummary {
  id: number;
  workflow: string;
  event: string;
  headBranch: string | undefined;
  headSha: string;
  attempts: Array<{
    number: number;
    status: string;
    conclusion: string | undefined;
    jobs: JobSummary[];
  }>;
}
