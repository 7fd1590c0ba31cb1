import type { GitRepository } from '../git/GitRepository';
import type { JsonObject } from '../json';
import type { Ids } from './Ids';
import type { Outcomes } from '../../client/types';

export type JobStatus = 'queued' | 'waiting' | 'in_progress' | 'completed';
export type RunStatus = 'queued' | 'waiting' | 'in_progress' | 'completed';
export type Conclusion =
  | 'success'
  | 'failure'
  | 'cancelled'
  | 'skipped'
  | 'timed_out'
  | 'neutral';

export interface Account {
  id: number;
  login: string;
  type: 'User' | 'Organization' | 'Bot';
  name: string;
  email: string;
}

export interface Repository {
  id: number;
  owner: Account;
  name: string;
  fullName: string;
  description: string;
  private: boolean;
  defaultBranch: string;
  createdAt: number;
  pushedAt: number;
  git: GitRepository;
  /** By path of the workflow file. */
  workflows: Map<string, Workflow>;
  /** What `update-branch-protection` asked for, by branch. */
  protections: Map<string, JsonObject>;
  /** By name in lower case: GitHub ignores the case of environment names. */
  environments: Map<string, Environment>;
  runs: WorkflowRun[];
  deployments: Deployment[];
  pulls: PullRequest[];
  /** In the order in which they were made, as those below. */
  checks: CheckRun[];
  statuses: CommitStatus[];
  comments: IssueComment[];
  /** How jobs of runs that nobody planned end. */
  outcomes: Outcomes;
}

export interface Workflow {
  id: number;
  path: string;
  name: string;
  createdAt: number;
  runCount: number;
  state: 'active' | 'disabled_manually';
}

export interface Environment {
  id: number;
  name: string;
  createdAt: number;
  updatedAt: number;
  /** Slug of the GitHub App whose custom rule asks by webhook. */
  protectionRules: ProtectionRule[];
  reviewers: Account[];
  preventSelfReview: boolean;
  /** Those below are kept and told, but hold no job. */
  teams: Team[];
  waitMinutes: number;
  branchPolicy: 'any' | 'protected' | 'named';
  branches: Array<{ id: number; name: string; type: 'branch' | 'tag' }>;
}

export interface Team {
  id: number;
  slug: string;
  organization: Account;
}

export interface ProtectionRule {
  id: number;
  appId: number;
  appSlug: string;
}

export interface WorkflowRun {
  id: number;
  /** For what belongs to the run. */
  ids: Ids;
  repository: Repository;
  workflow: Workflow;
  /** The workflow's name in the file that was run. */
  name: string;
  runNumber: number;
  event: string;
  headBranch: string | undefined;
  headSha: string;
  ref: string;
  displayTitle: string;
  actor: Account;
  checkSuiteId: number;
  createdAt: number;
  attempts: RunAttempt[];
  /** `github.event`, as the workflow's expressions see it. */
  eventPayload: JsonObject;
  inputs: Record<string, string>;
  changedFiles: string[];
  pull: PullRequest | undefined;
  outcomes: Outcomes;
  concurrencyGroup: string | undefined;
  approvals: Approval[];
  /** What the app told custom rules, answers and mere comments, in order. */
  ruleReports: RuleReport[];
}

export interface RunAttempt {
  number: number;
  run: WorkflowRun;
  status: RunStatus;
  conclusion: Conclusion | 'startup_failure' | undefined;
  startedAt: number;
  updatedAt: number;
  triggeringActor: Account;
  jobs: WorkflowJob[];
  cancelRequested: boolean;
}

export interface WorkflowJob {
  id: number;
  attempt: RunAttempt;
  definitionId: string;
  name: string;
  /** Whether it has `id-token: write`, without which GitHub gives it no token. */
  mayAskForTokens: boolean;
  status: JobStatus;
  conclusion: Conclusion | undefined;
  createdAt: number;
  startedAt: number;
  completedAt: number | undefined;
  labels: string[];
  runner: { id: number; name: string } | undefined;
  steps: JobStep[];
  outputs: Record<string, string>;
  environment: { name: string; url: string | undefined } | undefined;
  deployment: Deployment | undefined;
  /** Protection rules and reviews that have not answered yet. */
  pendingRules: ProtectionRule[];
  pendingReview: boolean;
}

export interface JobStep {
  name: string;
  number: number;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: Conclusion | undefined;
  startedAt: number | undefined;
  completedAt: number | undefined;
}

export interface Approval {
  environment: Environment;
  state: 'approved' | 'rejected';
  user: Account;
  comment: string;
}

export interface RuleReport {
  environment: string;
  state: 'approved' | 'rejected' | undefined;
  comment: string;
  /** Names of the jobs that it was about. */
  jobs: string[];
  at: number;
}

export type DeploymentState =
  | 'error'
  | 'failure'
  | 'inactive'
  | 'pending'
  | 'queued'
  | 'in_progress'
  | 'waiting'
  | 'success';

export interface Deployment {
  id: number;
  repository: Repository;
  sha: string;
  ref: string;
  task: string;
  environment: string;
  description: string | undefined;
  payload: JsonObject | string;
  creator: Account;
  createdAt: number;
  updatedAt: number;
  transient: boolean;
  production: boolean;
  /** Set for a deployment that a workflow's `environment:` made. */
  job: WorkflowJob | undefined;
  statuses: DeploymentStatus[];
}

export interface DeploymentStatus {
  id: number;
  state: DeploymentState;
  creator: Account;
  description: string;
  targetUrl: string;
  environmentUrl: string;
  createdAt: number;
}

export interface PullRequest {
  id: number;
  number: number;
  title: string;
  body: string;
  author: Account;
  headBranch: string;
  headSha: string;
  baseBranch: string;
  baseSha: string;
  createdAt: number;
  updatedAt: number;
  closedAt: number | undefined;
  mergedAt: number | undefined;
  mergeSha: string | undefined;
  mergedBy: Account | undefined;
  /** The commits that the pull request brought. */
  commits: string[];
}

/** A check run that an app made; jobs' own ones are not kept. */
export interface CheckRun {
  id: number;
  suiteId: number;
  name: string;
  headSha: string;
  externalId: string | undefined;
  detailsUrl: string | undefined;
  status: string;
  conclusion: string | undefined;
  startedAt: number;
  completedAt: number | undefined;
  title: string | undefined;
  summary: string | undefined;
  text: string | undefined;
  annotations: CheckAnnotation[];
}

export interface CheckAnnotation {
  path: string;
  startLine: number;
  endLine: number;
  level: string;
  title: string | undefined;
  message: string;
  rawDetails: string | undefined;
}

export interface CommitStatus {
  id: number;
  sha: string;
  context: string;
  state: string;
  description: string | undefined;
  targetUrl: string | undefined;
  creator: Account;
  createdAt: number;
}

/** GitHub shows the newest check run of a name only. */
export function isNewest(checks: CheckRun[], check: CheckRun): boolean {
  const same = checks.filter(
    one => one.headSha === check.headSha && one.name === check.name,
  );
  return same[same.length - 1] === check;
}

/** A comment on a pull request; there are no issues. */
export interface IssueComment {
  id: number;
  number: number;
  author: Account;
  body: string;
  createdAt: number;
  updatedAt: number;
}

/** The attempt that counts now. */
export function latestAttempt(run: WorkflowRun): RunAttempt {
  return run.attempts[run.attempts.length - 1];
}
