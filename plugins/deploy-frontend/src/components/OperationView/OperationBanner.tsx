import { makeStyles, Theme } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import BlockIcon from '@material-ui/icons/Block';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import ErrorIcon from '@material-ui/icons/Error';
import PauseCircleFilledIcon from '@material-ui/icons/PauseCircleFilled';
import ReportProblemIcon from '@material-ui/icons/ReportProblem';
import ScheduleIcon from '@material-ui/icons/Schedule';
import UndoIcon from '@material-ui/icons/Undo';
import { Failure, Operation } from '@vvp/backstage-plugin-deploy-common';
import { ReactNode } from 'react';
import {
  aheadText,
  isOver,
  isUndoing,
  outcomeText,
} from '../../logic/operations';
import { Tone } from '../../logic/status';
import { Moment, Notice, Person, RefText, toneColor } from '../common';

const useStyles = makeStyles<Theme>(theme => ({
  loud: {
    display: 'flex',
    gap: theme.spacing(2),
    padding: theme.spacing(2),
    borderRadius: theme.shape.borderRadius,
    border: `3px solid ${toneColor(theme, 'error')}`,
    background: theme.palette.background.paper,
    color: theme.palette.text.primary,
    overflowWrap: 'anywhere',
  },
  loudSign: { color: toneColor(theme, 'error'), fontSize: '2.5rem' },
  loudTitle: {
    fontSize: '1.375rem',
    fontWeight: 700,
    color: toneColor(theme, 'error'),
  },
  words: { minWidth: 0 },
  text: { whiteSpace: 'pre-wrap' },
  strong: { fontWeight: 600, whiteSpace: 'pre-wrap' },
}));

/**
 * How an operation ended, or what it waits for: what one has to know before anything else.
 *
 * @internal
 */
export function OperationBanner(props: { operation: Operation }) {
  const { operation } = props;
  return isOver(operation) ? (
    <EndBanner operation={operation} />
  ) : (
    <WaitBanner operation={operation} />
  );
}

function EndBanner(props: { operation: Operation }) {
  const { operation } = props;
  const { failure, cancelRequested, status } = operation;
  const classes = useStyles();
  // Its failure says no more than who it was.
  const saysWhoStopped = status === 'cancelled' && cancelRequested;
  const outcome = outcomeText(operation);
  if (!outcome) {
    return null;
  }
  const words = (
    <>
      {outcome.text && (
        <Typography variant="body2" className={classes.strong}>
          {outcome.text}
        </Typography>
      )}
      {cancelRequested && (
        <Typography variant="body2">
          Stopped by <Person by={cancelRequested.by} />{' '}
          <Moment at={cancelRequested.at} />.
        </Typography>
      )}
      {failure && !saysWhoStopped && <FailureText failure={failure} />}
    </>
  );
  if (outcome.loud) {
    return (
      <div className={classes.loud} role="alert">
        <ReportProblemIcon
          className={classes.loudSign}
          fontSize="inherit"
          aria-hidden
        />
        <div className={classes.words}>
          <Typography className={classes.loudTitle} component="p">
            {outcome.title}
          </Typography>
          {words}
        </div>
      </div>
    );
  }
  const icons: Partial<Record<Tone, typeof BlockIcon>> = {
    success: CheckCircleIcon,
    error: ErrorIcon,
    attention: ReportProblemIcon,
  };
  const Icon = icons[outcome.tone] ?? BlockIcon;
  return (
    <Notice
      tone={outcome.tone}
      role={outcome.tone === 'error' ? 'alert' : 'status'}
      icon={<Icon aria-hidden />}
      title={outcome.title}
    >
      {words}
    </Notice>
  );
}

function WaitBanner(props: { operation: Operation }) {
  const { operation } = props;
  const { parked, ahead, status, cancelRequested } = operation;
  return (
    <>
      {parked && (
        <Notice
          tone="attention"
          role="alert"
          icon={<PauseCircleFilledIcon aria-hidden />}
          title="Parked: it cannot go on right now"
        >
          <FailureText failure={parked} />
          <Typography variant="body2">
            Since <Moment at={parked.since} />. It is tried again by itself;
            nothing is lost.
          </Typography>
        </Notice>
      )}
      {status === 'queued' && !cancelRequested && (
        <Waiting icon={<ScheduleIcon aria-hidden />} title={aheadText(ahead)}>
          {ahead ? 'Only one at a time may change what this one changes.' : ''}
        </Waiting>
      )}
      {isUndoing(operation) && (
        <Waiting icon={<UndoIcon aria-hidden />} title="Undoing what was done">
          The environment is brought back to what it was before.
        </Waiting>
      )}
      {cancelRequested && !isUndoing(operation) && (
        <Waiting
          icon={<UndoIcon aria-hidden />}
          title="Stopping before the next step"
        >
          Asked for by <Person by={cancelRequested.by} />{' '}
          <Moment at={cancelRequested.at} />. What was done is undone then.
        </Waiting>
      )}
    </>
  );
}

function Waiting(props: {
  icon: ReactNode;
  title: string;
  children: ReactNode;
}) {
  return (
    <Notice
      tone="attention"
      role="status"
      icon={props.icon}
      title={props.title}
    >
      <Typography variant="body2">{props.children}</Typography>
    </Notice>
  );
}

function FailureText(props: { failure: Failure }) {
  const classes = useStyles();
  const { message, remedy } = props.failure;
  return (
    <>
      <Typography variant="body2" className={classes.text}>
        <RefText text={message} />
      </Typography>
      {remedy && (
        <Typography variant="body2" className={classes.text}>
          What to do: <RefText text={remedy} />
        </Typography>
      )}
    </>
  );
}
