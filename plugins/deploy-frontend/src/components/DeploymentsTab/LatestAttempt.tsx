import { makeStyles, Theme } from '@material-ui/core/styles';
import { Deployment } from '@vvp/backstage-plugin-deploy-common';
import { runUrl } from '../../logic/links';
import {
  attemptTexts,
  statusMoment,
  statusTexts,
  Tone,
} from '../../logic/status';
import {
  ExternalLink,
  Moment,
  Person,
  QuarantineLabel,
  ReleaseLabel,
  RunningFor,
  StatusIcon,
  toneColor,
} from '../common';
import { RolledBackLine } from '../operations';

const useStyles = makeStyles<Theme, { tone: Tone }>(theme => ({
  root: {
    display: 'flex',
    gap: theme.spacing(1),
    marginTop: theme.spacing(2),
    padding: theme.spacing(1, 1.25),
    border: `1px solid ${theme.palette.divider}`,
    borderLeft: ({ tone }) => `4px solid ${toneColor(theme, tone)}`,
    borderRadius: theme.shape.borderRadius,
    color: theme.palette.text.primary,
    fontSize: '0.875rem',
  },
  sign: { fontSize: '1rem', lineHeight: 1.3 },
  content: { minWidth: 0, flex: 1, overflowWrap: 'anywhere' },
  headline: {
    fontWeight: 600,
    color: ({ tone }) => toneColor(theme, tone),
  },
  facts: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: theme.spacing(1.5),
    alignItems: 'center',
  },
}));

/**
 * The newest attempt where it is not what runs now: in flight, waiting, or failed since.
 *
 * @internal
 */
export function LatestAttempt(props: {
  entityRef: string;
  deployment: Deployment;
}) {
  const { entityRef, deployment } = props;
  const { status, startedAt, actor, release, rolledBack } = deployment;
  const classes = useStyles({ tone: statusTexts[status].tone });
  return (
    <div className={classes.root}>
      <div className={classes.sign}>
        <StatusIcon status={status} />
      </div>
      <div className={classes.content}>
        <div className={classes.headline}>
          {attemptTexts[status]} <Moment at={statusMoment(deployment)} />
        </div>
        <div className={classes.facts}>
          <ReleaseLabel deployment={deployment} />
          {actor && (
            <span>
              by <Person by={actor} />
            </span>
          )}
          {status === 'in_progress' && startedAt && (
            <span>
              for <RunningFor since={startedAt} />
            </span>
          )}
          {runUrl(deployment) && (
            <ExternalLink to={runUrl(deployment)}>
              {status === 'waiting' ? 'Review at the run' : 'Run'}
            </ExternalLink>
          )}
          {release.quarantine && (
            <QuarantineLabel quarantine={release.quarantine} />
          )}
        </div>
        {rolledBack && (
          <RolledBackLine entityRef={entityRef} rolledBack={rolledBack} />
        )}
      </div>
    </div>
  );
}
