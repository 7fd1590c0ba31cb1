import { makeStyles } from '@material-ui/core/styles';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import { shortCommit } from '../../logic/links';
import { quantityText } from '../../logic/numbers';
import { chartRows, ChartSeries } from '../../logic/trends';
import { ExactMoment, mutedColor } from '../common';

const rowsAtMost = 100;

const useStyles = makeStyles(theme => ({
  root: { maxHeight: 240, overflow: 'auto' },
  table: {
    '& th, & td': { padding: theme.spacing(0.5, 1.5, 0.5, 0) },
    '& td': { whiteSpace: 'nowrap' },
  },
  note: { color: mutedColor(theme), fontSize: '0.8125rem' },
}));

/**
 * The numbers of a chart, newest first.
 *
 * @internal
 */
export function ChartTable(props: {
  title: string;
  unit: string;
  series: ChartSeries[];
}) {
  const { title, unit, series } = props;
  const classes = useStyles();
  const rows = chartRows(series).reverse();
  return (
    <>
      {/* What scrolls must take the keyboard's focus. */}
      {/* eslint-disable jsx-a11y/no-noninteractive-tabindex */}
      <div
        className={classes.root}
        role="region"
        aria-label={`${title}, table`}
        tabIndex={0}
      >
        {/* eslint-enable jsx-a11y/no-noninteractive-tabindex */}
        <Table className={classes.table} size="small" aria-label={title}>
          <TableHead>
            <TableRow>
              <TableCell>Measured</TableCell>
              <TableCell>Commit</TableCell>
              {series.map(each => (
                <TableCell key={each.key}>{each.label}</TableCell>
              ))}
            </TableRow>
          </TableHead>
          <TableBody>
            {rows.slice(0, rowsAtMost).map(row => (
              <TableRow key={row.time}>
                <TableCell>
                  <ExactMoment at={new Date(row.time).toISOString()} />
                </TableCell>
                <TableCell>{row.commit && shortCommit(row.commit)}</TableCell>
                {series.map(({ key }) => (
                  <TableCell key={key}>
                    {key in row.values
                      ? quantityText(row.values[key], unit)
                      : ''}
                  </TableCell>
                ))}
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </div>
      {rows.length > rowsAtMost && (
        <div className={classes.note}>
          The last {rowsAtMost} of {rows.length} measurements. Choose a shorter
          period to see it whole.
        </div>
      )}
    </>
  );
}
