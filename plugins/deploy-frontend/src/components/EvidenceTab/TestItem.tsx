import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import KeyboardArrowDownIcon from '@material-ui/icons/KeyboardArrowDown';
import KeyboardArrowRightIcon from '@material-ui/icons/KeyboardArrowRight';
import { NotableTest } from '@vvp/backstage-plugin-deploy-common';
import { useId, useState } from 'react';
import { shortCommit } from '../../logic/links';
import { quantityText } from '../../logic/numbers';
import { CopyButton, Moment, mutedColor, toneColor } from '../common';

const useStyles = makeStyles(theme => ({
  name: { fontWeight: 600, overflowWrap: 'anywhere' },
  facts: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0, 1.5),
    color: mutedColor(theme),
    fontSize: '0.8125rem',
    lineHeight: 1.6,
    overflowWrap: 'anywhere',
  },
  since: { color: toneColor(theme, 'error'), fontWeight: 600 },
  message: {
    display: '-webkit-box',
    WebkitLineClamp: 3,
    WebkitBoxOrient: 'vertical',
    overflow: 'hidden',
    margin: theme.spacing(0.5, 0),
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
    fontSize: '0.8125rem',
  },
  whole: { display: 'block', overflow: 'visible' },
  toggle: { padding: theme.spacing(0, 0.5), textTransform: 'none' },
  trace: {
    margin: theme.spacing(0.5, 0),
    padding: theme.spacing(1),
    // Wrapped, not scrolled: what scrolls must take the keyboard's focus.
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
    background: theme.palette.background.default,
    fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
    fontSize: '0.75rem',
    lineHeight: 1.5,
  },
}));

/**
 * One test: what it said, since when it fails, and on demand its trace.
 *
 * @internal
 */
export function TestItem(props: {
  test: NotableTest;
  /** Suite and environment of the report. */
  source: string;
}) {
  const { test, source } = props;
  const { name, suite, className, message, trace, file, line } = test;
  const { failingSince, failingSinceCommit, durationSeconds } = test;
  const classes = useStyles();
  const id = useId();
  const [open, setOpen] = useState(false);
  const more = Boolean(trace) || (message?.length ?? 0) > 240;
  const place = [suite, className !== suite && className].filter(Boolean);
  return (
    <li>
      <div className={classes.name}>{name}</div>
      <div className={classes.facts}>
        {failingSince && (
          <span className={classes.since}>
            fails since <Moment at={failingSince} />
            {failingSinceCommit && ` (${shortCommit(failingSinceCommit)})`}
          </span>
        )}
        {place.length > 0 && <span>{place.join(' › ')}</span>}
        {source && <span>{source}</span>}
        {file && (
          <span>
            {file}
            {line !== undefined && `:${line}`}
          </span>
        )}
        {durationSeconds !== undefined && (
          <span>{quantityText(durationSeconds, 's')}</span>
        )}
      </div>
      {message && (
        <div className={`${classes.message} ${open ? classes.whole : ''}`}>
          {message}
        </div>
      )}
      {more && (
        <Button
          className={classes.toggle}
          size="small"
          aria-expanded={open}
          aria-controls={open ? id : undefined}
          aria-label={`Trace of ${name}`}
          startIcon={
            open ? <KeyboardArrowDownIcon /> : <KeyboardArrowRightIcon />
          }
          onClick={() => setOpen(!open)}
        >
          {trace ? 'Trace' : 'Whole message'}
        </Button>
      )}
      {open && trace && (
        <div id={id}>
          <CopyButton text={trace} label={`Copy the trace of ${name}`} />
          <pre className={classes.trace}>{trace}</pre>
        </div>
      )}
    </li>
  );
}
