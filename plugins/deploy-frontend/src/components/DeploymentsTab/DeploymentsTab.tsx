import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import { ServiceOverview } from '@vvp/backstage-plugin-deploy-common';
import { useMemo, useRef, useState } from 'react';
import { useDeploymentHistory } from '../../hooks/useDeploymentHistory';
import { HistoryFilter, useHistoryFilter } from '../../hooks/useHistoryFilter';
import { LiveValue } from '../../hooks/useLiveValue';
import { usePromotionAddress } from '../../hooks/usePromotionAddress';
import { usePolling, useServiceSignal } from '../../hooks/useRefresh';
import { useServiceOverview } from '../../hooks/useServiceOverview';
import { LiveContent, NotAllowed, TabFrame } from '../common';
import { FreezeBanner } from '../freezes';
import { PromoteDialog } from '../PromoteDialog';
import { PromotionPanel } from '../PromotionPanel';
import { EnvironmentCard } from './EnvironmentCard';
import { EnvironmentGrid } from './EnvironmentGrid';
import { EnvironmentsSkeleton } from './EnvironmentsSkeleton';
import { HistoryCard } from './HistoryCard';
import { NoEnvironments } from './NoEnvironments';
import { OwnerLine } from './OwnerLine';
import { PromotionStart } from './PromoteRelease';
import { SpecProblemBanner } from './SpecProblemBanner';

/**
 * What runs in each environment of the service in whose page it stands, and what was deployed before.
 *
 * @public
 */
export function DeploymentsTab() {
  const { entity } = useEntity();
  const entityRef = stringifyEntityRef(entity);
  const overview = useServiceOverview(entityRef);
  const [promotion, openPromotion] = usePromotionAddress();
  return (
    <TabFrame label="Deployments">
      {promotion ? (
        <PromotionPanel
          id={promotion}
          entityRef={entityRef}
          backLabel="Back to the environments"
          onBack={() => openPromotion(undefined)}
        />
      ) : (
        <Overview
          entity={entity}
          entityRef={entityRef}
          overview={overview}
          onPromotion={openPromotion}
        />
      )}
    </TabFrame>
  );
}

function Overview(props: {
  entity: Entity;
  entityRef: string;
  overview: LiveValue<ServiceOverview>;
  onPromotion(promotionId: string): void;
}) {
  const { entity, entityRef, overview, onPromotion } = props;
  const { reload } = overview;
  useServiceSignal(entityRef, reload);
  usePolling(reload);
  return (
    <LiveContent
      live={overview}
      what="What runs where"
      notAllowed={
        <NotAllowed what="the deployments of this service">
          <OwnerLine entity={entity} />
        </NotAllowed>
      }
      unknown={<NoEnvironments entity={entity} unknown />}
      loading={<EnvironmentsSkeleton />}
    >
      {value => (
        <>
          <FreezeBanner environments={value.environments} />
          {value.specProblem && (
            <SpecProblemBanner problem={value.specProblem} />
          )}
          {value.environments.length === 0 && !value.specProblem && (
            <NoEnvironments entity={entity} />
          )}
          {value.environments.length > 0 && (
            <EnvironmentsAndHistory
              overview={value}
              entityRef={entityRef}
              onChanged={reload}
              onPromotion={onPromotion}
            />
          )}
        </>
      )}
    </LiveContent>
  );
}

function EnvironmentsAndHistory(props: {
  overview: ServiceOverview;
  entityRef: string;
  onChanged(): void;
  onPromotion(promotionId: string): void;
}) {
  const { overview, entityRef, onChanged, onPromotion } = props;
  const [promoting, setPromoting] = useState<{
    environment: string;
    release?: string;
  }>();
  const [filter, changeFilter] = useHistoryFilter();
  const history = useDeploymentHistory(entityRef, filter);
  const historyElement = useRef<HTMLDivElement>(null);
  useServiceSignal(entityRef, history.reload);
  usePolling(history.reload);

  const environments = useMemo(
    () =>
      [...overview.environments].sort(
        (left, right) => left.order - right.order,
      ),
    [overview.environments],
  );
  const promotionStart = useMemo(
    () => ({
      environments,
      promote: (environment: string, release: string) =>
        setPromoting({ environment, release }),
    }),
    [environments],
  );
  const showHistory = (environment: string) => {
    const change: Partial<HistoryFilter> = { environment };
    changeFilter(change);
    historyElement.current?.scrollIntoView?.({ block: 'nearest' });
  };
  return (
    <PromotionStart.Provider value={promotionStart}>
      <EnvironmentGrid>
        {environments.map(environment => (
          <li key={environment.name}>
            <EnvironmentCard
              entityRef={entityRef}
              environment={environment}
              onChanged={onChanged}
              onShowHistory={() => showHistory(environment.name)}
              onPromote={() => setPromoting({ environment: environment.name })}
            />
          </li>
        ))}
      </EnvironmentGrid>
      {promoting !== undefined && (
        <PromoteDialog
          entityRef={entityRef}
          environment={promoting.environment}
          release={promoting.release}
          environments={environments}
          onClose={() => setPromoting(undefined)}
          onAsked={onPromotion}
        />
      )}
      <div ref={historyElement}>
        <HistoryCard
          history={history}
          environments={environments.map(({ name }) => name)}
          filter={filter}
          onFilterChange={changeFilter}
        />
      </div>
    </PromotionStart.Provider>
  );
}
