import { EntityInfoCard } from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import Skeleton from '@material-ui/lab/Skeleton';
import { Deployment } from '@vvp/backstage-plugin-deploy-common';
import { HistoryFilter } from '../../hooks/useHistoryFilter';
import { PagedList } from '../../hooks/usePagedList';
import { LoadFailure, LoadMore, mutedColor } from '../common';
import { HistoryFilters } from './HistoryFilters';
import { HistoryTable } from './HistoryTable';

const useStyles = makeStyles(theme => ({
  nothing: { color: mutedColor(theme), padding: theme.spacing(2, 0) },
}));

/**
 * What was deployed before, filtered and page by page.
 *
 * @internal
 */
export function HistoryCard(props: {
  history: PagedList<Deployment>;
  environments: string[];
  filter: HistoryFilter;
  onFilterChange(change: Partial<HistoryFilter>): void;
}) {
  const { history, environments, filter, onFilterChange } = props;
  return (
    <EntityInfoCard title="History">
      <HistoryFilters
        environments={environments}
        filter={filter}
        onChange={onFilterChange}
      />
      {history.error && (
        <LoadFailure
          what="The history"
          error={history.error}
          onRetry={history.reload}
          busy={history.busy}
          shownSince={history.loadedAt}
        />
      )}
      <HistoryContent
        history={history}
        narrowed={Boolean(filter.environment) || filter.status.length > 0}
      />
    </EntityInfoCard>
  );
}

function HistoryContent(props: {
  history: PagedList<Deployment>;
  narrowed: boolean;
}) {
  const { history, narrowed } = props;
  const classes = useStyles();
  if (!history.value) {
    return history.busy ? <HistorySkeleton /> : null;
  }
  if (history.value.items.length === 0) {
    return (
      <Typography className={classes.nothing} role="status">
        {narrowed
          ? 'No deployment matches these filters.'
          : 'Nothing has been deployed yet.'}
      </Typography>
    );
  }
  return (
    <>
      <HistoryTable deployments={history.value.items} />
      <LoadMore list={history} />
    </>
  );
}

function HistorySkeleton() {
  return (
    <div role="status" aria-label="Loading the history">
      {[0, 1, 2, 3, 4].map(row => (
        <Skeleton key={row} variant="text" height={40} />
      ))}
    </div>
  );
}
