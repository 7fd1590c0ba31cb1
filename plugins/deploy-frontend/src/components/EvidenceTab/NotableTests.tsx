import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import {
  EvidenceDetail,
  NotableTest,
  TestSummary,
} from '@vvp/backstage-plugin-deploy-common';
import { sourceText } from '../../logic/evidence';
import { numberText } from '../../logic/numbers';
import { mutedColor } from '../common';
import { SubHeading } from './SubHeading';
import { TestItem } from './TestItem';
import { TestList } from './TestList';

const useStyles = makeStyles(theme => ({
  left: { color: mutedColor(theme), overflowWrap: 'anywhere' },
}));

const kinds: {
  title: string;
  count(summary: TestSummary): number;
  holds(test: NotableTest): boolean;
}[] = [
  {
    title: 'Failing tests',
    count: ({ failed }) => failed,
    holds: ({ outcome }) => outcome === 'failed',
  },
  {
    title: 'Flaky tests',
    count: ({ flaky }) => flaky,
    holds: ({ outcome, flaky }) => outcome === 'passed' && flaky,
  },
  {
    title: 'Skipped tests',
    count: ({ skipped }) => skipped,
    holds: ({ outcome }) => outcome === 'skipped',
  },
];

/**
 * Tests that failed, passed on a retry only, or were skipped, over all suites.
 *
 * @internal
 */
export function NotableTests(props: {
  details: EvidenceDetail[];
  /** Names of the suites whose tests were not read. */
  left: string[];
}) {
  const { details, left } = props;
  const classes = useStyles();
  return (
    <>
      {kinds.map(({ title, count, holds }) => {
        const tests = details.flatMap(detail =>
          (detail.tests ?? [])
            .filter(holds)
            .map((test, index) => ({ test, detail, index })),
        );
        const all = details
          .flatMap(({ summary }) => (summary.type === 'test' ? [summary] : []))
          .reduce((sum, summary) => sum + count(summary), 0);
        return (
          all > 0 && (
            <div key={title}>
              <SubHeading
                note={
                  tests.length < all
                    ? `${numberText(tests.length)} of ${numberText(
                        all,
                      )} are listed`
                    : numberText(all)
                }
              >
                {title}
              </SubHeading>
              {tests.length > 0 ? (
                <TestList label={title}>
                  {tests.map(({ test, detail, index }) => (
                    <TestItem
                      key={`${detail.id}-${index}`}
                      test={test}
                      source={sourceText(detail, '')}
                    />
                  ))}
                </TestList>
              ) : (
                <Typography className={classes.left} variant="body2">
                  The report counts them; their names are not kept, or no
                  longer.
                </Typography>
              )}
            </div>
          )
        );
      })}
      {left.length > 0 && (
        <Typography className={classes.left} variant="body2">
          Not listed are the tests of {left.join(', ')}. Choose the suite to see
          them.
        </Typography>
      )}
    </>
  );
}
