import { makeStyles } from '@material-ui/core/styles';
import { CopyButton } from './CopyButton';

const useStyles = makeStyles({
  root: {
    display: 'inline-flex',
    alignItems: 'center',
    minWidth: 0,
    maxWidth: '100%',
  },
  name: {
    // What tells two of them apart is mostly at the end. The whole of it is in the title, and is what is copied.
    display: '-webkit-box',
    WebkitLineClamp: 5,
    WebkitBoxOrient: 'vertical',
    overflow: 'hidden',
    overflowWrap: 'anywhere',
    minWidth: 0,
    fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
    fontSize: '0.8125rem',
    lineHeight: 1.4,
  },
});

/**
 * A revision as the platform names it.
 *
 * @internal
 */
export function RevisionName(props: { id: string; copyable?: boolean }) {
  const { id, copyable } = props;
  const classes = useStyles();
  return (
    <span className={classes.root}>
      <span className={classes.name} title={id}>
        {id}
      </span>
      {copyable && <CopyButton text={id} label={`Copy revision ${id}`} />}
    </span>
  );
}
