import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { ReactNode } from 'react';
import { mutedColor } from '../common';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    gap: theme.spacing(0, 1),
    marginBottom: theme.spacing(0.5),
  },
  text: { fontSize: '0.9375rem', fontWeight: 600 },
  note: { color: mutedColor(theme), fontSize: '0.8125rem' },
}));

/**
 * A heading within a section.
 *
 * @internal
 */
export function SubHeading(props: { note?: string; children: ReactNode }) {
  const classes = useStyles();
  return (
    <div className={classes.root}>
      <Typography className={classes.text} component="h4">
        {props.children}
      </Typography>
      {props.note && <span className={classes.note}>{props.note}</span>}
    </div>
  );
}
