import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { EntityInfoCard, useEntity } from '@backstage/plugin-catalog-react';
import { ServiceOverview } from '@vvp/backstage-plugin-deploy-common';
import { useOperationAddress } from '../../hooks/useOperationAddress';
import { usePolling, useServiceSignal } from '../../hooks/useRefresh';
import { useServiceOverview } from '../../hooks/useServiceOverview';
import { LiveContent, Loading, NotAllowed, TabFrame } from '../common';
import { NoEnvironments } from '../DeploymentsTab/NoEnvironments';
import { OwnerLine } from '../DeploymentsTab/OwnerLine';
import { OperationView } from '../OperationView';
import { EnvironmentSection } from './EnvironmentSection';
import { NoTarget } from './NoTarget';
import { OperationsCard } from './OperationsCard';

/**
 * The way back: what each environment can be rolled back to, and what else can be done there.
 *
 * @public
 */
export function RollbackTab() {
  const { entity } = useEntity();
  const entityRef = stringifyEntityRef(entity);
  const [operationId, openOperation] = useOperationAddress();
  return (
    <TabFrame label="Rollback">
      {operationId ? (
        <OperationView
          key={operationId}
          entityRef={entityRef}
          id={operationId}
          onBack={() => openOperation(undefined)}
        />
      ) : (
        <Environments
          entity={entity}
          entityRef={entityRef}
          onOpen={openOperation}
        />
      )}
    </TabFrame>
  );
}

function Environments(props: {
  entity: Entity;
  entityRef: string;
  onOpen(operationId: string): void;
}) {
  const { entity, entityRef, onOpen } = props;
  const overview = useServiceOverview(entityRef);
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
      loading={<Loading what="the environments" />}
    >
      {value =>
        value.environments.length === 0 ? (
          <NoEnvironments entity={entity} />
        ) : (
          <Sections
            entity={entity}
            entityRef={entityRef}
            overview={value}
            onOpen={onOpen}
            onChanged={reload}
          />
        )
      }
    </LiveContent>
  );
}

function Sections(props: {
  entity: Entity;
  entityRef: string;
  overview: ServiceOverview;
  onOpen(operationId: string): void;
  onChanged(): void;
}) {
  const { entity, entityRef, overview, onOpen, onChanged } = props;
  const environments = [...overview.environments].sort(
    (left, right) => left.order - right.order,
  );
  const operable = environments.filter(each => each.operable);
  const others = environments.filter(each => !each.operable);
  return (
    <>
      {operable.map(environment => (
        <EnvironmentSection
          key={environment.name}
          entityRef={entityRef}
          environment={environment}
          onStarted={onOpen}
          onChanged={onChanged}
        />
      ))}
      {others.length > 0 && (
        <EntityInfoCard
          title={
            operable.length === 0
              ? 'Nothing can be rolled back from here yet'
              : `Not connected: ${others.map(({ name }) => name).join(', ')}`
          }
        >
          <NoTarget
            service={entity.metadata.name}
            repository={overview.repository}
            environments={others}
          />
        </EntityInfoCard>
      )}
      {operable.length > 0 && (
        <OperationsCard entityRef={entityRef} onOpen={onOpen} />
      )}
    </>
  );
}
