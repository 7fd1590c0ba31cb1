import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import Skeleton from '@material-ui/lab/Skeleton';
import { Deployment } from '@vvp/backstage-plugin-deploy-common';
import { useGates } from '../../hooks/useGates';
import { useServiceSignal } from '../../hooks/useRefresh';
import { failureKind } from '../../logic/failure';
import { LoadFailure, NotAllowed } from '../common';
import { GateList } from '../gates';

const useStyles = makeStyles(theme => ({
  root: { maxWidth: 720, paddingBottom: theme.spacing(2) },
  title: { fontWeight: 600, marginBottom: theme.spacing(1) },
}));

/**
 * The gates between the release of a deployment and its environment, as they stand now.
 *
 * @internal
 */
export function DeploymentGates(props: { deployment: Deployment }) {
  const { entityRef, environment, release } = props.deployment;
  const classes = useStyles();
  const gates = useGates(entityRef, environment, release.commit);
  const { value, error, busy, reload, loadedAt } = gates;
  useServiceSignal(entityRef, reload);

  const kind = error && failureKind(error);
  if (kind === 'not-found') {
    // The environment may be gone, such as a preview; its history is still shown.
    return null;
  }
  return (
    <div className={classes.root}>
      <Typography className={classes.title} variant="body2" component="h4">
        Gates
      </Typography>
      {kind === 'not-allowed' && (
        <NotAllowed what="the gates of this release" />
      )}
      {error && kind !== 'not-allowed' && (
        <LoadFailure
          what="The gates"
          error={error}
          onRetry={reload}
          busy={busy}
          shownSince={loadedAt}
        />
      )}
      {!value && !error && (
        <div role="status" aria-label="Loading the gates">
          <Skeleton variant="text" />
          <Skeleton variant="text" width="80%" />
        </div>
      )}
      {value && kind !== 'not-allowed' && (
        <GateList
          entityRef={entityRef}
          environment={environment}
          gates={value}
          onWaived={reload}
        />
      )}
    </div>
  );
}
