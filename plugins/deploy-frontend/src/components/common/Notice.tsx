import { makeStyles, Theme } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { ReactNode } from 'react';
import { Tone } from '../../logic/status';
import { toneColor } from './tones';

const useStyles = makeStyles<Theme, { tone: Tone }>(theme => ({
  root: {
    display: 'flex',
    gap: theme.spacing(1.5),
    padding: theme.spacing(1.5, 2),
    borderRadius: theme.shape.borderRadius,
    border: `1px solid ${theme.palette.divider}`,
    borderLeft: ({ tone }) => `4px solid ${toneColor(theme, tone)}`,
    background: theme.palette.background.paper,
    color: theme.palette.text.primary,
    '@media (max-width: 599px)': { flexWrap: 'wrap' },
  },
  icon: {
    display: 'flex',
    paddingTop: 2,
    color: ({ tone }) => toneColor(theme, tone),
  },
  content: {
    flex: 1,
    minWidth: 0,
    overflowWrap: 'anywhere',
    '@media (max-width: 599px)': { flexBasis: '70%' },
  },
  actions: { alignSelf: 'center', flexShrink: 0 },
  title: { fontWeight: 600 },
}));

/**
 * A message in the flow of the page.
 *
 * @internal
 */
export function Notice(props: {
  tone: Tone;
  icon: ReactNode;
  title: string;
  /** `alert` is read out at once, `status` when there is time. */
  role?: 'alert' | 'status';
  actions?: ReactNode;
  children?: ReactNode;
}) {
  const classes = useStyles({ tone: props.tone });
  return (
    <div className={classes.root} role={props.role}>
      <div className={classes.icon}>{props.icon}</div>
      <div className={classes.content}>
        <Typography className={classes.title} component="p" variant="body1">
          {props.title}
        </Typography>
        {props.children}
      </div>
      {props.actions && <div className={classes.actions}>{props.actions}</div>}
    </div>
  );
}
