import { makeStyles } from '@material-ui/core/styles';
import { ReactNode } from 'react';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(300px, 100%), 1fr))',
    gap: theme.spacing(2),
    listStyle: 'none',
    margin: 0,
    padding: 0,
  },
}));

/**
 * Environments side by side, from the first to the last stop of a release.
 *
 * @internal
 */
export function EnvironmentGrid(props: {
  /** Stands in for environments that are being loaded; not read out. */
  placeholder?: boolean;
  children: ReactNode;
}) {
  return (
    <ol
      className={useStyles().root}
      aria-label="Environments, in order"
      aria-hidden={props.placeholder}
    >
      {props.children}
    </ol>
  );
}
