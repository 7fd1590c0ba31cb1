import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import { LogLine, OperationStep } from '@vvp/backstage-plugin-deploy-common';
import { useLayoutEffect, useRef, useState } from 'react';
import { countText } from '../../logic/numbers';
import { Tone } from '../../logic/status';
import { logRows } from '../../logic/stepLog';
import { mutedColor, toneColor, VisuallyHidden } from '../common';

// Nearer to the end than this counts as the end.
const endPixels = 24;

const tones: Record<LogLine['level'], Tone | undefined> = {
  info: undefined,
  warn: 'attention',
  error: 'error',
};

const useStyles = makeStyles(theme => ({
  root: { position: 'relative' },
  log: {
    maxHeight: 320,
    overflowY: 'auto',
    margin: 0,
    padding: theme.spacing(1, 1.25),
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
    background: theme.palette.background.default,
    color: theme.palette.text.primary,
    fontFamily:
      'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace !important',
    fontSize: '0.8125rem',
    lineHeight: 1.5,
    listStyle: 'none',
  },
  line: {
    display: 'flex',
    gap: theme.spacing(1.25),
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
  time: { color: mutedColor(theme), flexShrink: 0 },
  words: { minWidth: 0 },
  warn: { color: toneColor(theme, 'attention'), fontWeight: 600 },
  error: { color: toneColor(theme, 'error'), fontWeight: 600 },
  gap: { color: mutedColor(theme), fontStyle: 'italic' },
  end: {
    position: 'absolute',
    right: theme.spacing(2),
    bottom: theme.spacing(1),
    background: theme.palette.background.paper,
    textTransform: 'none',
  },
}));

/**
 * The log of a step. It follows its end, unless somebody has scrolled up to read.
 *
 * @internal
 */
export function StepLog(props: {
  step: Pick<OperationStep, 'title' | 'log' | 'droppedLines'>;
}) {
  const { title, log, droppedLines } = props.step;
  const classes = useStyles();
  const element = useRef<HTMLUListElement>(null);
  const [atEnd, setAtEnd] = useState(true);

  const toEnd = () => {
    if (element.current) {
      element.current.scrollTop = element.current.scrollHeight;
    }
  };
  useLayoutEffect(() => {
    if (atEnd) {
      toEnd();
    }
  }, [log, atEnd]);

  return (
    <div className={classes.root}>
      <ul
        ref={element}
        className={classes.log}
        aria-label={`Log: ${title}`}
        // What scrolls must take the keyboard's focus.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onScroll={({ currentTarget }) =>
          setAtEnd(
            currentTarget.scrollHeight -
              currentTarget.scrollTop -
              currentTarget.clientHeight <
              endPixels,
          )
        }
      >
        {logRows(log, droppedLines).map(row =>
          row.kind === 'gap' ? (
            <li key={row.key} className={classes.gap}>
              … {countText(row.count, 'line')} dropped here …
            </li>
          ) : (
            <Line key={row.key} line={row.line} />
          ),
        )}
      </ul>
      {!atEnd && (
        <Button
          className={classes.end}
          size="small"
          variant="outlined"
          onClick={() => {
            setAtEnd(true);
            toEnd();
          }}
        >
          To the end
        </Button>
      )}
    </div>
  );
}

function Line(props: { line: LogLine }) {
  const { at, level, text } = props.line;
  const classes = useStyles();
  const tone = tones[level];
  return (
    <li className={classes.line}>
      <time className={classes.time} dateTime={at} title={at}>
        {clockTime(at)}
      </time>
      <span
        className={`${classes.words} ${
          level === 'info' ? '' : classes[level]
        }`.trim()}
      >
        {tone && (
          <VisuallyHidden>
            {level === 'error' ? 'Error: ' : 'Warning: '}
          </VisuallyHidden>
        )}
        {text}
      </span>
    </li>
  );
}

function clockTime(iso: string): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? iso : at.toLocaleTimeString('en-GB');
}
