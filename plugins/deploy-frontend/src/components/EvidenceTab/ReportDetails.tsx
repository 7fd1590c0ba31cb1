import Skeleton from '@material-ui/lab/Skeleton';
import { EvidenceDetail } from '@vvp/backstage-plugin-deploy-common';
import { ReactNode } from 'react';
import { LiveValue } from '../../hooks/useLiveValue';
import { LoadFailure } from '../common';

/**
 * The lists of one or more reports, once they are there.
 *
 * @internal
 */
export function ReportDetails(props: {
  details: LiveValue<EvidenceDetail[]>;
  /** "The files". */
  what: string;
  children(details: EvidenceDetail[]): ReactNode;
}) {
  const { details, what } = props;
  const { value, error, busy, reload, loadedAt } = details;
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
      {!value && !error && (
        <div role="status" aria-label={`Loading: ${what}`}>
          <Skeleton variant="text" />
          <Skeleton variant="text" width="80%" />
        </div>
      )}
      {value && props.children(value)}
    </>
  );
}
