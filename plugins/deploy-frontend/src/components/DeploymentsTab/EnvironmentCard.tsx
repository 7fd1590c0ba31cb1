import { EntityInfoCard } from '@backstage/plugin-catalog-react';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import {
  Deployment,
  EnvironmentOverview,
} from '@vvp/backstage-plugin-deploy-common';
import { runUrl, safeUrl, shortCommit } from '../../logic/links';
import { statusMoment } from '../../logic/status';
import {
  ExternalLink,
  Moment,
  mutedColor,
  Person,
  ReleaseLabel,
  StatusLabel,
  Took,
} from '../common';
import { GateChip } from '../gates';
import { EnvironmentNotes } from '../operations';
import { LatestAttempt } from './LatestAttempt';
import { NotEnforced } from './NotEnforced';
import { PromotionLine } from './PromotionLine';
import { WatchLine } from './WatchLine';

const useStyles = makeStyles(theme => ({
  // A long name gives way to what stands beside it.
  card: { '& h3 + *': { flexShrink: 0 } },
  name: { overflowWrap: 'anywhere', whiteSpace: 'normal' },
  tier: {
    display: 'block',
    color: mutedColor(theme),
    fontSize: '0.75rem',
    fontWeight: 400,
  },
  release: { fontSize: '1.125rem', marginBottom: theme.spacing(0.25) },
  title: {
    display: '-webkit-box',
    WebkitLineClamp: 2,
    WebkitBoxOrient: 'vertical',
    overflow: 'hidden',
    overflowWrap: 'anywhere',
    marginBottom: theme.spacing(1),
  },
  facts: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: theme.spacing(1.5),
    rowGap: theme.spacing(0.5),
    alignItems: 'center',
    fontSize: '0.875rem',
    color: theme.palette.text.primary,
  },
  fact: { overflowWrap: 'anywhere', minWidth: 0 },
  footer: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    width: '100%',
    gap: theme.spacing(1),
    fontSize: '0.875rem',
  },
  watch: { marginTop: theme.spacing(1) },
  gates: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1),
    marginTop: theme.spacing(1.5),
    fontSize: '0.875rem',
  },
  next: { color: theme.palette.text.primary },
  nothing: { color: mutedColor(theme) },
  history: { textTransform: 'none', marginLeft: theme.spacing(-0.75) },
}));

/**
 * One environment: what runs in it, and what is about to or tried to.
 *
 * @internal
 */
export function EnvironmentCard(props: {
  entityRef: string;
  environment: EnvironmentOverview;
  onShowHistory(): void;
  onPromote(): void;
  /** Something was done that changes what is shown. */
  onChanged(): void;
}) {
  const { entityRef, environment, onShowHistory, onPromote, onChanged } = props;
  const { name, tier, url, enforced, gates } = environment;
  const { currentDeployment, latestDeployment } = environment;
  const watch = watchToTell(currentDeployment);
  const classes = useStyles();
  return (
    <EntityInfoCard
      className={classes.card}
      title={
        <span className={classes.name}>
          {name}
          {tier !== name && <span className={classes.tier}>{tier}</span>}
        </span>
      }
      headerActions={enforced ? undefined : <NotEnforced environment={name} />}
      footerActions={
        <div className={classes.footer}>
          <Button
            className={classes.history}
            size="small"
            color="primary"
            onClick={onShowHistory}
            aria-label={`Show the history of ${name}`}
          >
            History
          </Button>
          {safeUrl(url) && (
            <ExternalLink to={url} label={`Open the service in ${name}`}>
              Open service
            </ExternalLink>
          )}
        </div>
      }
    >
      {currentDeployment ? (
        <RunningRelease deployment={currentDeployment} />
      ) : (
        <Typography className={classes.nothing}>
          Nothing has been deployed here yet.
        </Typography>
      )}
      {watch && (
        <div className={classes.watch}>
          <WatchLine entityRef={entityRef} watch={watch} />
        </div>
      )}
      {latestDeployment && (
        <LatestAttempt entityRef={entityRef} deployment={latestDeployment} />
      )}
      <EnvironmentNotes entityRef={entityRef} environment={environment} />
      {gates && (
        <div className={classes.gates}>
          {gates.release.commit !== currentDeployment?.release.commit && (
            <span className={classes.next}>
              {shortCommit(gates.release.commit)} on its way:
            </span>
          )}
          <GateChip
            entityRef={entityRef}
            environment={name}
            gates={gates}
            onWaived={onChanged}
          />
        </div>
      )}
      <PromotionLine
        entityRef={entityRef}
        environment={environment}
        onPromote={onPromote}
      />
    </EntityInfoCard>
  );
}

/** That it proved good, or that nobody watches it, is no news: that stands in its details. */
function watchToTell(deployment: Deployment | undefined) {
  const { watch } = deployment ?? {};
  return watch && watch.state !== 'healthy' && watch.state !== 'replaced'
    ? watch
    : undefined;
}

function RunningRelease(props: { deployment: Deployment }) {
  const { deployment } = props;
  const classes = useStyles();
  return (
    <>
      <div className={classes.release}>
        <ReleaseLabel deployment={deployment} copyable />
      </div>
      {deployment.title && (
        <Typography
          className={classes.title}
          variant="body2"
          title={deployment.title}
        >
          {deployment.title}
        </Typography>
      )}
      <div className={classes.facts}>
        <StatusLabel status={deployment.status} />
        <span className={classes.fact}>
          <Moment at={statusMoment(deployment)} />
        </span>
        {deployment.actor && (
          <span className={classes.fact}>
            by <Person by={deployment.actor} />
          </span>
        )}
        {deployment.durationSeconds !== undefined && (
          <span className={classes.fact}>
            took <Took seconds={deployment.durationSeconds} />
          </span>
        )}
        {runUrl(deployment) && (
          <ExternalLink to={runUrl(deployment)}>Run</ExternalLink>
        )}
      </div>
    </>
  );
}
