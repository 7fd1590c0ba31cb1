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
import {
  EvidenceOverview,
  useEvidenceOverview,
} from '../../hooks/useEvidenceOverview';
import { useMayRead } from '../../hooks/useMayRead';
import { usePolling, useServiceSignal } from '../../hooks/useRefresh';
import { failureKind } from '../../logic/failure';
import { LoadFailure, mutedColor, NotAllowed } from '../common';
import { CoverageLine } from './CoverageLine';
import { GatesLines } from './GatesLines';
import { SecurityLine } from './SecurityLine';
import { TestsLines } from './TestsLines';

const useStyles = makeStyles(theme => ({
  list: {
    display: 'grid',
    gridTemplateColumns: 'minmax(72px, auto) 1fr',
    gap: theme.spacing(1.25, 2),
    margin: 0,
    fontSize: '0.875rem',
    lineHeight: 1.4,
    color: theme.palette.text.primary,
    '& dt': { color: mutedColor(theme) },
    '& dd': { margin: 0, minWidth: 0, overflowWrap: 'anywhere' },
  },
  nothing: { color: mutedColor(theme) },
}));

/**
 * Coverage, tests, findings and gates in a few lines, for the overview of a service.
 *
 * @public
 */
export function EvidenceCard() {
  const { entity } = useEntity();
  const entityRef = stringifyEntityRef(entity);
  const entityUrl = useEntityRefLink()(entityRef);
  return (
    <EntityInfoCard
      title="Evidence"
      footerActions={<Link to={`${entityUrl}/evidence`}>All evidence</Link>}
    >
      <CardContent entityRef={entityRef} entityUrl={entityUrl} />
    </EntityInfoCard>
  );
}

function CardContent(props: { entityRef: string; entityUrl: string }) {
  const { entityRef, entityUrl } = props;
  const classes = useStyles();
  const { value, error, busy, reload, loadedAt } =
    useEvidenceOverview(entityRef);
  useServiceSignal(entityRef, reload);
  usePolling(reload);
  const mayRead = useMayRead(entityRef);

  const kind = error && failureKind(error);
  if (kind === 'not-allowed') {
    return <NotAllowed what="the evidence of this service" />;
  }
  if (kind === 'not-found' && mayRead === false) {
    return (
      <NotAllowed what="the reports of this service" orNone>
        <Typography variant="body2">
          If it is not set up yet, the Evidence tab says how to send one.
        </Typography>
      </NotAllowed>
    );
  }
  if (!value && (!error || (kind === 'not-found' && mayRead === undefined))) {
    return (
      <div role="status" aria-label="Loading the evidence">
        <Skeleton variant="text" />
        <Skeleton variant="text" width="80%" />
      </div>
    );
  }
  if (kind === 'not-found' || (value && isEmpty(value))) {
    return (
      <Typography className={classes.nothing}>
        No report has come in yet. The Evidence tab says how to send one.
      </Typography>
    );
  }
  return (
    <>
      {error && (
        <LoadFailure
          what="The evidence"
          error={error}
          onRetry={reload}
          busy={busy}
          shownSince={loadedAt}
        />
      )}
      {value && (
        <dl className={classes.list}>
          <GatesLines environments={value.environments} entityUrl={entityUrl} />
          <CoverageLine reports={value.coverage} />
          <TestsLines reports={value.tests} />
          <SecurityLine reports={value.scans} />
        </dl>
      )}
    </>
  );
}

function isEmpty(overview: EvidenceOverview): boolean {
  const { coverage, tests, scans, environments } = overview;
  return (
    coverage.length + tests.length + scans.length === 0 &&
    environments.every(({ gates }) => !gates || gates.state === 'none')
  );
}
