import { Evidence } from '@vvp/backstage-plugin-deploy-common';
import {
  latestReports,
  previousReport,
  share,
  sourceText,
} from '../../logic/evidence';
import { percentText } from '../../logic/numbers';
import { Change } from '../common';

const shownAtMost = 3;

/**
 * Coverage of the lines, and how it has changed since the report before.
 *
 * @internal
 */
export function CoverageLine(props: { reports: Evidence[] }) {
  const latest = latestReports(props.reports);
  if (latest.length === 0) {
    return null;
  }
  return (
    <>
      <dt>Coverage</dt>
      <dd>
        {latest.slice(0, shownAtMost).map(report => {
          const now = linesOf(report);
          const then = linesOf(previousReport(props.reports, report));
          return (
            <div key={report.id}>
              <b>{percentText(now)}</b> of lines
              {latest.length > 1 && `, ${sourceText(report)}`}
              {now !== undefined && then !== undefined && (
                <>
                  {', '}
                  <Change from={then} to={now} unit="percent" />
                </>
              )}
            </div>
          );
        })}
        {latest.length > shownAtMost && (
          <div>and {latest.length - shownAtMost} more</div>
        )}
      </dd>
    </>
  );
}

function linesOf(report: Evidence | undefined): number | undefined {
  return report?.summary.type === 'coverage'
    ? share(report.summary.lines)
    : undefined;
}
