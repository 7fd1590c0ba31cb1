import { makeStyles, Theme } from '@material-ui/core/styles';
import SvgIcon from '@material-ui/core/SvgIcon';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import ErrorIcon from '@material-ui/icons/Error';
import HourglassEmptyIcon from '@material-ui/icons/HourglassEmpty';
import RadioButtonUncheckedIcon from '@material-ui/icons/RadioButtonUnchecked';
import VerifiedUserIcon from '@material-ui/icons/VerifiedUser';
import { GateState } from '@vvp/backstage-plugin-deploy-common';
import { gateTexts } from '../../logic/gates';
import { toneColor } from '../common';

const icons: Record<GateState, typeof SvgIcon> = {
  fail: ErrorIcon,
  pending: HourglassEmptyIcon,
  waived: VerifiedUserIcon,
  pass: CheckCircleIcon,
  none: RadioButtonUncheckedIcon,
};

const useStyles = makeStyles<Theme, { state: GateState }>(theme => ({
  root: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.75),
    fontWeight: 600,
    whiteSpace: 'nowrap',
    color: ({ state }) => toneColor(theme, gateTexts[state].tone),
  },
  icon: {
    fontSize: '1.25em',
    flexShrink: 0,
    color: ({ state }) => toneColor(theme, gateTexts[state].tone),
  },
}));

/**
 * Sign of a gate's state; always beside a word.
 *
 * @internal
 */
export function GateStateIcon(props: { state: GateState }) {
  const Icon = icons[props.state];
  const classes = useStyles(props);
  return <Icon className={classes.icon} fontSize="inherit" aria-hidden />;
}

/**
 * State of a gate as sign and word.
 *
 * @internal
 */
export function GateStateLabel(props: { state: GateState }) {
  const { state } = props;
  const classes = useStyles({ state });
  return (
    <span className={classes.root} title={gateTexts[state].meaning}>
      <GateStateIcon state={state} />
      {gateTexts[state].label}
    </span>
  );
}
