import { makeStyles, Theme } from '@material-ui/core/styles';
import BlockIcon from '@material-ui/icons/Block';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import ErrorIcon from '@material-ui/icons/Error';
import PauseCircleFilledIcon from '@material-ui/icons/PauseCircleFilled';
import ReportProblemIcon from '@material-ui/icons/ReportProblem';
import ScheduleIcon from '@material-ui/icons/Schedule';
import SwapHorizIcon from '@material-ui/icons/SwapHoriz';
import SyncIcon from '@material-ui/icons/Sync';
import UndoIcon from '@material-ui/icons/Undo';
import SvgIcon from '@material-ui/core/SvgIcon';
import { DeploymentStatus } from '@vvp/backstage-plugin-deploy-common';
import { statusTexts } from '../../logic/status';
import { toneColor } from './tones';

const statusIcons: Record<DeploymentStatus, typeof SvgIcon> = {
  queued: ScheduleIcon,
  waiting: PauseCircleFilledIcon,
  in_progress: SyncIcon,
  succeeded: CheckCircleIcon,
  failed: ErrorIcon,
  errored: ReportProblemIcon,
  cancelled: BlockIcon,
  superseded: SwapHorizIcon,
  rolled_back: UndoIcon,
};

const useStyles = makeStyles<Theme, { status: DeploymentStatus }>(theme => ({
  root: {
    display: 'inline-flex',
    // Words beside it stand on the line of its word, not of its sign.
    alignItems: 'baseline',
    gap: theme.spacing(0.75),
    fontWeight: 600,
    whiteSpace: 'nowrap',
    color: ({ status }) => toneColor(theme, statusTexts[status].tone),
  },
  icon: {
    alignSelf: 'center',
    fontSize: '1.25em',
    flexShrink: 0,
    color: ({ status }) => toneColor(theme, statusTexts[status].tone),
  },
  turning: {
    '@media (prefers-reduced-motion: no-preference)': {
      animation: '$turn 2s linear infinite',
    },
  },
  '@keyframes turn': {
    from: { transform: 'rotate(0deg)' },
    to: { transform: 'rotate(-360deg)' },
  },
}));

/**
 * Sign of a state; always beside a word.
 *
 * @internal
 */
export function StatusIcon(props: { status: DeploymentStatus }) {
  const { status } = props;
  const classes = useStyles({ status });
  const Icon = statusIcons[status];
  const turning = status === 'in_progress' ? ` ${classes.turning}` : '';
  return (
    <Icon
      className={`${classes.icon}${turning}`}
      fontSize="inherit"
      aria-hidden
    />
  );
}

/**
 * A state as sign and word.
 *
 * @internal
 */
export function StatusLabel(props: { status: DeploymentStatus }) {
  const { status } = props;
  const classes = useStyles({ status });
  const { label, meaning } = statusTexts[status];
  return (
    <span className={classes.root} title={meaning}>
      <StatusIcon status={status} />
      {label}
    </span>
  );
}
