import { Position } from '../workflows/SourceNode';
import { WorkflowSource } from '../workflows/WorkflowSource';

/**
 * What is wrong with a workflow, and where.
 *
 * @public
 */
export interface Finding extends Position {
  /** As it was given. */
  file: string;
  /**
   * `github` (GitHub's own parser), `actionlint`, `shellcheck`, or one of this linter's own, such as
   * `pinned-action`.
   */
  rule: string;
  /** What is wrong, for people. */
  message: string;
  /** What to do about it; the messages of the other tools hold it already. */
  remedy?: string;
}

/** A finding of one of the linter's own rules, before it is known which file it is in. */
export type RuleFinding = Omit<Finding, 'file' | 'rule'>;

/** Looks at a whole workflow. */
export interface Rule {
  name: string;
  check(workflow: WorkflowSource): RuleFinding[];
}
