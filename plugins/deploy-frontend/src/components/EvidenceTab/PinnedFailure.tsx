import Button from '@material-ui/core/Button';
import FindInPageIcon from '@material-ui/icons/FindInPage';
import { EvidenceDetail } from '@vvp/backstage-plugin-deploy-common';
import { LiveValue } from '../../hooks/useLiveValue';
import { LoadFailure, Notice } from '../common';

/**
 * Says so where the report that the address names cannot be shown.
 *
 * @internal
 */
export function PinnedFailure(props: {
  pinned: LiveValue<EvidenceDetail[]>;
  onUnpin(): void;
}) {
  const { value, error, busy, reload } = props.pinned;
  if (error) {
    return (
      <LoadFailure
        what="The report"
        error={error}
        onRetry={reload}
        busy={busy}
      />
    );
  }
  if (value?.length !== 0) {
    return null;
  }
  return (
    <Notice
      tone="attention"
      role="status"
      icon={<FindInPageIcon aria-hidden />}
      title="The report that you asked for is no longer there"
      actions={
        <Button variant="outlined" size="small" onClick={props.onUnpin}>
          Show the latest
        </Button>
      }
    />
  );
}
