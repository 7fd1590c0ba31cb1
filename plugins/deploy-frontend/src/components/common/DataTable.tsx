import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import { ReactNode, useState } from 'react';
import { countText, numberText } from '../../logic/numbers';
import { mutedColor } from './tones';

const shownAtFirst = 10;

const useStyles = makeStyles(theme => ({
  table: {
    '& th, & td': {
      padding: theme.spacing(0.75, 1.5, 0.75, 0),
      fontVariantNumeric: 'tabular-nums',
    },
    '& th': {
      color: mutedColor(theme),
      fontWeight: 600,
      lineHeight: 1.4,
      textAlign: 'left',
      whiteSpace: 'nowrap',
    },
    '& td': { overflowWrap: 'anywhere' },
  },
  noWrap: { whiteSpace: 'nowrap' },
  wide: { [theme.breakpoints.down('sm')]: { display: 'none' } },
  more: { marginTop: theme.spacing(1), textTransform: 'none' },
}));

/**
 * A column of a {@link DataTable}.
 *
 * @internal
 */
export interface DataColumn<T> {
  title: string;
  /** Not shown on narrow screens. */
  wide?: boolean;
  noWrap?: boolean;
  cell(row: T): ReactNode;
}

/**
 * Rows that are all here already, the first of them shown.
 *
 * @internal
 */
export function DataTable<T>(props: {
  label: string;
  /** What a row is: "file". */
  noun: string;
  columns: DataColumn<T>[];
  rows: T[];
  keyOf(row: T, index: number): string;
}) {
  const { label, noun, columns, rows, keyOf } = props;
  const classes = useStyles();
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, shownAtFirst);
  const classOf = (column: DataColumn<T>) =>
    [column.wide && classes.wide, column.noWrap && classes.noWrap]
      .filter(Boolean)
      .join(' ') || undefined;
  return (
    <div>
      <Table className={classes.table} size="small" aria-label={label}>
        <TableHead>
          <TableRow>
            {columns.map(column => (
              <TableCell key={column.title} className={classOf(column)}>
                {column.title}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {shown.map((row, index) => (
            <TableRow key={keyOf(row, index)}>
              {columns.map(column => (
                <TableCell key={column.title} className={classOf(column)}>
                  {column.cell(row)}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {rows.length > shownAtFirst && (
        <Button
          className={classes.more}
          size="small"
          color="primary"
          aria-expanded={all}
          onClick={() => setAll(!all)}
          aria-label={
            all
              ? `Show fewer: ${label}`
              : `Show all ${countText(rows.length, noun)}: ${label}`
          }
        >
          {all ? 'Show fewer' : `Show all ${numberText(rows.length)}`}
        </Button>
      )}
    </div>
  );
}
