import SvgIcon from '@material-ui/core/SvgIcon';
import { makeStyles } from '@material-ui/core/styles';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import ErrorIcon from '@material-ui/icons/Error';
import HelpIcon from '@material-ui/icons/Help';
import ReportProblemIcon from '@material-ui/icons/ReportProblem';
import { RollbackPreview } from '@vvp/backstage-plugin-deploy-common';
import { shortCommit } from '../../logic/links';
import { PreviewCheck, previewChecks } from '../../logic/previewChecks';
import {
  ExternalLink,
  RefText,
  ToneIcon,
  toneColor,
  VisuallyHidden,
} from '../common';

const shownAtMost = 20;

const icons: Record<PreviewCheck['tone'], typeof SvgIcon> = {
  error: ErrorIcon,
  attention: ReportProblemIcon,
  neutral: HelpIcon,
  success: CheckCircleIcon,
};

const spoken: Record<PreviewCheck['tone'], string> = {
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
}));

/**
 * What to know before a rollback, the worst first.
 *
 * @internal
 */
export function PreviewChecks(props: { preview: RollbackPreview }) {
  const classes = useStyles();
  return (
    <ul className={classes.list} aria-label="What to know">
      {previewChecks(props.preview).map(check => (
        <Check key={check.key} check={check} preview={props.preview} />
      ))}
    </ul>
  );
}

function Check(props: { check: PreviewCheck; preview: RollbackPreview }) {
  const { key, tone, text, details } = props.check;
  const classes = useStyles();
  const rest = details.length - shownAtMost;
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
        {details.length > 0 && (
          <ul className={classes.details}>
            {details.slice(0, shownAtMost).map(detail => (
              <li key={detail}>
                <RefText text={detail} />
              </li>
            ))}
            {rest > 0 && <li>and {rest} more</li>}
          </ul>
        )}
        {key === 'runs' && props.preview.runsInFlight.length > 0 && (
          <Runs preview={props.preview} />
        )}
      </div>
    </li>
  );
}

function Runs(props: { preview: RollbackPreview }) {
  const classes = useStyles();
  return (
    <ul className={classes.details}>
      {props.preview.runsInFlight
        .slice(0, shownAtMost)
        .map(({ runId, workflowName, status, commit, url }) => (
          <li key={runId}>
            <ExternalLink to={url}>
              {workflowName ?? 'Run'} {runId}
            </ExternalLink>{' '}
            {status.replace('_', ' ')}
            {commit && `, ${shortCommit(commit)}`}
          </li>
        ))}
    </ul>
  );
}
