import { makeStyles } from '@material-ui/core/styles';
import {
  CoverageSummary,
  Evidence,
  EvidenceDetail,
} from '@vvp/backstage-plugin-deploy-common';
import { useState } from 'react';
import { SectionEvidence, useReportDetails } from '../../hooks/useEvidence';
import {
  latestReports,
  previousReport,
  share,
  sourceKey,
  sourceText,
} from '../../logic/evidence';
import { numberText, percentText } from '../../logic/numbers';
import { chartLimits, chartSeries } from '../../logic/trends';
import { TrendChart } from '../charts';
import { Change, ChoiceField, ReportLine, Tile, Tiles } from '../common';
import { CoverageTables } from './CoverageTables';
import { EvidenceSection, SectionProps } from './EvidenceSection';
import { ReportDetails } from './ReportDetails';

const metrics = ['lines', 'branches', 'functions'] as const;
const metricTexts = {
  lines: 'Lines',
  branches: 'Branches',
  functions: 'Functions',
};

const useStyles = makeStyles(theme => ({
  choice: { display: 'flex', paddingTop: theme.spacing(1) },
}));

/**
 * How much of the code is run by tests.
 *
 * @internal
 */
export function CoverageSection(props: SectionProps) {
  return (
    <EvidenceSection {...props} type="coverage">
      {evidence => (
        <CoverageContent
          evidence={evidence}
          pinned={props.pinned}
          environment={props.filter.environment}
        />
      )}
    </EvidenceSection>
  );
}

function CoverageContent(props: {
  evidence: SectionEvidence;
  pinned?: EvidenceDetail;
  environment?: string;
}) {
  const { evidence, pinned, environment } = props;
  const { reports, trends } = evidence;
  const classes = useStyles();
  const [chosen, setChosen] = useState<string>();
  const latest = latestReports(reports);
  const report =
    pinned ??
    latest.find(each => sourceKey(each) === chosen) ??
    largest(latest);
  if (!report) {
    return null;
  }
  const source = sourceKey(report);
  const series = metrics.flatMap(metric =>
    chartSeries(trends.series, {
      metric: name => name === metric,
      environment,
      label: () => metricTexts[metric],
      source,
    }),
  );
  const limits = metrics.flatMap(metric =>
    chartLimits(trends.thresholds, {
      metric,
      unit: 'percent',
      environment,
      suite: report.suite ?? '',
    }),
  );
  return (
    <>
      {latest.length > 1 && !pinned && (
        <div className={classes.choice}>
          <ChoiceField
            id="deploy-evidence-coverage"
            label="Coverage of"
            value={source}
            onChange={setChosen}
            options={latest.map(each => ({
              value: sourceKey(each),
              text: sourceText(each),
            }))}
          />
        </div>
      )}
      <CoverageNumbers
        report={report}
        previous={previousReport(reports, report)}
      />
      {series.length > 0 && (
        <TrendChart
          title={
            latest.length > 1
              ? `Coverage of ${sourceText(report)} over time`
              : 'Coverage over time'
          }
          unit="percent"
          series={series}
          limits={limits}
          from={trends.from}
          to={trends.to}
        />
      )}
      <CoverageFiles report={report} />
    </>
  );
}

function CoverageNumbers(props: { report: Evidence; previous?: Evidence }) {
  const { report, previous } = props;
  const summary = coverageOf(report);
  const before = previous && coverageOf(previous);
  if (!summary) {
    return null;
  }
  return (
    <div>
      <Tiles>
        {metrics.map(metric => {
          const count = summary[metric];
          const now = share(count);
          const then = share(before?.[metric]);
          return (
            count && (
              <Tile
                key={metric}
                term={metricTexts[metric]}
                value={percentText(now)}
                note={
                  <>
                    {numberText(count.covered)} of {numberText(count.total)}
                    {now !== undefined && then !== undefined && (
                      <>
                        {', '}
                        <Change from={then} to={now} unit="percent" />
                      </>
                    )}
                  </>
                }
              />
            )
          );
        })}
        <Tile term="Files" value={numberText(summary.files)} />
      </Tiles>
      <ReportLine report={report} />
    </div>
  );
}

function CoverageFiles(props: { report: Evidence }) {
  const details = useReportDetails([props.report.id]);
  return (
    <ReportDetails details={details} what="The files">
      {([detail]) => detail && <CoverageTables detail={detail} />}
    </ReportDetails>
  );
}

function coverageOf(report: Evidence): CoverageSummary | undefined {
  return report.summary.type === 'coverage' ? report.summary : undefined;
}

function largest(reports: Evidence[]): Evidence | undefined {
  const lines = (report: Evidence) => coverageOf(report)?.lines.total ?? 0;
  return reports.reduce<Evidence | undefined>(
    (most, each) => (!most || lines(each) > lines(most) ? each : most),
    undefined,
  );
}
