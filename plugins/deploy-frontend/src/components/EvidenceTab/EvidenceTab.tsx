import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import Skeleton from '@material-ui/lab/Skeleton';
import { EvidenceDetail } from '@vvp/backstage-plugin-deploy-common';
import { useState } from 'react';
import {
  Reports,
  useRecentReports,
  useReportDetails,
} from '../../hooks/useEvidence';
import { useEvidenceFilter } from '../../hooks/useEvidenceFilter';
import { usePolling, useServiceSignal } from '../../hooks/useRefresh';
import { failureKind } from '../../logic/failure';
import { LoadFailure, NotAllowed, VisuallyHidden } from '../common';
import { OwnerLine } from '../DeploymentsTab/OwnerLine';
import { CoverageSection } from './CoverageSection';
import { EvidenceFilters } from './EvidenceFilters';
import { NoEvidence } from './NoEvidence';
import { PerformanceSection } from './PerformanceSection';
import { PinnedFailure } from './PinnedFailure';
import { SecuritySection } from './SecuritySection';
import { TestsSection } from './TestsSection';

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

const sections = {
  coverage: CoverageSection,
  test: TestsSection,
  security: SecuritySection,
  performance: PerformanceSection,
};

/**
 * What was measured of the service in whose page it stands: coverage, tests, security, performance.
 *
 * @public
 */
export function EvidenceTab() {
  const classes = useStyles();
  return (
    <section className={classes.root} aria-label="Evidence">
      <VisuallyHidden>
        <h2>Evidence</h2>
      </VisuallyHidden>
      <EvidenceContent />
    </section>
  );
}

function EvidenceContent() {
  const { entity } = useEntity();
  const entityRef = stringifyEntityRef(entity);
  const [filter, changeFilter] = useEvidenceFilter();
  const [signals, setSignals] = useState(0);
  const recent = useRecentReports(entityRef, filter.period);
  const pinned = useReportDetails(filter.report ? [filter.report] : []);
  const { value, error, busy, reload, loadedAt } = recent;
  useServiceSignal(entityRef, () => {
    setSignals(count => count + 1);
    reload();
  });
  usePolling(reload);

  const kind = error && failureKind(error);
  if (kind === 'not-allowed') {
    return (
      <NotAllowed what="the evidence of this service">
        <OwnerLine entity={entity} />
      </NotAllowed>
    );
  }
  if (kind === 'not-found') {
    return <NoEvidence entity={entity} period={filter.period} unknown />;
  }
  const unpin = () => changeFilter({ report: undefined });
  const nothing = value?.reports.length === 0 && !filter.report;
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
      {!value && !error && (
        <div role="status" aria-label="Loading the evidence">
          <Skeleton variant="text" width="30%" height={40} />
          <Skeleton variant="rect" height={240} />
        </div>
      )}
      {value && nothing && (
        <NoEvidence
          entity={entity}
          period={filter.period}
          onLookBack={
            filter.period === 90
              ? undefined
              : () => changeFilter({ period: 90 })
          }
        />
      )}
      {value && !nothing && (
        <>
          <EvidenceFilters
            reports={value.reports}
            filter={filter}
            onChange={changeFilter}
          />
          {filter.report && <PinnedFailure pinned={pinned} onUnpin={unpin} />}
          {Object.entries(sections).map(([type, Section]) => (
            <Section
              key={type}
              entityRef={entityRef}
              filter={filter}
              version={versionOf(value, signals)}
              pinned={ofType(pinned.value, type)}
              onUnpin={unpin}
            />
          ))}
        </>
      )}
    </>
  );
}

function ofType(details: EvidenceDetail[] | undefined, type: string) {
  return details?.find(detail => detail.type === type);
}

/** Differs when another report has come in or a signal said that something has changed. */
function versionOf({ reports }: Reports, signals: number): string {
  const received = reports.map(({ receivedAt }) => receivedAt);
  return [signals, reports.length, received.sort().at(-1)].join(' ');
}
