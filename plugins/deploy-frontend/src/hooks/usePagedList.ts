import { Page } from '@vvp/backstage-plugin-deploy-common';
import { useCallback, useState } from 'react';
import { toError } from '../logic/failure';
import { appendPage, mergeFirstPage } from '../logic/pages';
import { LiveValue, useLiveValue } from './useLiveValue';

/**
 * A list that is read page by page and renewed from its first page.
 *
 * @internal
 */
export interface PagedList<T> extends LiveValue<Page<T>> {
  loadMore(): void;
  loadingMore: boolean;
  /** Why the next page could not be read. */
  moreError?: Error;
}

/**
 * Reads a list by cursor. What was paged in stays when the first page is renewed.
 *
 * @internal
 */
export function usePagedList<T>(options: {
  key: string;
  loadPage(cursor: string | undefined): Promise<Page<T>>;
  idOf(item: T): string;
}): PagedList<T> {
  const { key, loadPage, idOf } = options;
  const live = useLiveValue<Page<T>>({
    key,
    load: () => loadPage(undefined),
    merge: (previous, fresh) => mergeFirstPage(previous, fresh, idOf),
  });
  const [more, setMore] = useState<{
    key: string;
    busy: boolean;
    error?: Error;
  }>({ key, busy: false });
  const currentMore = more.key === key ? more : { key, busy: false };
  const nextCursor = live.value?.nextCursor;
  const { update } = live;

  const loadMore = useCallback(async () => {
    if (!nextCursor) {
      return;
    }
    setMore({ key, busy: true });
    try {
      const next = await loadPage(nextCursor);
      update(key, previous =>
        // A renewal may have dropped the pages that this one follows.
        previous && previous.nextCursor !== nextCursor
          ? previous
          : appendPage(previous, next, idOf),
      );
      setMore({ key, busy: false });
    } catch (error) {
      setMore({ key, busy: false, error: toError(error) });
    }
  }, [nextCursor, key, loadPage, update, idOf]);

  return {
    ...live,
    loadMore,
    loadingMore: currentMore.busy,
    moreError: currentMore.error,
  };
}
