import { makeStyles } from '@material-ui/core/styles';
import { ReactNode } from 'react';
import { mutedColor } from './tones';

const useStyles = makeStyles(theme => ({
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(1.5, 4),
    margin: theme.spacing(0, 0, 1),
  },
  term: { color: mutedColor(theme), fontSize: '0.8125rem' },
  value: {
    margin: 0,
    fontSize: '1.5rem',
    fontWeight: 600,
    lineHeight: 1.3,
    fontVariantNumeric: 'tabular-nums',
  },
  note: { margin: 0, color: mutedColor(theme), fontSize: '0.8125rem' },
}));

/**
 * Numbers in large letters, side by side.
 *
 * @internal
 */
export function Tiles(props: { children: ReactNode }) {
  return <dl className={useStyles().row}>{props.children}</dl>;
}

/**
 * One number with its name and what belongs to it.
 *
 * @internal
 */
export function Tile(props: {
  term: string;
  value: ReactNode;
  note?: ReactNode;
}) {
  const classes = useStyles();
  return (
    <div>
      <dt className={classes.term}>{props.term}</dt>
      <dd className={classes.value}>{props.value}</dd>
      {props.note && <dd className={classes.note}>{props.note}</dd>}
    </div>
  );
}
