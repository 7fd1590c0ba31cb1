import { makeStyles } from '@material-ui/core/styles';
import { CopyButton } from './CopyButton';

const useStyles = makeStyles(theme => ({
  root: {
    position: 'relative',
    margin: theme.spacing(1, 0),
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
    background: theme.palette.background.default,
  },
  code: {
    margin: 0,
    padding: theme.spacing(1.5),
    paddingRight: theme.spacing(5),
    // Wrapped, not scrolled: what scrolls must take the keyboard's focus.
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
    fontSize: '0.8125rem',
    lineHeight: 1.5,
    color: theme.palette.text.primary,
  },
  copy: {
    position: 'absolute',
    top: theme.spacing(0.5),
    right: theme.spacing(0.5),
  },
}));

/**
 * Lines to put into a file, with a button that copies them.
 *
 * @internal
 */
export function Snippet(props: { text: string; label: string }) {
  const classes = useStyles();
  return (
    <div className={classes.root}>
      <pre className={classes.code} role="group" aria-label={props.label}>
        <code>{props.text}</code>
      </pre>
      <span className={classes.copy}>
        <CopyButton text={props.text} label={`Copy ${props.label}`} />
      </span>
    </div>
  );
}
