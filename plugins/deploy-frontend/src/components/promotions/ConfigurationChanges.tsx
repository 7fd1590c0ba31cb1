import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import Skeleton from '@material-ui/lab/Skeleton';
import { useConfiguration } from '../../hooks/usePromotions';
import { configurationCheck } from '../../logic/configuration';
import { shortCommit } from '../../logic/links';
import { CheckItem, CheckList, LoadFailure, mutedColor } from '../common';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(0.5), '& > *': { minWidth: 0 } },
  against: { color: mutedColor(theme), fontSize: '0.8125rem' },
}));

/**
 * What changes with a release in the configuration of an environment, by name.
 *
 * @internal
 */
export function ConfigurationChanges(props: {
  place: { entityRef: string; environment: string };
  /** Its id. */
  release: string;
}) {
  const { place, release } = props;
  const classes = useStyles();
  const { value, error, busy, reload, loadedAt } = useConfiguration(
    place,
    release,
  );
  return (
    <div className={classes.root}>
      {error && (
        <LoadFailure
          what="What changes in the configuration"
          error={error}
          onRetry={reload}
          busy={busy}
          shownSince={loadedAt}
        />
      )}
      {!value && !error && (
        <div role="status" aria-label="Comparing the configuration">
          <Skeleton variant="text" width="60%" />
        </div>
      )}
      {value && (
        <CheckList label="What changes in the configuration">
          <CheckItem check={configurationCheck(value)} />
        </CheckList>
      )}
      {value?.from && value.state !== 'unknown' && value.from !== value.to && (
        <Typography className={classes.against} component="p">
          By deploy.yaml and the files that it names, against{' '}
          {shortCommit(value.from)}, which runs there now.
        </Typography>
      )}
    </div>
  );
}
