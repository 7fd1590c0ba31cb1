import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import { Children, ReactNode, useState } from 'react';
import { numberText } from '../../logic/numbers';

const shownAtFirst = 10;

const useStyles = makeStyles(theme => ({
  list: {
    listStyle: 'none',
    margin: 0,
    padding: 0,
    '& > li': {
      padding: theme.spacing(1, 0),
      borderBottom: `1px solid ${theme.palette.divider}`,
    },
  },
  more: { marginTop: theme.spacing(1), textTransform: 'none' },
}));

/**
 * Tests under each other, the first of them shown.
 *
 * @internal
 */
export function TestList(props: { label: string; children: ReactNode }) {
  const classes = useStyles();
  const [all, setAll] = useState(false);
  const items = Children.toArray(props.children);
  const shown = all ? items : items.slice(0, shownAtFirst);
  return (
    <>
      <ul className={classes.list} aria-label={props.label}>
        {shown}
      </ul>
      {items.length > shownAtFirst && (
        <Button
          className={classes.more}
          size="small"
          color="primary"
          aria-expanded={all}
          aria-label={`${all ? 'Show fewer' : 'Show all'}: ${props.label}`}
          onClick={() => setAll(!all)}
        >
          {all ? 'Show fewer' : `Show all ${numberText(items.length)}`}
        </Button>
      )}
    </>
  );
}
