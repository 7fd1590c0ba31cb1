import { makeStyles } from '@material-ui/core/styles';
import {
  ComparedMeasurement,
  Evidence,
  EvidenceDetail,
} from '@vvp/backstage-plugin-deploy-common';
import { useState } from 'react';
import { SectionEvidence, useReportDetails } from '../../hooks/useEvidence';
import { latestReports, sourceKey, sourceText } from '../../logic/evidence';
import {
  metricTitle,
  performanceCharts,
  PerformanceRun,
  runsOf,
} from '../../logic/performance';
import { chartLimits, chartSeries } from '../../logic/trends';
import { TrendChart } from '../charts';
import { ChoiceField, LoadFailure, ReportLine } from '../common';
import { ChartRow } from './ChartRow';
import { EvidenceSection, SectionProps } from './EvidenceSection';
import { MeasurementsTable } from './MeasurementsTable';

const useStyles = makeStyles(theme => ({
  choice: { display: 'flex', paddingTop: theme.spacing(1) },
}));

/**
 * How fast and how well the service answers, beside what is usual.
 *
 * @internal
 */
export function PerformanceSection(props: SectionProps) {
  return (
    <EvidenceSection {...props} type="performance">
      {evidence => (
        <PerformanceContent
          evidence={evidence}
          pinned={props.pinned}
          environment={props.filter.environment}
        />
      )}
    </EvidenceSection>
  );
}

function PerformanceContent(props: {
  evidence: SectionEvidence;
  pinned?: EvidenceDetail;
  environment?: string;
}) {
  const { evidence, pinned, environment } = props;
  const { trends } = evidence;
  const classes = useStyles();
  const [chosen, setChosen] = useState<string>();
  const runs = runsOf(pinned ? [pinned] : latestReports(evidence.reports));
  const run = runs.find(({ key }) => key === chosen) ?? runs[0];
  if (!run) {
    return null;
  }
  const { report, scenario } = run;
  const charts = performanceCharts(
    trends.series.filter(
      series =>
        sourceKey(series) === sourceKey(report) &&
        (series.scenario ?? 'default') === scenario,
    ),
  );
  const limitsOf = (metric: string, unit: string) =>
    chartLimits(trends.thresholds, {
      metric,
      unit,
      environment,
      suite: report.suite ?? '',
      scenario,
    });
  return (
    <>
      {runs.length > 1 && (
        <div className={classes.choice}>
          <ChoiceField
            id="deploy-evidence-scenario"
            label="Scenario"
            value={run.key}
            onChange={setChosen}
            options={runs.map(each => ({
              value: each.key,
              text: scenarioText(each),
            }))}
          />
        </div>
      )}
      <Measurements report={report} scenario={scenario} limitsOf={limitsOf} />
      <ChartRow>
        {charts.map(({ title, unit, metrics }) => (
          <TrendChart
            key={title}
            title={`${title} over time`}
            unit={unit}
            series={metrics.flatMap(metric =>
              chartSeries(trends.series, {
                metric: name => name === metric,
                source: sourceKey(report),
                scenario,
                label: () => metricTitle(metric),
              }),
            )}
            limits={metrics.flatMap(metric => limitsOf(metric, unit))}
            from={trends.from}
            to={trends.to}
          />
        ))}
      </ChartRow>
    </>
  );
}

function Measurements(props: {
  report: Evidence;
  scenario: string;
  limitsOf: Parameters<typeof MeasurementsTable>[0]['limitsOf'];
}) {
  const { report, scenario, limitsOf } = props;
  const details = useReportDetails([report.id]);
  const { value, error, busy, reload } = details;
  const measured: ComparedMeasurement[] =
    value?.[0]?.measurements ??
    (report.summary.type === 'performance' ? report.summary.measurements : []);
  return (
    <div>
      {error && (
        <LoadFailure
          what="What is usual"
          error={error}
          onRetry={reload}
          busy={busy}
        />
      )}
      <MeasurementsTable
        measurements={measured.filter(each => each.scenario === scenario)}
        loadingBaseline={!value && !error}
        limitsOf={limitsOf}
      />
      <ReportLine report={report} />
    </div>
  );
}

function scenarioText(run: PerformanceRun): string {
  const { suite, mode, environment } = run.report;
  return sourceText({
    suite: run.scenario,
    mode: [suite, mode].filter(Boolean).join(', '),
    environment,
  });
}
