import Button from '@material-ui/core/Button';
import SvgIcon from '@material-ui/core/SvgIcon';
import { makeStyles } from '@material-ui/core/styles';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import ErrorIcon from '@material-ui/icons/Error';
import HelpIcon from '@material-ui/icons/Help';
import ReportProblemIcon from '@material-ui/icons/ReportProblem';
import { ReactNode, useState } from 'react';
import { Check } from '../../logic/checks';
import { RefText } from './RefText';
import { ToneIcon } from './ToneLabel';
import { toneColor } from './tones';
import { VisuallyHidden } from './VisuallyHidden';

const shownAtFirst = 20;

const icons: Record<Check['tone'], typeof SvgIcon> = {
  error: ErrorIcon,
  attention: ReportProblemIcon,
  neutral: HelpIcon,
  success: CheckCircleIcon,
};

const spoken: Record<Check['tone'], string> = {
  error: 'Danger: ',
  attention: 'Mind: ',
  neutral: 'Not known: ',
  success: '',
};

const useStyles = makeStyles(theme => ({
  list: {
    display: 'grid',
    gap: theme.spacing(1),
    listStyle: 'none',
    margin: 0,
    padding: 0,
    fontSize: '0.875rem',
  },
  check: {
    display: 'flex',
    gap: theme.spacing(1),
    color: theme.palette.text.primary,
  },
  danger: {
    padding: theme.spacing(1, 1.25),
    border: `2px solid ${toneColor(theme, 'error')}`,
    borderRadius: theme.shape.borderRadius,
    fontWeight: 600,
  },
  sign: { flexShrink: 0, lineHeight: 1.5 },
  words: { minWidth: 0, overflowWrap: 'anywhere' },
  details: {
    margin: theme.spacing(0.25, 0, 0),
    paddingLeft: theme.spacing(2.5),
    fontWeight: 400,
  },
  button: { textTransform: 'none' },
}));

/**
 * Things to know before something is done.
 *
 * @internal
 */
export function CheckList(props: { label: string; children: ReactNode }) {
  const classes = useStyles();
  return (
    <ul className={classes.list} aria-label={props.label}>
      {props.children}
    </ul>
  );
}

/**
 * One thing to know, with the names that belong to it.
 *
 * @internal
 */
export function CheckItem(props: { check: Check; children?: ReactNode }) {
  const { tone, text, details } = props.check;
  const classes = useStyles();
  const [all, setAll] = useState(false);
  const shown = all ? details : details.slice(0, shownAtFirst);
  return (
    <li
      className={`${classes.check} ${
        tone === 'error' ? classes.danger : ''
      }`.trim()}
    >
      <span className={classes.sign}>
        <ToneIcon tone={tone} icon={icons[tone]} />
      </span>
      <div className={classes.words}>
        <VisuallyHidden>{spoken[tone]}</VisuallyHidden>
        <RefText text={text} />
        {shown.length > 0 && (
          <ul className={classes.details}>
            {shown.map((detail, index) => (
              // Names that others chose: two may look the same.
              <li key={`${index} ${detail}`}>
                <RefText text={detail} />
              </li>
            ))}
          </ul>
        )}
        {details.length > shownAtFirst && (
          <Button
            className={classes.button}
            size="small"
            color="primary"
            aria-expanded={all}
            onClick={() => setAll(!all)}
          >
            {all ? 'Show fewer' : `Show all ${details.length}`}
          </Button>
        )}
        {props.children}
      </div>
    </li>
  );
}
