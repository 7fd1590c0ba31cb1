import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { EntityInfoCard, useEntity } from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import Skeleton from '@material-ui/lab/Skeleton';
import { ServiceOverview } from '@vvp/backstage-plugin-deploy-common';
import { useOperationAddress } from '../../hooks/useOperationAddress';
import { usePolling, useServiceSignal } from '../../hooks/useRefresh';
import { useServiceOverview } from '../../hooks/useServiceOverview';
import { failureKind } from '../../logic/failure';
import { LoadFailure, NotAllowed, VisuallyHidden } from '../common';
import { NoEnvironments } from '../DeploymentsTab/NoEnvironments';
import { OwnerLine } from '../DeploymentsTab/OwnerLine';
import { OperationView } from '../OperationView';
import { EnvironmentSection } from './EnvironmentSection';
import { NoTarget } from './NoTarget';
import { OperationsCard } from './OperationsCard';

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
 * The way back: what each environment can be rolled back to, and what else can be done there.
 *
 * @public
 */
export function RollbackTab() {
  const { entity } = useEntity();
  const entityRef = stringifyEntityRef(entity);
  const classes = useStyles();
  const [operationId, openOperation] = useOperationAddress();
  return (
    <section className={classes.root} aria-label="Rollback">
      <VisuallyHidden>
        <h2>Rollback</h2>
      </VisuallyHidden>
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
    </section>
  );
}

function Environments(props: {
  entity: Entity;
  entityRef: string;
  onOpen(operationId: string): void;
}) {
  const { entity, entityRef, onOpen } = props;
  const overview = useServiceOverview(entityRef);
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
      {!value && !error && (
        <div role="status" aria-label="Loading the environments">
          <Skeleton variant="text" width="30%" height={40} />
          <Skeleton variant="rect" height={240} />
        </div>
      )}
      {value?.environments.length === 0 && <NoEnvironments entity={entity} />}
      {value && value.environments.length > 0 && (
        <Sections
          entity={entity}
          entityRef={entityRef}
          overview={value}
          onOpen={onOpen}
          onChanged={reload}
        />
      )}
    </>
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
            environments={others.map(({ name }) => name)}
          />
        </EntityInfoCard>
      )}
      {operable.length > 0 && (
        <OperationsCard entityRef={entityRef} onOpen={onOpen} />
      )}
    </>
  );
}
