import {
  Evidence,
  EvidenceDetail,
  TestSummary,
} from '@vvp/backstage-plugin-deploy-common';
import { SectionEvidence, useReportDetails } from '../../hooks/useEvidence';
import { latestReports, sourceText } from '../../logic/evidence';
import { chartLimits, ChartSeries, chartSeries } from '../../logic/trends';
import { distinctLines, TrendChart } from '../charts';
import { ReportLine } from '../common';
import { ChartRow } from './ChartRow';
import { EvidenceSection, SectionProps } from './EvidenceSection';
import { NotableTests } from './NotableTests';
import { ReportDetails } from './ReportDetails';
import { SuitesTable } from './SuitesTable';

/** How many reports are read for their failed, flaky and skipped tests. */
const detailsAtMost = 10;

/**
 * How the tests go, and which of them do not.
 *
 * @internal
 */
export function TestsSection(props: SectionProps) {
  return (
    <EvidenceSection {...props} type="test">
      {evidence => (
        <TestsContent
          evidence={evidence}
          pinned={props.pinned}
          environment={props.filter.environment}
          suite={props.filter.suite}
        />
      )}
    </EvidenceSection>
  );
}

function TestsContent(props: {
  evidence: SectionEvidence;
  pinned?: EvidenceDetail;
  environment?: string;
  suite?: string;
}) {
  const { evidence, pinned, environment, suite } = props;
  const { reports, trends } = evidence;
  const shown = pinned ? [pinned] : latestReports(reports);
  const lines = (metric: string) =>
    chartSeries(trends.series, {
      metric: name => name === metric,
      environment,
      label: series => sourceText(series, 'all tests'),
    });
  const passRates = inPlace(lines('pass-rate'), 1);
  const durations = inPlace(lines('duration'), -1);
  const limitsOf = (metric: string, unit: string) =>
    chartLimits(trends.thresholds, { metric, unit, environment, suite });
  const { from, to } = trends;
  return (
    <>
      <SuitesTable reports={shown} />
      <TestLists reports={shown} />
      <ChartRow>
        {passRates.length > 0 && (
          <TrendChart
            title="Pass rate over time"
            unit="percent"
            series={passRates}
            limits={limitsOf('pass-rate', 'percent')}
            from={from}
            to={to}
          />
        )}
        {durations.length > 0 && (
          <TrendChart
            title="Duration over time"
            unit="s"
            series={durations}
            limits={limitsOf('duration', 's')}
            from={from}
            to={to}
          />
        )}
      </ChartRow>
    </>
  );
}

function TestLists(props: { reports: Evidence[] }) {
  const notable = props.reports
    .filter(report => notableTests(report) > 0)
    // Reports with failures are read first; those of the same kind stay in their order.
    .sort((left, right) => failures(right) - failures(left));
  const read = notable.slice(0, detailsAtMost);
  const details = useReportDetails(read.map(({ id }) => id));
  if (notable.length === 0) {
    return props.reports.length === 1 ? (
      <ReportLine report={props.reports[0]} />
    ) : null;
  }
  return (
    <ReportDetails details={details} what="The tests to look at">
      {found => (
        <NotableTests
          details={found}
          left={notable.slice(detailsAtMost).map(report => sourceText(report))}
        />
      )}
    </ReportDetails>
  );
}

function notableTests(report: Evidence): number {
  const { failed = 0, flaky = 0, skipped = 0 } = testsOf(report);
  return failed + flaky + skipped;
}

function failures(report: Evidence): number {
  return Math.sign(testsOf(report).failed ?? 0);
}

function testsOf(report: Evidence): Partial<TestSummary> {
  return report.summary.type === 'test' ? report.summary : {};
}

/** The lowest or highest are drawn where not all can be; what is drawn looks the same in both charts. */
function inPlace(series: ChartSeries[], direction: 1 | -1): ChartSeries[] {
  const sorted = [...series].sort(byLatest(direction));
  return [
    ...sorted
      .slice(0, distinctLines)
      .sort((left, right) => left.label.localeCompare(right.label)),
    ...sorted.slice(distinctLines),
  ];
}

function byLatest(direction: 1 | -1) {
  const latest = (series: ChartSeries) => series.points.at(-1)?.value ?? 0;
  return (left: ChartSeries, right: ChartSeries) =>
    direction * (latest(left) - latest(right));
}
