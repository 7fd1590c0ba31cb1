import { useApi } from '@backstage/core-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { Freeze } from '@vvp/backstage-plugin-deploy-common';
import { deployApiRef } from '../../api';
import { useStart } from '../../hooks/useStart';
import { failureMessage } from '../../logic/failure';
import { FormDialog, toneColor } from '../common';

const useStyles = makeStyles(theme => ({
  error: { color: toneColor(theme, 'error') },
}));

/**
 * Ends a freeze for good.
 *
 * @internal
 */
export function EndFreezeDialog(props: {
  freeze: Freeze;
  onClose(): void;
  onEnded(): void;
}) {
  const { freeze, onClose, onEnded } = props;
  const classes = useStyles();
  const deployApi = useApi(deployApiRef);
  const { start, busy, error } = useStart({
    send: () => deployApi.endFreeze(freeze.id),
    onDone: onEnded,
  });
  return (
    <FormDialog
      title={`End ${freeze.title}?`}
      submitLabel="End it"
      busyLabel="Ending…"
      closeLabel="Leave it"
      busy={busy}
      onClose={onClose}
      onSubmit={() => start(undefined)}
    >
      <Typography variant="body2">
        It ends now and for good
        {'rrule' in freeze.window && ', with all its windows to come'}. What
        waits only for it goes in at once.
      </Typography>
      {error && (
        <Typography className={classes.error} variant="body2" role="alert">
          It was not ended: {failureMessage(error)}
        </Typography>
      )}
    </FormDialog>
  );
}
