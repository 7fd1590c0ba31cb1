import { ReactElement, ReactNode } from 'react';
import { LiveValue } from '../../hooks/useLiveValue';
import { failureKind } from '../../logic/failure';
import { LoadFailure } from './LoadFailure';

/**
 * What was read and is read again and again, or why it is not there: no permission, unknown, not yet. A
 * failure stands above what was known before.
 *
 * @internal
 */
export function LiveContent<T>(props: {
  live: LiveValue<T>;
  /** As a message about a failure begins, such as "The operation". */
  what: string;
  notAllowed: ReactElement;
  unknown: ReactElement;
  loading: ReactElement;
  /** Whether what was read is for this page; else it is unknown here. */
  belongs?(value: T): boolean;
  children(value: T): ReactNode;
}) {
  const { live, what, belongs, children } = props;
  const { value, error, reload, busy, loadedAt } = live;
  const kind = error && failureKind(error);
  if (kind === 'not-allowed') {
    return props.notAllowed;
  }
  const strange = value !== undefined && belongs && !belongs(value);
  if (kind === 'not-found' || strange) {
    return props.unknown;
  }
  return (
    <>
      {error && (
        <LoadFailure
          what={what}
          error={error}
          onRetry={reload}
          busy={busy}
          shownSince={loadedAt}
        />
      )}
      {value === undefined && !error && props.loading}
      {value !== undefined && children(value)}
    </>
  );
}
