import { makeStyles } from '@material-ui/core/styles';
import ArrowDownwardIcon from '@material-ui/icons/ArrowDownward';
import ArrowUpwardIcon from '@material-ui/icons/ArrowUpward';
import RemoveIcon from '@material-ui/icons/Remove';
import { changeText } from '../../logic/numbers';

const useStyles = makeStyles(theme => ({
  root: { whiteSpace: 'nowrap' },
  icon: {
    fontSize: '1em',
    verticalAlign: '-0.125em',
    marginRight: theme.spacing(0.25),
  },
}));

/**
 * How a value has changed, as arrow and number.
 *
 * @internal
 */
export function Change(props: {
  from: number;
  to: number;
  unit: string;
  /** Since when: "since the report before". */
  since?: string;
}) {
  const classes = useStyles();
  const change = props.to - props.from;
  const text = changeText(change, props.unit);
  const Icon = iconOf(text);
  return (
    <span className={classes.root}>
      <Icon className={classes.icon} aria-hidden />
      {text}
      {props.since && ` ${props.since}`}
    </span>
  );
}

function iconOf(text: string) {
  if (text.startsWith('+')) {
    return ArrowUpwardIcon;
  }
  return text.startsWith('−') ? ArrowDownwardIcon : RemoveIcon;
}
