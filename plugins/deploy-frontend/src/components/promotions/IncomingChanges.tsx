import Typography from '@material-ui/core/Typography';
import Skeleton from '@material-ui/lab/Skeleton';
import { useIncoming } from '../../hooks/usePromotions';
import { failureMessage } from '../../logic/failure';
import { incomingText } from '../../logic/promote';
import { nameRefs } from '../../logic/refs';
import { ChangesTaken } from '../RollbackDialog/ChangesTaken';

/**
 * Commits and pull requests that come in with a release.
 *
 * @internal
 */
export function IncomingChanges(props: {
  entityRef: string;
  /** Commit that runs there now; absent where nothing does. */
  from: string | undefined;
  to: string;
  /** It could not be found out what runs there. */
  unknown?: boolean;
}) {
  const { entityRef, from, to, unknown } = props;
  const { value, error, loadedAt } = useIncoming(entityRef, from, to);
  if (unknown || error) {
    return (
      <Typography variant="body2">
        Which commits come in could not be found out
        {error ? `: ${nameRefs(failureMessage(error))}` : '.'}
      </Typography>
    );
  }
  if (loadedAt === undefined) {
    return (
      <div role="status" aria-label="Finding out what comes in">
        <Skeleton variant="text" width="60%" />
      </div>
    );
  }
  return value ? (
    <ChangesTaken changes={value} text={nameRefs(incomingText(value))} />
  ) : (
    <Typography variant="body2">
      Nothing runs there yet: all of it comes in.
    </Typography>
  );
}
