import { makeStyles } from '@material-ui/core/styles';
import { ReactNode } from 'react';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(360px, 100%), 1fr))',
    gap: theme.spacing(3),
  },
}));

/**
 * Charts side by side where there is room.
 *
 * @internal
 */
export function ChartRow(props: { children: ReactNode }) {
  return <div className={useStyles().root}>{props.children}</div>;
}
