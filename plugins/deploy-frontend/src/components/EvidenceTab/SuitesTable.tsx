import { makeStyles } from '@material-ui/core/styles';
import { Evidence, TestSummary } from '@vvp/backstage-plugin-deploy-common';
import { sourceText } from '../../logic/evidence';
import { shortCommit } from '../../logic/links';
import { numberText, percentText, quantityText } from '../../logic/numbers';
import { testVerdict } from '../../logic/tests';
import { DataTable, Moment, mutedColor } from '../common';
import { GateStateIcon } from '../gates';

const useStyles = makeStyles(theme => ({
  verdict: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.75),
    fontWeight: 600,
    whiteSpace: 'nowrap',
  },
  rate: { color: mutedColor(theme), whiteSpace: 'nowrap' },
  // Wide screens have a column for it.
  narrow: {
    color: mutedColor(theme),
    fontSize: '0.8125rem',
    [theme.breakpoints.up('md')]: { display: 'none' },
  },
}));

/**
 * The latest result of every suite, those that failed first.
 *
 * @internal
 */
export function SuitesTable(props: { reports: Evidence[] }) {
  const classes = useStyles();
  const rows = props.reports
    .flatMap(report =>
      report.summary.type === 'test'
        ? [{ report, summary: report.summary }]
        : [],
    )
    .sort(
      (left, right) =>
        order(testVerdict(left.summary).state) -
        order(testVerdict(right.summary).state),
    );
  if (rows.length === 0) {
    return null;
  }
  return (
    <DataTable
      label="Latest result of every suite"
      noun="suite"
      rows={rows}
      keyOf={({ report }) => report.id}
      columns={[
        {
          title: 'Result',
          cell: ({ summary }) => <Verdict summary={summary} />,
        },
        {
          title: 'Suite',
          cell: ({ report }) => (
            <>
              {sourceText(report, 'all tests')}
              <div className={classes.narrow}>
                <Measured report={report} />
              </div>
            </>
          ),
        },
        {
          title: 'Passed',
          cell: ({ summary }) => <Passed summary={summary} />,
        },
        {
          title: 'Failed',
          wide: true,
          cell: ({ summary }) => numberText(summary.failed),
        },
        {
          title: 'Skipped',
          wide: true,
          cell: ({ summary }) => numberText(summary.skipped),
        },
        {
          title: 'Flaky',
          wide: true,
          cell: ({ summary }) => numberText(summary.flaky),
        },
        {
          title: 'Took',
          noWrap: true,
          wide: true,
          cell: ({ summary }) =>
            summary.durationSeconds === undefined
              ? '—'
              : quantityText(summary.durationSeconds, 's'),
        },
        {
          title: 'When',
          wide: true,
          cell: ({ report }) => <Measured report={report} />,
        },
      ]}
    />
  );
}

function Measured(props: { report: Evidence }) {
  const { measuredAt, commit } = props.report;
  return (
    <>
      <Moment at={measuredAt} /> on {shortCommit(commit)}
    </>
  );
}

function Verdict(props: { summary: TestSummary }) {
  const classes = useStyles();
  const { state, text } = testVerdict(props.summary);
  return (
    <span className={classes.verdict}>
      <GateStateIcon state={state} />
      {text}
    </span>
  );
}

function Passed(props: { summary: TestSummary }) {
  const { passed, failed, total } = props.summary;
  const classes = useStyles();
  const ran = passed + failed;
  return (
    <>
      {numberText(passed)} of {numberText(total)}{' '}
      {ran > 0 && (
        <span className={classes.rate}>
          ({percentText((100 * passed) / ran)})
        </span>
      )}
    </>
  );
}

function order(state: string): number {
  return ['fail', 'pending', 'none', 'pass'].indexOf(state);
}
