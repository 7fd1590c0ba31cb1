/** A file that a commit changes. */
export interface ChangedFile {
  /** From the root of the repository; where it was, if the file is gone. */
  path: string;
  /** Where it was before, if it was renamed. */
  previousPath?: string;
  /** Numbers of the lines that are new or changed, in the new file, ascending. */
  addedLines: number[];
}

/**
 * What changed between two commits.
 *
 * - `known`: all of it.
 * - `partial`: GitHub does not tell all of it, the change being too large. Other files may have changed
 *   too and no line is known, so nothing may be called unchanged, and no changed line judged.
 * - `unrelated`: the base is no ancestor of the head. What the head brings is the change since
 *   `mergeBase`, if they have anything in common.
 * - `unknown`: GitHub was not asked yet, or did not answer.
 */
export type CommitChange =
  | { state: 'known'; files: ChangedFile[] }
  | { state: 'partial'; files: Omit<ChangedFile, 'addedLines'>[] }
  | { state: 'unrelated'; mergeBase?: string }
  | { state: 'unknown' };
