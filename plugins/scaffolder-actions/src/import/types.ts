import { Position, SourceNode } from '../workflows/SourceNode';
import { Command } from './source/commands';

/** A scalar of a workflow, an empty list or mapping, or one command of a script: what has to be accounted for. */
export interface Leaf extends Position {
  file: string;
  /** Keys and indexes that lead there. */
  path: readonly string[];
  /** As YAML reads it; of a script's part, the text of the command. */
  value: unknown;
  node: SourceNode;
  /** The command that this is, among those of its script. */
  command?: Command & { index: number };
  /** It held secrets that were written out: what these are called. The value has none of them any more. */
  secrets?: readonly string[];
  /** Why it may not mean what it seems to, such as `3.10`. */
  surprise?: string;
}

/** A value together with all that says so. */
export interface Told<Value> {
  value: Value;
  leaves: readonly Leaf[];
}

/**
 * What became of a part of a workflow: `imported` into keys of `deploy.yaml`; `kept`, since what is generated does
 * the same without being told; or `unsupported`.
 *
 * @public
 */
export type Disposition = 'imported' | 'kept' | 'unsupported';

/**
 * A part of a workflow, and what became of it.
 *
 * @public
 */
export interface ImportItem extends Position {
  file: string;
  /** Key of the job, where it is part of one. */
  job?: string;
  /** What it is, for people, such as `step "Deploy", env.APP`. */
  item: string;
  disposition: Disposition;
  /** Keys of `deploy.yaml` that it became. */
  keys: string[];
  /** What stands in for it, or why nothing does. */
  message?: string;
  /** What to do about it. */
  remedy?: string;
  /** Every scalar in it as a JSON pointer; one command of a script has its number behind `#`. */
  leaves: string[];
}

/**
 * A key of `deploy.yaml` that no workflow can say, or that was guessed.
 *
 * @public
 */
export interface OpenKey {
  key: string;
  message: string;
  remedy: string;
}

/**
 * What became of workflows.
 *
 * @public
 */
export interface ImportReport {
  items: ImportItem[];
  /** Keys that were guessed, with what from. */
  guessed: OpenKey[];
  /** Keys that workflows do not say. */
  unknown: OpenKey[];
}

/** Why a file cannot be imported. */
export interface ImportProblem extends Position {
  message: string;
  remedy: string;
}
