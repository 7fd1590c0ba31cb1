import { stringifyEntityRef } from '@backstage/catalog-model';
import { Link } from '@backstage/core-components';
import {
  EntityInfoCard,
  useEntity,
  useEntityRefLink,
} from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import Skeleton from '@material-ui/lab/Skeleton';
import { EnvironmentOverview } from '@vvp/backstage-plugin-deploy-common';
import { useMayRead } from '../../hooks/useMayRead';
import { usePolling, useServiceSignal } from '../../hooks/useRefresh';
import { useServiceOverview } from '../../hooks/useServiceOverview';
import { failureKind } from '../../logic/failure';
import {
  EnvironmentLine,
  LoadFailure,
  mutedColor,
  NotAllowed,
} from '../common';

const useStyles = makeStyles(theme => ({
  list: {
    listStyle: 'none',
    margin: 0,
    padding: 0,
    display: 'grid',
    gap: theme.spacing(1.25),
  },
  nothing: { color: mutedColor(theme) },
}));

/**
 * What runs where in one line an environment, for the overview of a service.
 *
 * @public
 */
export function DeploymentsCard() {
  const { entity } = useEntity();
  const entityRef = stringifyEntityRef(entity);
  const entityLink = useEntityRefLink();
  return (
    <EntityInfoCard
      title="What runs where"
      footerActions={
        <Link to={`${entityLink(entityRef)}/deployments`}>All deployments</Link>
      }
    >
      <CardContent entityRef={entityRef} />
    </EntityInfoCard>
  );
}

function CardContent(props: { entityRef: string }) {
  const classes = useStyles();
  const { value, error, busy, reload, loadedAt } = useServiceOverview(
    props.entityRef,
  );
  useServiceSignal(props.entityRef, reload);
  usePolling(reload);
  const mayRead = useMayRead(props.entityRef);

  const kind = error && failureKind(error);
  if (kind === 'not-allowed') {
    return <NotAllowed what="the deployments of this service" />;
  }
  if (kind === 'not-found' && mayRead === false) {
    return (
      <NotAllowed what="the deployments of this service" orNone>
        <Typography variant="body2">
          If it is not set up yet, the Deployments tab says what to add.
        </Typography>
      </NotAllowed>
    );
  }
  if (error && kind !== 'not-found' && !value) {
    return (
      <LoadFailure
        what="What runs where"
        error={error}
        onRetry={reload}
        busy={busy}
      />
    );
  }
  if (!value && (!error || (kind === 'not-found' && mayRead === undefined))) {
    return (
      <div role="status" aria-label="Loading what runs where">
        <Skeleton variant="text" />
        <Skeleton variant="text" width="80%" />
      </div>
    );
  }
  if (!value || value.environments.length === 0) {
    return (
      <Typography className={classes.nothing}>
        No deployments known yet. The Deployments tab says what to add.
      </Typography>
    );
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
      <ul className={classes.list}>
        {inOrder(value.environments).map(environment => (
          <li key={environment.name}>
            <EnvironmentLine environment={environment} showName />
          </li>
        ))}
      </ul>
    </>
  );
}

function inOrder(environments: EnvironmentOverview[]): EnvironmentOverview[] {
  return [...environments].sort((left, right) => left.order - right.order);
}
