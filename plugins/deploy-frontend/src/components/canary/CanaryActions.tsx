import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import PauseIcon from '@material-ui/icons/Pause';
import SkipNextIcon from '@material-ui/icons/SkipNext';
import UndoIcon from '@material-ui/icons/Undo';
import { Promotion } from '@vvp/backstage-plugin-deploy-common';
import { ReactElement, useId, useState } from 'react';
import { deployApiRef } from '../../api';
import { useAction } from '../../hooks/useAction';
import { failureKind, failureMessage } from '../../logic/failure';
import { refusedMoves } from '../../logic/canary';
import { mutedColor, RefText, TextInput, toneColor } from '../common';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(1.5) },
  buttons: { display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) },
  button: { textTransform: 'none' },
  abort: {
    textTransform: 'none',
    color: toneColor(theme, 'error'),
    borderColor: 'currentColor',
  },
  why: { color: mutedColor(theme) },
  error: { color: toneColor(theme, 'error') },
}));

/**
 * The buttons that hold, hasten or end a canary. What the backend does not let the user do says why.
 *
 * @internal
 */
export function CanaryActions(props: {
  promotion: Promotion;
  /** What has to be looked at once more before it is done. */
  onAsk(which: 'continue' | 'abort'): void;
  /** As the backend answered. */
  onChanged(promotion: Promotion): void;
  /** What is shown may be out of date. */
  onStale(): void;
}) {
  const { promotion, onAsk, onChanged, onStale } = props;
  const { id, mayPause, mayContinue, mayAbort } = promotion;
  const classes = useStyles();
  const fieldId = useId();
  const deployApi = useApi(deployApiRef);
  const [comment, setComment] = useState('');
  const { start, busy, error } = useAction({
    send: (text: string) =>
      deployApi.pausePromotion(id, text ? { comment: text } : {}),
    onDone: changed => {
      setComment('');
      onChanged(changed);
    },
    onFailed: onStale,
  });

  const refusals = refusedMoves(promotion);
  const describedBy = (label: string) => {
    const index = refusals.findIndex(({ moves }) => moves.includes(label));
    return index < 0 ? undefined : `${fieldId}-why-${index}`;
  };
  return (
    <div className={classes.root} role="group" aria-label="Canary">
      {mayPause?.allowed && (
        <TextInput
          id={`${fieldId}-comment`}
          label="Comment on a pause (optional)"
          size="small"
          value={comment}
          onChange={event => setComment(event.target.value)}
          inputProps={{ maxLength: 2000 }}
        />
      )}
      <div className={classes.buttons}>
        {mayPause && (
          <MoveButton
            icon={<PauseIcon />}
            label={busy ? 'Pausing…' : 'Pause'}
            disabled={busy || !mayPause.allowed}
            describedBy={describedBy('Pause')}
            onClick={() => start(comment.trim())}
          />
        )}
        {mayContinue && (
          <MoveButton
            icon={<SkipNextIcon />}
            label="Continue to 100 %…"
            disabled={busy || !mayContinue.allowed}
            describedBy={describedBy('Continue')}
            onClick={() => onAsk('continue')}
          />
        )}
        {mayAbort && (
          <MoveButton
            icon={<UndoIcon />}
            label="Abort…"
            loud
            disabled={!mayAbort.allowed}
            describedBy={describedBy('Abort')}
            onClick={() => onAsk('abort')}
          />
        )}
      </div>
      {refusals.map(({ moves, why }, index) => (
        <Typography
          key={why}
          className={classes.why}
          variant="body2"
          id={`${fieldId}-why-${index}`}
        >
          {moves.join(', ')}: <RefText text={why} />
        </Typography>
      ))}
      {error && (
        <Typography
          className={classes.error}
          variant="body2"
          component="div"
          role="alert"
        >
          It was not paused: <RefText text={failureMessage(error)} />
          {failureKind(error) === 'conflict' &&
            ' What you see now was loaded anew.'}
        </Typography>
      )}
    </div>
  );
}

function MoveButton(props: {
  icon: ReactElement;
  label: string;
  /** It takes something away. */
  loud?: boolean;
  disabled: boolean;
  describedBy: string | undefined;
  onClick(): void;
}) {
  const { icon, label, loud, disabled, describedBy, onClick } = props;
  const classes = useStyles();
  return (
    <Button
      className={loud && !disabled ? classes.abort : classes.button}
      variant="outlined"
      startIcon={icon}
      disabled={disabled}
      aria-describedby={describedBy}
      onClick={onClick}
    >
      {label}
    </Button>
  );
}
