import { Link } from '@backstage/core-components';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import { Deployment, PipelineRun } from '@vvp/backstage-plugin-deploy-common';
import { ReactNode } from 'react';
import { rollbackUrl, runUrl } from '../../logic/links';
import {
  CopyButton,
  ExactMoment,
  ExternalLink,
  mutedColor,
  Person,
  Took,
} from '../common';
import { PromoteRelease } from './PromoteRelease';
import { RerunFailedJobs } from './RerunFailedJobs';
import { WatchLine } from './WatchLine';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(220px, 1fr))',
    gap: theme.spacing(1.5, 3),
    margin: 0,
    padding: theme.spacing(1, 0, 2),
  },
  term: { color: mutedColor(theme), fontSize: '0.75rem' },
  value: { margin: 0, overflowWrap: 'anywhere' },
  code: {
    fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
    fontSize: '0.8125rem',
  },
}));

/**
 * Everything known about one deployment.
 *
 * @internal
 */
export function DeploymentDetails(props: { deployment: Deployment }) {
  const { deployment } = props;
  const { release, run, chain, operationId, watch } = deployment;
  const entityLink = useEntityRefLink();
  const classes = useStyles();
  return (
    <>
      <dl className={classes.root}>
        <Fact term="Change">{deployment.title}</Fact>
        <Fact term="Commit">
          <span className={classes.code}>{release.commit}</span>
          <CopyButton text={release.commit} label="Copy the full commit" />
        </Fact>
        <Fact term="Version">{release.version}</Fact>
        <Fact term="Artifact">
          {release.artifact && (
            <span className={classes.code}>{release.artifact}</span>
          )}
        </Fact>
        <Fact term="Branch or tag">{deployment.ref}</Fact>
        <Fact term="Started by">
          {deployment.actor && <Person by={deployment.actor} />}
        </Fact>
        <Fact term="Job">
          {deployment.jobName && (
            <ExternalLink to={runUrl(deployment)}>
              {deployment.jobName}
            </ExternalLink>
          )}
        </Fact>
        <Fact term="Run">{run && <RunText run={run} withAttempt />}</Fact>
        <Fact term="Chain">
          {chain.length > 0 &&
            chain.map((origin, index) => (
              <div key={`${origin.runId}:${origin.attempt}`}>
                {index === 0 ? 'started by ' : 'which was started by '}
                <RunText run={origin} />
              </div>
            ))}
        </Fact>
        <Fact term="Asked for">
          <ExactMoment at={deployment.createdAt} />
        </Fact>
        <Fact term="Started">
          {deployment.startedAt && <ExactMoment at={deployment.startedAt} />}
        </Fact>
        <Fact term="Finished">
          {deployment.finishedAt && <ExactMoment at={deployment.finishedAt} />}
        </Fact>
        <Fact term="Took">
          {deployment.durationSeconds !== undefined && (
            <Took seconds={deployment.durationSeconds} />
          )}
        </Fact>
        <Fact term="After the deployment">
          {watch && (
            <WatchLine entityRef={deployment.entityRef} watch={watch} />
          )}
        </Fact>
        <Fact term="Operation">
          {operationId && (
            <Link
              to={rollbackUrl(
                String(entityLink(deployment.entityRef)),
                operationId,
              )}
            >
              Steps and logs
            </Link>
          )}
        </Fact>
        <Fact term="Source">
          <span className={classes.code}>{deployment.source}</span>
        </Fact>
      </dl>
      <RerunFailedJobs deployment={deployment} />
      <PromoteRelease deployment={deployment} />
    </>
  );
}

function Fact(props: { term: string; children: ReactNode }) {
  const classes = useStyles();
  if (!props.children) {
    return null;
  }
  return (
    <div>
      <dt className={classes.term}>{props.term}</dt>
      <dd className={classes.value}>{props.children}</dd>
    </div>
  );
}

function RunText(props: { run: PipelineRun; withAttempt?: boolean }) {
  const { runId, attempt, workflowName, event, url } = props.run;
  return (
    <>
      <ExternalLink to={url}>
        {workflowName ? `${workflowName} run ${runId}` : `run ${runId}`}
      </ExternalLink>
      {(props.withAttempt || attempt > 1) && `, attempt ${attempt}`}
      {event && ` (${event})`}
    </>
  );
}
