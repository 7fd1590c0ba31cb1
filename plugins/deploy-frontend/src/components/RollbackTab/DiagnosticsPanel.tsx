import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import RefreshIcon from '@material-ui/icons/Refresh';
import ReportProblemIcon from '@material-ui/icons/ReportProblem';
import Skeleton from '@material-ui/lab/Skeleton';
import { TargetDiagnostics } from '@vvp/backstage-plugin-deploy-common';
import { ReactNode } from 'react';
import { useDiagnostics } from '../../hooks/useOperations';
import { diagnosticsText } from '../../logic/diagnostics';
import { failureKind } from '../../logic/failure';
import { instancesText } from '../../logic/revisions';
import {
  CopyButton,
  HealthLabel,
  LoadFailure,
  Moment,
  mutedColor,
  NotAllowed,
  Notice,
  SidePanel,
  toneColor,
  VisuallyHidden,
} from '../common';

const useStyles = makeStyles(theme => ({
  content: {
    display: 'grid',
    gap: theme.spacing(2),
    fontSize: '0.875rem',
    color: theme.palette.text.primary,
    '& > *': { minWidth: 0 },
  },
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    color: mutedColor(theme),
  },
  button: { textTransform: 'none' },
  heading: { fontSize: '0.9375rem', fontWeight: 600 },
  facts: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, auto) minmax(0, 1fr)',
    gap: theme.spacing(0.5, 2),
    margin: 0,
  },
  term: { color: mutedColor(theme) },
  value: { margin: 0, overflowWrap: 'anywhere' },
  list: {
    display: 'grid',
    gap: theme.spacing(0.5),
    margin: 0,
    padding: 0,
    listStyle: 'none',
    overflowWrap: 'anywhere',
  },
  when: { color: mutedColor(theme) },
  warn: { color: toneColor(theme, 'attention'), fontWeight: 600 },
  error: { color: toneColor(theme, 'error'), fontWeight: 600 },
  info: {},
  log: {
    maxHeight: 360,
    overflowY: 'auto',
    margin: theme.spacing(0.5, 0, 0),
    padding: theme.spacing(1),
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
    background: theme.palette.background.default,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
    fontSize: '0.8125rem',
    lineHeight: 1.5,
  },
  nothing: { color: mutedColor(theme) },
}));

/**
 * What the platform tells of an environment: how it is, why, and what it wrote. Only read.
 *
 * @internal
 */
export function DiagnosticsPanel(props: {
  entityRef: string;
  environment: string;
  onClose(): void;
}) {
  const { entityRef, environment, onClose } = props;
  const classes = useStyles();
  const live = useDiagnostics(entityRef, environment);
  const { value, error, busy, reload, loadedAt } = live;
  const kind = error && failureKind(error);
  const title = `Diagnostics of ${environment}`;
  return (
    <SidePanel
      open
      title={title}
      closeLabel="Close the diagnostics"
      width={760}
      onClose={onClose}
    >
      <div className={classes.content}>
        <div className={classes.bar}>
          <Button
            className={classes.button}
            variant="outlined"
            size="small"
            startIcon={<RefreshIcon />}
            onClick={reload}
            disabled={busy}
          >
            {busy ? 'Asking…' : 'Ask again'}
          </Button>
          {value && (
            <CopyButton
              text={diagnosticsText(`${entityRef}: ${title}`, value)}
              label="Copy all of it"
            />
          )}
          {loadedAt !== undefined && (
            <span>
              told <Moment at={new Date(loadedAt).toISOString()} />
            </span>
          )}
        </div>
        {kind === 'not-allowed' && (
          <NotAllowed what="the diagnostics of this environment" />
        )}
        {error && kind !== 'not-allowed' && (
          <LoadFailure
            what="What the platform tells"
            error={error}
            onRetry={reload}
            busy={busy}
            shownSince={loadedAt}
          />
        )}
        {!value && !error && (
          <div role="status" aria-label="Asking the platform">
            <Skeleton variant="text" width="50%" />
            <Skeleton variant="rect" height={160} />
          </div>
        )}
        {value && kind !== 'not-allowed' && <Told diagnostics={value} />}
      </div>
    </SidePanel>
  );
}

function Told(props: { diagnostics: TargetDiagnostics }) {
  const { health, facts, events, logs, problems } = props.diagnostics;
  const classes = useStyles();
  const instances = instancesText(health);
  return (
    <>
      <div>
        <HealthLabel health={health.state} />
        {instances && `, ${instances}`}
        {health.reason && <div>{health.reason}</div>}
      </div>
      {problems.length > 0 && (
        <Notice
          tone="attention"
          icon={<ReportProblemIcon aria-hidden />}
          title="Not everything could be read"
        >
          {problems.map(problem => (
            <Typography key={problem} variant="body2">
              {problem}
            </Typography>
          ))}
        </Notice>
      )}
      {facts.length > 0 && (
        <dl className={classes.facts}>
          {facts.map(({ label, value }) => (
            <Fact key={label} label={label} value={value} />
          ))}
        </dl>
      )}
      <Part title="Events">
        {events.length === 0 ? (
          <span className={classes.nothing}>
            The platform reported nothing lately.
          </span>
        ) : (
          <ul className={classes.list}>
            {events.map(({ at, level, message }, index) => (
              <li key={`${index} ${at}`}>
                {at && (
                  <span className={classes.when}>
                    <Moment at={at} />{' '}
                  </span>
                )}
                <span className={classes[level]}>
                  {level !== 'info' && (
                    <VisuallyHidden>{level}: </VisuallyHidden>
                  )}
                  {message}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Part>
      {logs.map(({ source, lines }) => (
        <Part key={source} title={`Log of ${source}`}>
          {lines.length === 0 ? (
            <span className={classes.nothing}>It wrote nothing.</span>
          ) : (
            <pre
              className={classes.log}
              aria-label={`Log of ${source}`}
              role="group"
              // What scrolls must take the keyboard's focus.
              // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
              tabIndex={0}
            >
              {lines.join('\n')}
            </pre>
          )}
        </Part>
      ))}
    </>
  );
}

function Part(props: { title: string; children: ReactNode }) {
  const classes = useStyles();
  return (
    <div>
      <Typography className={classes.heading} component="h4">
        {props.title}
      </Typography>
      {props.children}
    </div>
  );
}

function Fact(props: { label: string; value: string }) {
  const classes = useStyles();
  return (
    <>
      <dt className={classes.term}>{props.label}</dt>
      <dd className={classes.value}>{props.value}</dd>
    </>
  );
}
