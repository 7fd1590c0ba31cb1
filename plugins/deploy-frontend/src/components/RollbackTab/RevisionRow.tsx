import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import TableCell from '@material-ui/core/TableCell';
import TableRow from '@material-ui/core/TableRow';
import PlayArrowIcon from '@material-ui/icons/PlayArrow';
import {
  EnvironmentOverview,
  RevisionEntry,
} from '@vvp/backstage-plugin-deploy-common';
import { commitUrl, shortCommit } from '../../logic/links';
import { whyNotChosen } from '../../logic/revisions';
import {
  ExternalLink,
  HealthLabel,
  Moment,
  mutedColor,
  Person,
  QuarantineLabel,
  RevisionName,
  toneColor,
  ToneLabel,
} from '../common';
import { ActionMenu } from '../operations';
import { PastDeployments } from './PastDeployments';

const useStyles = makeStyles(theme => ({
  current: {
    '& td:first-child': {
      boxShadow: `inset 4px 0 0 ${toneColor(theme, 'success')}`,
    },
  },
  wide: { [theme.breakpoints.down('sm')]: { display: 'none' } },
  narrow: { [theme.breakpoints.up('md')]: { display: 'none' } },
  release: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: theme.spacing(1),
    alignItems: 'baseline',
  },
  version: { fontWeight: 600, overflowWrap: 'anywhere' },
  commit: {
    fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
    fontSize: '0.8125rem',
  },
  note: {
    color: mutedColor(theme),
    fontSize: '0.8125rem',
    overflowWrap: 'anywhere',
  },
  state: {
    display: 'flex',
    flexWrap: 'wrap',
    flexDirection: 'column',
    fontSize: '0.875rem',
  },
  actions: {
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'flex-end',
    gap: theme.spacing(0.5),
    [theme.breakpoints.down('xs')]: {
      flexDirection: 'column-reverse',
      alignItems: 'flex-end',
    },
  },
  button: { textTransform: 'none', whiteSpace: 'nowrap' },
  spacious: {
    whiteSpace: 'pre',
    [theme.breakpoints.down('xs')]: { display: 'none' },
  },
  // As wide as the three dots, where there are none.
  menu: { flex: '0 0 32px' },
  actionCell: { width: 1 },
}));

/**
 * One revision: which release is in it, how it went here, how it is now, and the way back to it.
 *
 * @internal
 */
export function RevisionRow(props: {
  environment: EnvironmentOverview;
  entry: RevisionEntry;
  onRollBack(): void;
  onRedeploy(): void;
  /** What can be done about its quarantine. */
  quarantining?: { label: string; onSelect(): void };
}) {
  const { environment, entry, onRollBack, onRedeploy, quarantining } = props;
  const { id, current, commit, version, quarantine } = entry;
  const { unavailable, givenUp } = entry;
  const classes = useStyles();
  const menu = [
    ...(commit
      ? [{ label: 'Redeploy this release…', onSelect: onRedeploy }]
      : []),
    ...(quarantining ? [quarantining] : []),
  ];
  return (
    <TableRow className={current ? classes.current : undefined}>
      <TableCell>
        <RevisionName id={id} copyable />
        <div className={classes.release}>
          {version && <span className={classes.version}>{version}</span>}
          {commit && <CommitLink environment={environment} commit={commit} />}
          {!commit && !version && (
            <span className={classes.note}>release not known</span>
          )}
        </div>
        <div className={classes.narrow}>
          <PastDeployments deployments={entry.deployments} />
          <RevisionState entry={entry} />
        </div>
        {quarantine && (
          <div className={classes.note}>
            <QuarantineLabel quarantine={quarantine} /> by{' '}
            <Person by={quarantine.by} /> <Moment at={quarantine.since} />: “
            {quarantine.reason}”
          </div>
        )}
        {givenUp && <div className={classes.note}>{givenUp.reason}</div>}
        {unavailable && (
          <div className={classes.note}>Cannot be put back: {unavailable}</div>
        )}
      </TableCell>
      <TableCell className={classes.wide}>
        <PastDeployments deployments={entry.deployments} />
      </TableCell>
      <TableCell className={classes.wide}>
        <RevisionState entry={entry} />
      </TableCell>
      <TableCell className={classes.actionCell}>
        <div className={classes.actions}>
          {!current && (
            <Button
              className={classes.button}
              variant="outlined"
              size="small"
              onClick={onRollBack}
              disabled={whyNotChosen(entry) !== undefined}
              aria-label={`Roll back ${environment.name} to ${id}`}
            >
              Roll back<span className={classes.spacious}> to this</span>…
            </Button>
          )}
          <span className={classes.menu}>
            <ActionMenu label={`More about ${id}`} items={menu} />
          </span>
        </div>
      </TableCell>
    </TableRow>
  );
}

function RevisionState(props: { entry: RevisionEntry }) {
  const { current, health, trafficPercent, createdAt } = props.entry;
  const classes = useStyles();
  return (
    <div className={classes.state}>
      {current && (
        <ToneLabel
          icon={PlayArrowIcon}
          text={{
            label: 'Runs now',
            meaning: 'What serves in this environment',
            tone: 'success',
          }}
        />
      )}
      {health && <HealthLabel health={health} />}
      {trafficPercent !== undefined && (
        <span>{trafficPercent} % of the traffic</span>
      )}
      {createdAt && (
        <span className={classes.note}>
          made <Moment at={createdAt} />
        </span>
      )}
    </div>
  );
}

function CommitLink(props: {
  environment: EnvironmentOverview;
  commit: string;
}) {
  const { environment, commit } = props;
  const classes = useStyles();
  const { currentDeployment, latestDeployment } = environment;
  // What the portal itself put in has no run that tells where the repository is.
  const url = [currentDeployment, latestDeployment]
    .map(known => known && commitUrl(known, commit))
    .find(Boolean);
  const short = shortCommit(commit);
  return (
    <span className={classes.commit}>
      <ExternalLink to={url} label={`Commit ${short}`} plain>
        {short}
      </ExternalLink>
    </span>
  );
}
