import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import { EvidenceDetail } from '@vvp/backstage-plugin-deploy-common';
import { useState } from 'react';
import {
  Reports,
  useRecentReports,
  useReportDetails,
} from '../../hooks/useEvidence';
import { useEvidenceFilter } from '../../hooks/useEvidenceFilter';
import { usePolling, useServiceSignal } from '../../hooks/useRefresh';
import { LiveContent, Loading, NotAllowed, TabFrame } from '../common';
import { OwnerLine } from '../DeploymentsTab/OwnerLine';
import { CoverageSection } from './CoverageSection';
import { EvidenceFilters } from './EvidenceFilters';
import { NoEvidence } from './NoEvidence';
import { PerformanceSection } from './PerformanceSection';
import { PinnedFailure } from './PinnedFailure';
import { SecuritySection } from './SecuritySection';
import { TestsSection } from './TestsSection';

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
  return (
    <TabFrame label="Evidence">
      <EvidenceContent />
    </TabFrame>
  );
}

function EvidenceContent() {
  const { entity } = useEntity();
  const entityRef = stringifyEntityRef(entity);
  const [filter, changeFilter] = useEvidenceFilter();
  const [signals, setSignals] = useState(0);
  const recent = useRecentReports(entityRef, filter.period);
  const pinned = useReportDetails(filter.report ? [filter.report] : []);
  const { reload } = recent;
  useServiceSignal(entityRef, () => {
    setSignals(count => count + 1);
    reload();
  });
  usePolling(reload);

  const unpin = () => changeFilter({ report: undefined });
  return (
    <LiveContent
      live={recent}
      what="The evidence"
      notAllowed={
        <NotAllowed what="the evidence of this service">
          <OwnerLine entity={entity} />
        </NotAllowed>
      }
      unknown={<NoEvidence entity={entity} period={filter.period} unknown />}
      loading={<Loading what="the evidence" />}
    >
      {value =>
        value.reports.length === 0 && !filter.report ? (
          <NoEvidence
            entity={entity}
            period={filter.period}
            onLookBack={
              filter.period === 90
                ? undefined
                : () => changeFilter({ period: 90 })
            }
          />
        ) : (
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
        )
      }
    </LiveContent>
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
