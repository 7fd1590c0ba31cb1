import { CommitChanges } from './CommitChanges';
import { CommitChange } from './types';

/** What one of two commits has and the other has not, whichever is older. Of two that parted: what each has brought since. */
export async function changesBetween(
  changes: Pick<CommitChanges, 'fetchNow'>,
  { repository, from, to }: { repository: string; from: string; to: string },
): Promise<CommitChange[]> {
  const forward = await changes.fetchNow(repository, from, to);
  if (forward.state !== 'unrelated') {
    return [forward];
  }
  const { mergeBase } = forward;
  if (mergeBase === undefined) {
    return [{ state: 'unknown' }];
  }
  return Promise.all(
    [from, to]
      .filter(end => end !== mergeBase)
      .map(end => changes.fetchNow(repository, mergeBase, end)),
  );
}
