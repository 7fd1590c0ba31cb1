import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import CloudOffIcon from '@material-ui/icons/CloudOff';
import { failureMessage } from '../../logic/failure';
import { nameRefs } from '../../logic/refs';
import { Moment } from './Moment';
import { Notice } from './Notice';

const useStyles = makeStyles({ button: { textTransform: 'none' } });

/**
 * Says that something could not be loaded, why, and how old the data is that is shown instead.
 *
 * @internal
 */
export function LoadFailure(props: {
  what: string;
  error: Error;
  onRetry(): void;
  busy?: boolean;
  /** When the data was loaded that is still shown, milliseconds. */
  shownSince?: number;
}) {
  const { what, error, onRetry, busy, shownSince } = props;
  const classes = useStyles();
  return (
    <Notice
      tone="error"
      role="alert"
      icon={<CloudOffIcon aria-hidden />}
      title={`${what} could not be loaded`}
      actions={
        <Button
          className={classes.button}
          variant="outlined"
          size="small"
          onClick={onRetry}
          disabled={busy}
        >
          Try again
        </Button>
      }
    >
      <Typography variant="body2">{nameRefs(failureMessage(error))}</Typography>
      {shownSince !== undefined && (
        <Typography variant="body2">
          You see what was known{' '}
          <Moment at={new Date(shownSince).toISOString()} />. It may be out of
          date.
        </Typography>
      )}
    </Notice>
  );
}
