import { Content } from '@backstage/core-components';
import Paper from '@material-ui/core/Paper';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import Skeleton from '@material-ui/lab/Skeleton';
import { ServiceSummary } from '@vvp/backstage-plugin-deploy-common';
import { useOwners } from '../../hooks/useOwners';
import { PagedList } from '../../hooks/usePagedList';
import { usePolling } from '../../hooks/useRefresh';
import {
  ServiceListFilter,
  useServiceFilter,
} from '../../hooks/useServiceFilter';
import { useServices } from '../../hooks/useServices';
import { failureKind } from '../../logic/failure';
import { LoadFailure, LoadMore, mutedColor, NotAllowed } from '../common';
import { ServiceFilters } from './ServiceFilters';
import { ServicesTable } from './ServicesTable';

const useStyles = makeStyles(theme => ({
  paper: { padding: theme.spacing(2), overflowX: 'auto' },
  nothing: { color: mutedColor(theme), padding: theme.spacing(2, 0) },
}));

/**
 * Every service the user may see, with what runs in each of its environments.
 *
 * @internal
 */
export function DeploymentsPageContent() {
  const classes = useStyles();
  const [filter, changeFilter] = useServiceFilter();
  const services = useServices(filter);
  const owners = useOwners();
  usePolling(services.reload);

  if (services.error && failureKind(services.error) === 'not-allowed') {
    return (
      <Content>
        <NotAllowed what="what runs where" />
      </Content>
    );
  }
  return (
    <Content>
      <ServiceFilters
        filter={filter}
        owners={allOwners(owners, services.value?.items)}
        onChange={changeFilter}
      />
      {services.error && (
        <LoadFailure
          what="The services"
          error={services.error}
          onRetry={services.reload}
          busy={services.busy}
          shownSince={services.loadedAt}
        />
      )}
      {(services.value || !services.error) && (
        <Paper className={classes.paper}>
          <ServiceList services={services} filter={filter} />
        </Paper>
      )}
    </Content>
  );
}

function ServiceList(props: {
  services: PagedList<ServiceSummary>;
  filter: ServiceListFilter;
}) {
  const { services, filter } = props;
  const classes = useStyles();
  if (!services.value) {
    return (
      <div role="status" aria-label="Loading the services">
        {[0, 1, 2, 3, 4, 5].map(row => (
          <Skeleton key={row} variant="text" height={44} />
        ))}
      </div>
    );
  }
  if (services.value.items.length === 0) {
    return (
      <Typography className={classes.nothing} role="status">
        {filter.text || filter.owner || filter.tier
          ? 'No service matches these filters.'
          : 'No service that you may see is deployed yet. The Deployments tab of a component says what to add to it, or which permission it takes to see it.'}
      </Typography>
    );
  }
  return (
    <>
      <ServicesTable services={services.value.items} tier={filter.tier} />
      <LoadMore list={services} />
    </>
  );
}

function allOwners(
  fromCatalog: string[],
  services: ServiceSummary[] | undefined,
): string[] {
  const owners = new Set(fromCatalog);
  services?.forEach(({ owner }) => owner && owners.add(owner));
  return [...owners].sort();
}
