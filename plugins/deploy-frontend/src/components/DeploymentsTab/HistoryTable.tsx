import IconButton from '@material-ui/core/IconButton';
import { makeStyles } from '@material-ui/core/styles';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import KeyboardArrowDownIcon from '@material-ui/icons/KeyboardArrowDown';
import KeyboardArrowRightIcon from '@material-ui/icons/KeyboardArrowRight';
import { Deployment } from '@vvp/backstage-plugin-deploy-common';
import { useState } from 'react';
import { runUrl, shortCommit } from '../../logic/links';
import { statusMoment, statusTexts } from '../../logic/status';
import {
  ExternalLink,
  Moment,
  Person,
  mutedColor,
  QuarantineLabel,
  ReleaseLabel,
  RunningFor,
  StatusLabel,
  Took,
  VisuallyHidden,
} from '../common';
import { RolledBackLine } from '../operations';
import { DeploymentDetails } from './DeploymentDetails';
import { DeploymentGates } from './DeploymentGates';

const columnCount = 8;

const useStyles = makeStyles(theme => ({
  table: {
    '& th, & td': { padding: theme.spacing(0.75, 1.5, 0.75, 0) },
    '& th': {
      color: mutedColor(theme),
      fontWeight: 600,
      whiteSpace: 'nowrap',
    },
  },
  open: { '& td': { borderBottom: 'none' } },
  toggle: { width: 36 },
  button: { padding: theme.spacing(0.5) },
  title: {
    display: '-webkit-box',
    WebkitLineClamp: 1,
    WebkitBoxOrient: 'vertical',
    overflow: 'hidden',
    overflowWrap: 'anywhere',
    color: mutedColor(theme),
    fontSize: '0.8125rem',
    lineHeight: 1.5,
  },
  noWrap: { whiteSpace: 'nowrap' },
  names: { overflowWrap: 'anywhere', minWidth: '7em' },
  breakable: { overflowWrap: 'anywhere' },
  wide: { [theme.breakpoints.down('md')]: { display: 'none' } },
  medium: { [theme.breakpoints.down('sm')]: { display: 'none' } },
  narrow: { [theme.breakpoints.up('md')]: { display: 'none' } },
}));

/**
 * Deployments, newest first; a row opens to everything known about it. What a narrow screen has no room for
 * is in the opened row.
 *
 * @internal
 */
export function HistoryTable(props: { deployments: Deployment[] }) {
  const classes = useStyles();
  return (
    <Table
      className={classes.table}
      size="small"
      aria-label="History of deployments"
    >
      <TableHead>
        <TableRow>
          <TableCell className={classes.toggle}>
            <VisuallyHidden>Details</VisuallyHidden>
          </TableCell>
          <TableCell>Status</TableCell>
          <TableCell className={classes.medium}>Environment</TableCell>
          <TableCell>Release</TableCell>
          <TableCell className={classes.medium}>When</TableCell>
          <TableCell className={classes.medium}>Who</TableCell>
          <TableCell className={classes.wide}>Took</TableCell>
          <TableCell className={classes.wide}>Run</TableCell>
        </TableRow>
      </TableHead>
      <TableBody>
        {props.deployments.map(deployment => (
          <HistoryRow key={deployment.id} deployment={deployment} />
        ))}
      </TableBody>
    </Table>
  );
}

function HistoryRow(props: { deployment: Deployment }) {
  const { deployment } = props;
  const { id, environment, status, release, actor, title } = deployment;
  const { run, durationSeconds, startedAt, rolledBack } = deployment;
  const classes = useStyles();
  const [open, setOpen] = useState(false);
  const detailsId = `deployment-${id}`;
  return (
    <>
      <TableRow className={open ? classes.open : undefined}>
        <TableCell className={classes.toggle}>
          <IconButton
            className={classes.button}
            onClick={() => setOpen(!open)}
            aria-expanded={open}
            aria-controls={open ? detailsId : undefined}
            aria-label={`Details of ${shortCommit(
              release.commit,
            )} in ${environment}, ${statusTexts[status].label}`}
          >
            {open ? <KeyboardArrowDownIcon /> : <KeyboardArrowRightIcon />}
          </IconButton>
        </TableCell>
        <TableCell>
          <StatusLabel status={status} />
          <div className={`${classes.narrow} ${classes.breakable}`}>
            {environment}
          </div>
        </TableCell>
        <TableCell className={`${classes.medium} ${classes.names}`}>
          {environment}
        </TableCell>
        <TableCell>
          <ReleaseLabel deployment={deployment} copyable />
          {release.quarantine && (
            <div>
              <QuarantineLabel quarantine={release.quarantine} />
            </div>
          )}
          {title && (
            <div className={classes.title} title={title}>
              {title}
            </div>
          )}
          {rolledBack && (
            <RolledBackLine
              entityRef={deployment.entityRef}
              rolledBack={rolledBack}
            />
          )}
          <div className={classes.narrow}>
            <Moment at={statusMoment(deployment)} />
          </div>
        </TableCell>
        <TableCell className={`${classes.medium} ${classes.noWrap}`}>
          <Moment at={statusMoment(deployment)} />
        </TableCell>
        <TableCell className={`${classes.medium} ${classes.names}`}>
          {actor ? <Person by={actor} /> : '—'}
        </TableCell>
        <TableCell className={`${classes.wide} ${classes.noWrap}`}>
          {durationSeconds !== undefined && <Took seconds={durationSeconds} />}
          {status === 'in_progress' && startedAt && (
            <>
              <RunningFor since={startedAt} /> so far
            </>
          )}
        </TableCell>
        <TableCell className={`${classes.wide} ${classes.noWrap}`}>
          {runUrl(deployment) && (
            <ExternalLink
              to={runUrl(deployment)}
              label={`Run of ${shortCommit(release.commit)} in ${environment}`}
            >
              {run && run.attempt > 1 ? `Run, attempt ${run.attempt}` : 'Run'}
            </ExternalLink>
          )}
        </TableCell>
      </TableRow>
      {open && (
        <TableRow id={detailsId}>
          <TableCell />
          <TableCell colSpan={columnCount - 1}>
            <DeploymentDetails deployment={deployment} />
            <DeploymentGates deployment={deployment} />
          </TableCell>
        </TableRow>
      )}
    </>
  );
}
