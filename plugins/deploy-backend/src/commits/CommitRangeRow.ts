import { CommitList } from './types';

/** A row of `commit_ranges`. */
export interface CommitRangeRow {
  repository: string;
  base: string;
  head: string;
  state: CommitList['state'];
  /** JSON of a {@link CommitList} without its state. */
  commits: string;
  asked_at: string;
}
