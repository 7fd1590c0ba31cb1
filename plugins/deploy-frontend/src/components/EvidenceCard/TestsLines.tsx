import { makeStyles } from '@material-ui/core/styles';
import { Evidence, TestSummary } from '@vvp/backstage-plugin-deploy-common';
import { latestReports, sourceText } from '../../logic/evidence';
import { countText, numberText } from '../../logic/numbers';
import { testVerdict } from '../../logic/tests';
import { GateStateIcon } from '../gates';

const shownAtMost = 5;

const useStyles = makeStyles(theme => ({
  line: { display: 'flex', gap: theme.spacing(0.75), minWidth: 0 },
  sign: { paddingTop: '0.1em' },
}));

/**
 * The last result of every suite, those that failed first.
 *
 * @internal
 */
export function TestsLines(props: { reports: Evidence[] }) {
  const classes = useStyles();
  const results = latestReports(props.reports)
    .flatMap(report =>
      report.summary.type === 'test'
        ? [{ report, summary: report.summary }]
        : [],
    )
    .sort((left, right) => failed(right.summary) - failed(left.summary));
  if (results.length === 0) {
    return null;
  }
  return (
    <>
      <dt>Tests</dt>
      <dd>
        {results.slice(0, shownAtMost).map(({ report, summary }) => (
          <div className={classes.line} key={report.id}>
            <span className={classes.sign}>
              <GateStateIcon state={testVerdict(summary).state} />
            </span>
            <span>
              {sourceText(report, 'all tests')}: {resultText(summary)}
            </span>
          </div>
        ))}
        {results.length > shownAtMost && (
          <div>and {countText(results.length - shownAtMost, 'suite')} more</div>
        )}
      </dd>
    </>
  );
}

function resultText(summary: TestSummary): string {
  const { failed: broken, passed, total } = summary;
  return broken > 0
    ? `${numberText(broken)} of ${numberText(total)} failed`
    : `${numberText(passed)} of ${numberText(total)} passed`;
}

function failed(summary: TestSummary): number {
  return Math.sign(summary.failed);
}
