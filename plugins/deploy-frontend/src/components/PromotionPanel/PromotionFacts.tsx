import { Link } from '@backstage/core-components';
import {
  EntityRefLink,
  useEntityRefLink,
} from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import { Promotion } from '@vvp/backstage-plugin-deploy-common';
import { ReactNode } from 'react';
import { rollbackUrl, runUrl, safeUrl } from '../../logic/links';
import { classTexts, isUndecided, seamText } from '../../logic/promotions';
import {
  CopyButton,
  ExactMoment,
  ExternalLink,
  Moment,
  mutedColor,
  Person,
  ReleaseLabel,
  StatusLabel,
} from '../common';

const useStyles = makeStyles(theme => ({
  facts: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(200px, 100%), 1fr))',
    gap: theme.spacing(1.5, 3),
    margin: 0,
    color: theme.palette.text.primary,
  },
  whole: { gridColumn: '1 / -1' },
  term: { color: mutedColor(theme), fontSize: '0.75rem' },
  value: { margin: 0, overflowWrap: 'anywhere' },
  reason: { whiteSpace: 'pre-wrap' },
  link: { textDecoration: 'underline' },
}));

/**
 * What a promotion is about: release, from where to where, who asked, the run that waits.
 *
 * @internal
 */
export function PromotionFacts(props: { promotion: Promotion }) {
  const { promotion } = props;
  const { entityRef, environment, release, requestedBy, createdAt } = promotion;
  const { expiresAt, reason, run, seam, operationId, deployment } = promotion;
  const classes = useStyles();
  const entityLink = useEntityRefLink();
  return (
    <dl className={classes.facts}>
      <Fact term="Release">
        <ReleaseLabel deployment={promotion} copyable />
      </Fact>
      <Fact term="Service and environment">
        <EntityRefLink entityRef={entityRef} defaultKind="component" />
        {' → '}
        {environment}
      </Fact>
      <Fact term="Asked for by">
        <Person by={requestedBy} /> <Moment at={createdAt} />
      </Fact>
      {promotion.class === 'hotfix' && (
        <Fact term="Class">{classTexts.hotfix}</Fact>
      )}
      {isUndecided(promotion) && (
        <Fact term="Expires">
          <ExactMoment at={expiresAt} />
        </Fact>
      )}
      {run && (
        <Fact term="Run">
          <ExternalLink to={safeUrl(run.url)}>
            {run.workflowName ?? 'Run'} {run.runId}
          </ExternalLink>
        </Fact>
      )}
      <Fact term="What holds the pipeline">{seamText(seam)}</Fact>
      {operationId && (
        <Fact term="Operation">
          <Link
            className={classes.link}
            to={rollbackUrl(String(entityLink(entityRef)), operationId)}
          >
            Steps and logs
          </Link>
        </Fact>
      )}
      {deployment && (
        <Fact term="Deployment">
          <StatusLabel status={deployment.status} />{' '}
          {runUrl(deployment) && (
            <ExternalLink to={runUrl(deployment)}>Run</ExternalLink>
          )}
        </Fact>
      )}
      <Fact term="What is approved" whole>
        {release.artifact ? (
          <>
            the artifact <code>{release.artifact}</code>
            <CopyButton text={release.artifact} label="Copy the artifact" />
          </>
        ) : (
          'the commit: its artifact is not known'
        )}
      </Fact>
      {reason && (
        <Fact term="Why" whole>
          <span className={classes.reason}>{reason}</span>
        </Fact>
      )}
    </dl>
  );
}

function Fact(props: { term: string; whole?: boolean; children: ReactNode }) {
  const classes = useStyles();
  return (
    <div className={props.whole ? classes.whole : undefined}>
      <dt className={classes.term}>{props.term}</dt>
      <dd className={classes.value}>{props.children}</dd>
    </div>
  );
}
