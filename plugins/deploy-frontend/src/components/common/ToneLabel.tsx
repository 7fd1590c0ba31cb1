import SvgIcon from '@material-ui/core/SvgIcon';
import { makeStyles, Theme } from '@material-ui/core/styles';
import { StatusText, Tone } from '../../logic/status';
import { toneColor } from './tones';

const useStyles = makeStyles<Theme, { tone: Tone }>(theme => ({
  root: {
    display: 'inline-flex',
    // Words beside it stand on the line of its word, not of its sign.
    alignItems: 'baseline',
    gap: theme.spacing(0.75),
    fontWeight: 600,
    whiteSpace: 'nowrap',
    color: ({ tone }) => toneColor(theme, tone),
  },
  icon: {
    alignSelf: 'center',
    fontSize: '1.25em',
    flexShrink: 0,
    color: ({ tone }) => toneColor(theme, tone),
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
 * Sign in the colour of a tone; always beside a word.
 *
 * @internal
 */
export function ToneIcon(props: {
  tone: Tone;
  icon: typeof SvgIcon;
  turning?: boolean;
}) {
  const { tone, icon: Icon, turning } = props;
  const classes = useStyles({ tone });
  return (
    <Icon
      className={`${classes.icon}${turning ? ` ${classes.turning}` : ''}`}
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
export function ToneLabel(props: {
  text: StatusText;
  icon: typeof SvgIcon;
  turning?: boolean;
}) {
  const { text, icon, turning } = props;
  const classes = useStyles({ tone: text.tone });
  return (
    <span className={classes.root} title={text.meaning}>
      <ToneIcon tone={text.tone} icon={icon} turning={turning} />
      {text.label}
    </span>
  );
}
