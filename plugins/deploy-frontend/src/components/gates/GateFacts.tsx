import { Link } from '@backstage/core-components';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import HistoryIcon from '@material-ui/icons/History';
import { GateResult, GateSummary } from '@vvp/backstage-plugin-deploy-common';
import { evidenceUrl, shortCommit } from '../../logic/links';
import { Moment, mutedColor } from '../common';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.25, 1.5),
    color: mutedColor(theme),
    fontSize: '0.8125rem',
  },
  carried: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    fontWeight: 600,
  },
  icon: { fontSize: '1.125em' },
  code: {
    fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  },
}));

/**
 * On which commit and when a gate was measured, and the reports.
 *
 * @internal
 */
export function GateFacts(props: {
  entityRef: string;
  result: GateResult;
  release: GateSummary['release'];
}) {
  const { entityRef, result, release } = props;
  const { measuredCommit, measuredAt, carriedForward } = result;
  const { evidenceIds, evidenceType } = result;
  const classes = useStyles();
  const entityLink = useEntityRefLink();
  const other = measuredCommit && measuredCommit !== release.commit;
  return (
    <div className={classes.root}>
      {carriedForward && (
        <span
          className={classes.carried}
          title="None of the service's files has changed since the commit that was measured."
        >
          <HistoryIcon className={classes.icon} aria-hidden />
          Carried forward
        </span>
      )}
      {measuredCommit && (
        <span>
          measured on{' '}
          <span className={classes.code}>{shortCommit(measuredCommit)}</span>
          {other ? '' : ', this release'}
        </span>
      )}
      {measuredAt && <Moment at={measuredAt} />}
      {evidenceIds.map((id, index) => (
        <Link
          key={id}
          to={evidenceUrl(entityLink(entityRef), id, evidenceType)}
        >
          {evidenceIds.length === 1 ? 'Report' : `Report ${index + 1}`}
        </Link>
      ))}
    </div>
  );
}
