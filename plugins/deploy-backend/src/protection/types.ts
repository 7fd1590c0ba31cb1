import {
  OperationKind,
  OperationStatus,
} from '@vvp/backstage-plugin-deploy-common';

/** One time that GitHub asked whether a job may go into an environment. */
export interface ProtectionCallback {
  id: string;
  kind: CallbackKind;
  /** `owner/name`, lower case. */
  repository: string;
  runId: string;
  /** As GitHub names it. */
  environment: string;
  /** GitHub's id of the deployment that waits; empty where it did not say. */
  deploymentId: string;
  commit?: string;
  ref?: string;
  /** Login of who started the run. */
  creator?: string;
  state: CallbackState;
  /** What GitHub is being told, or was; noted before it is told. */
  decision?: Answer;
  /** The comment that GitHub was given last. */
  told?: string;
  /** ISO 8601, when that was. */
  toldAt?: string;
  /** Comments given without an answer. */
  comments: number;
  /** Looks in a row that failed. */
  attempts: number;
  /** Why it could not be answered, for people. */
  problem?: string;
  askedAt: string;
  answeredAt?: string;
}

/**
 * `rule`: GitHub asked the portal, which answers. `review`: GitHub waits for a person, whose answer the portal
 * can only pass on.
 */
export type CallbackKind = 'rule' | 'review';

/**
 * `gone`: nobody waits for the answer any more, since the run ended or GitHub was told by somebody else.
 */
export type CallbackState =
  | 'pending'
  | 'answering'
  | 'approved'
  | 'rejected'
  | 'gone';

/** What GitHub is answered, in its words. */
export type Answer = 'approved' | 'rejected';

/** A service that waits at one of its environments. */
export interface Concern {
  serviceId: string;
  environmentId: string;
  /** Name of the environment, ours. */
  environment: string;
  /** Which it brings. */
  commit: string;
}

/** What the portal itself started a run for. GitHub does not tell what a run was told to deploy. */
export interface Dispatch {
  operationId: string;
  kind: OperationKind;
  /** Of the operation. */
  status: OperationStatus;
  /** The operation puts back what it changed. */
  isUndoing?: boolean;
  /** The operation saw the run end: what asks is another attempt, which nobody follows. */
  hasEnded?: boolean;
  /** The promotion that the operation carries out. */
  promotionId?: string;
  /** Into which it deploys, ours. */
  environmentId: string;
  /** Which it deploys. */
  commit: string;
}

/**
 * What a run asks at one environment of GitHub's. GitHub asks for each job but takes one answer for all that
 * wait there.
 */
export interface AskedQuestion {
  /** Of the callback that came first. */
  callbackId: string;
  /** When the last of its callbacks came, ISO 8601. */
  askedAt: string;
  repository: string;
  runId: string;
  /** The run's latest, as far as it is known. */
  attempt?: number;
  /** As GitHub names it. */
  environment: string;
  commit?: string;
  ref?: string;
  /** Login of who started the run. */
  creatorLogin?: string;
  /**
   * Of a run that the portal started. `unsure`: it is starting one at this moment, and does not know yet whether
   * this is the one.
   */
  dispatch?: Dispatch | 'unsure';
  /** All that an answer lets in. */
  concerns: Concern[];
}

/** What is to be done about a question. */
export interface ProtectionDecision {
  decision: 'approve' | 'reject' | 'wait';
  /** Markdown; GitHub shows it at the run. What is longer than GitHub takes is cut. */
  comment: string;
  /** The same in plain words, for who is told of an answer; mostly absent. */
  why?: string;
}

/** What became of a question without an answer of ours. */
export type ElsewhereDecision =
  /** It runs: a reviewer or an administrator let it. */
  | 'let-through'
  /** A person turned it away. */
  | 'rejected'
  /** The run, or the job, was cancelled. */
  | 'cancelled'
  /** The run ended otherwise, or is not there any more. */
  | 'gone';

/** Who decides; the promotions. */
export interface ProtectionDecider {
  /** A question is open. Called again and again, with the same or with more concerns. */
  onAsked(question: AskedQuestion): Promise<void>;
  /**
   * `approve` only if each concern may go in, `reject` if one may never; `wait` otherwise, with what it waits
   * for as the comment.
   */
  decisionOf(question: AskedQuestion): Promise<ProtectionDecision>;
  /**
   * GitHub is about to be told `approved`: from here on nobody may take it back. False if somebody did meanwhile;
   * then it is decided anew.
   */
  onAnswering?(question: AskedQuestion): Promise<boolean>;
  /**
   * GitHub has taken an answer. Called at least once.
   *
   * @param why - as the decision has it
   */
  onAnswered(
    question: AskedQuestion,
    answer: Answer,
    why?: string,
  ): Promise<void>;
  /** GitHub still waits for a person, although it was decided. Called again and again. */
  onReviewAwaited?(question: AskedQuestion): Promise<void>;
  /**
   * Decided without an answer of ours. Called at least once.
   *
   * @param by - login, if GitHub says it
   */
  onDecidedElsewhere(
    question: AskedQuestion,
    decision: ElsewhereDecision,
    by?: string,
  ): Promise<void>;
}
