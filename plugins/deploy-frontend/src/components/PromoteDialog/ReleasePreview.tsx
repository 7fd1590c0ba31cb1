import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import Skeleton from '@material-ui/lab/Skeleton';
import {
  PromotionClass,
  ReleaseSummary,
} from '@vvp/backstage-plugin-deploy-common';
import { useReadiness } from '../../hooks/usePromotions';
import { LoadFailure } from '../common';
import { GateList } from '../gates';
import {
  ConfigurationChanges,
  IncomingChanges,
  ReadinessSummary,
} from '../promotions';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gap: theme.spacing(2),
    color: theme.palette.text.primary,
    '& > *': { minWidth: 0 },
  },
  heading: {
    fontSize: '0.9375rem',
    fontWeight: 600,
    marginBottom: theme.spacing(0.5),
  },
}));

/**
 * What stands between a release and an environment, what comes in with it and changes, and its gates.
 *
 * @internal
 */
export function ReleasePreview(props: {
  place: { entityRef: string; environment: string };
  release: ReleaseSummary;
  running: string | undefined;
  promotionClass: PromotionClass;
}) {
  const { place, release, running, promotionClass } = props;
  const classes = useStyles();
  const { value, error, busy, reload, loadedAt } = useReadiness(
    place,
    release.id,
    promotionClass,
  );
  return (
    <div className={classes.root}>
      {error && (
        <LoadFailure
          what="What stands in between"
          error={error}
          onRetry={reload}
          busy={busy}
          shownSince={loadedAt}
        />
      )}
      {!value && !error && (
        <div role="status" aria-label="Finding out what stands in between">
          <Skeleton variant="text" width="60%" height={32} />
          <Skeleton variant="rect" height={120} />
        </div>
      )}
      {value && <ReadinessSummary readiness={value} />}
      <div>
        <Typography className={classes.heading} component="h4">
          What comes in
        </Typography>
        <IncomingChanges
          entityRef={place.entityRef}
          from={running}
          to={release.commit}
        />
      </div>
      <div>
        <Typography className={classes.heading} component="h4">
          Configuration
        </Typography>
        <ConfigurationChanges place={place} release={release.id} />
      </div>
      {value?.gates && (
        <div>
          <Typography className={classes.heading} component="h4">
            Gates
          </Typography>
          <GateList
            entityRef={place.entityRef}
            environment={place.environment}
            gates={value.gates}
            onWaived={reload}
          />
        </div>
      )}
    </div>
  );
}
