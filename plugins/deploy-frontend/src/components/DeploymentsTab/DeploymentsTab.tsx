import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import { ServiceOverview } from '@vvp/backstage-plugin-deploy-common';
import { useRef } from 'react';
import { useDeploymentHistory } from '../../hooks/useDeploymentHistory';
import { HistoryFilter, useHistoryFilter } from '../../hooks/useHistoryFilter';
import { LiveValue } from '../../hooks/useLiveValue';
import { usePolling, useServiceSignal } from '../../hooks/useRefresh';
import { useServiceOverview } from '../../hooks/useServiceOverview';
import { failureKind } from '../../logic/failure';
import { LoadFailure, NotAllowed, VisuallyHidden } from '../common';
import { EnvironmentCard } from './EnvironmentCard';
import { EnvironmentGrid } from './EnvironmentGrid';
import { EnvironmentsSkeleton } from './EnvironmentsSkeleton';
import { HistoryCard } from './HistoryCard';
import { NoEnvironments } from './NoEnvironments';
import { OwnerLine } from './OwnerLine';
import { SpecProblemBanner } from './SpecProblemBanner';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(2),
    minWidth: 0,
    // The cards bring their own font; what stands in them goes along.
    '& [class*="Mui"]': { fontFamily: 'inherit' },
  },
}));

/**
 * What runs in each environment of the service in whose page it stands, and what was deployed before.
 *
 * @public
 */
export function DeploymentsTab() {
  const { entity } = useEntity();
  const entityRef = stringifyEntityRef(entity);
  const classes = useStyles();
  const overview = useServiceOverview(entityRef);
  return (
    <section className={classes.root} aria-label="Deployments">
      <VisuallyHidden>
        <h2>Deployments</h2>
      </VisuallyHidden>
      <Overview entity={entity} entityRef={entityRef} overview={overview} />
    </section>
  );
}

function Overview(props: {
  entity: Entity;
  entityRef: string;
  overview: LiveValue<ServiceOverview>;
}) {
  const { entity, entityRef, overview } = props;
  const { value, error, busy, reload, loadedAt } = overview;
  useServiceSignal(entityRef, reload);
  usePolling(reload);

  const kind = error && failureKind(error);
  if (kind === 'not-allowed') {
    return (
      <NotAllowed what="the deployments of this service">
        <OwnerLine entity={entity} />
      </NotAllowed>
    );
  }
  if (kind === 'not-found') {
    return <NoEnvironments entity={entity} unknown />;
  }
  return (
    <>
      {error && (
        <LoadFailure
          what="What runs where"
          error={error}
          onRetry={reload}
          busy={busy}
          shownSince={loadedAt}
        />
      )}
      {!value && !error && <EnvironmentsSkeleton />}
      {value?.specProblem && <SpecProblemBanner problem={value.specProblem} />}
      {value?.environments.length === 0 && !value.specProblem && (
        <NoEnvironments entity={entity} />
      )}
      {value && value.environments.length > 0 && (
        <EnvironmentsAndHistory
          overview={value}
          entityRef={entityRef}
          onChanged={reload}
        />
      )}
    </>
  );
}

function EnvironmentsAndHistory(props: {
  overview: ServiceOverview;
  entityRef: string;
  onChanged(): void;
}) {
  const { overview, entityRef, onChanged } = props;
  const [filter, changeFilter] = useHistoryFilter();
  const history = useDeploymentHistory(entityRef, filter);
  const historyElement = useRef<HTMLDivElement>(null);
  useServiceSignal(entityRef, history.reload);
  usePolling(history.reload);

  const environments = [...overview.environments].sort(
    (left, right) => left.order - right.order,
  );
  const showHistory = (environment: string) => {
    const change: Partial<HistoryFilter> = { environment };
    changeFilter(change);
    historyElement.current?.scrollIntoView?.({ block: 'nearest' });
  };
  return (
    <>
      <EnvironmentGrid>
        {environments.map(environment => (
          <li key={environment.name}>
            <EnvironmentCard
              entityRef={entityRef}
              environment={environment}
              onChanged={onChanged}
              onShowHistory={() => showHistory(environment.name)}
            />
          </li>
        ))}
      </EnvironmentGrid>
      <div ref={historyElement}>
        <HistoryCard
          history={history}
          environments={environments.map(({ name }) => name)}
          filter={filter}
          onFilterChange={changeFilter}
        />
      </div>
    </>
  );
}
