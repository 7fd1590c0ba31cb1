import { useTheme } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import ReportProblemIcon from '@material-ui/icons/ReportProblem';
import {
  Evidence,
  EvidenceDetail,
  SecuritySummary,
  severities,
  Severity,
} from '@vvp/backstage-plugin-deploy-common';
import { SectionEvidence, useReportDetails } from '../../hooks/useEvidence';
import { latestReports } from '../../logic/evidence';
import { numberText } from '../../logic/numbers';
import { openFindings, scanText, severityTexts } from '../../logic/security';
import { severitySeries } from '../../logic/trends';
import { severityColor, StackedChart } from '../charts';
import { Notice, ReportLine, Tile, Tiles } from '../common';
import { EvidenceSection, SectionProps } from './EvidenceSection';
import { FindingsTable } from './FindingsTable';
import { ReportDetails } from './ReportDetails';

/** How many scans are read for their findings. */
const detailsAtMost = 10;

/**
 * Open findings of all scans, and whether the scans came to their end.
 *
 * @internal
 */
export function SecuritySection(props: SectionProps) {
  return (
    <EvidenceSection {...props} type="security">
      {evidence => (
        <SecurityContent
          evidence={evidence}
          pinned={props.pinned}
          environment={props.filter.environment}
        />
      )}
    </EvidenceSection>
  );
}

function SecurityContent(props: {
  evidence: SectionEvidence;
  pinned?: EvidenceDetail;
  environment?: string;
}) {
  const { evidence, pinned, environment } = props;
  const { trends } = evidence;
  const theme = useTheme();
  const scans = pinned ? [pinned] : latestReports(evidence.reports);
  const series = severitySeries(trends.series, environment).map(each => ({
    ...each,
    label: severityTexts[each.key as Severity],
  }));
  return (
    <>
      {scans
        .filter(scan => securityOf(scan)?.completed === false)
        .map(scan => (
          <IncompleteScan key={scan.id} scan={scan} />
        ))}
      {scans.length > 0 && <OpenFindings scans={scans} />}
      {series.length > 0 && (
        <StackedChart
          title="Open findings over time"
          series={series}
          colorOf={key => severityColor(theme, key as Severity)}
          from={trends.from}
          to={trends.to}
        />
      )}
      {scans.length > 0 && <Findings scans={scans} />}
    </>
  );
}

function IncompleteScan(props: { scan: Evidence }) {
  return (
    <Notice
      tone="error"
      role="alert"
      icon={<ReportProblemIcon aria-hidden />}
      title={`The scan ${scanText(props.scan)} did not complete`}
    >
      <Typography variant="body2">
        What it found is shown, but it may have missed more: finding nothing
        proves nothing here. Look at the job that ran it and run it again.
      </Typography>
      <ReportLine report={props.scan} />
    </Notice>
  );
}

function OpenFindings(props: { scans: Evidence[] }) {
  const { scans } = props;
  const open = openFindings(scans);
  const suppressed = scans.reduce(
    (sum, scan) => sum + (securityOf(scan)?.suppressed ?? 0),
    0,
  );
  return (
    <div>
      <Tiles>
        {severities.map(severity => (
          <Tile
            key={severity}
            term={severityTexts[severity]}
            value={numberText(open[severity])}
          />
        ))}
        {suppressed > 0 && (
          <Tile term="Suppressed" value={numberText(suppressed)} />
        )}
      </Tiles>
      {scans.map(scan => (
        <ReportLine key={scan.id} report={scan} />
      ))}
    </div>
  );
}

function Findings(props: { scans: Evidence[] }) {
  const found = props.scans.filter(scan => countOf(securityOf(scan)) > 0);
  const read = found.slice(0, detailsAtMost);
  const details = useReportDetails(read.map(({ id }) => id));
  if (found.length === 0) {
    return null;
  }
  return (
    <ReportDetails details={details} what="The findings">
      {list => (
        <FindingsTable
          details={list}
          left={found.slice(detailsAtMost).map(scanText)}
        />
      )}
    </ReportDetails>
  );
}

function securityOf(report: Evidence): SecuritySummary | undefined {
  return report.summary.type === 'security' ? report.summary : undefined;
}

function countOf(summary: SecuritySummary | undefined): number {
  return summary
    ? severities.reduce((sum, each) => sum + summary.bySeverity[each], 0) +
        summary.suppressed
    : 0;
}
