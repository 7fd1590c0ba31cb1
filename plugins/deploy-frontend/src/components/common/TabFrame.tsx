import { makeStyles } from '@material-ui/core/styles';
import { ReactNode } from 'react';
import { VisuallyHidden } from './VisuallyHidden';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(2),
    minWidth: 0,
    // The cards bring their own font; what stands in them goes along.
    '& [class*="Mui"]': { fontFamily: 'inherit' },
  },
}));

/**
 * A tab of the page of a service; `label` is its heading for those who listen.
 *
 * @internal
 */
export function TabFrame(props: { label: string; children: ReactNode }) {
  const { label, children } = props;
  const classes = useStyles();
  return (
    <section className={classes.root} aria-label={label}>
      <VisuallyHidden>
        <h2>{label}</h2>
      </VisuallyHidden>
      {children}
    </section>
  );
}
