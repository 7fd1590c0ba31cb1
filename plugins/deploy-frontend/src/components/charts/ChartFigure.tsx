import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { ReactNode, useId, useState } from 'react';
import { quantityText } from '../../logic/numbers';
import { ChartLimit, ChartSeries } from '../../logic/trends';
import { mutedColor } from '../common';
import { ChartTable } from './ChartTable';
import { LineStyle } from './palette';

const useStyles = makeStyles(theme => ({
  root: { margin: 0, minWidth: 0 },
  head: {
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(1),
  },
  title: { fontSize: '0.9375rem', fontWeight: 600 },
  toggle: { textTransform: 'none', flexShrink: 0 },
  legend: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.25, 2),
    listStyle: 'none',
    margin: theme.spacing(0.5, 0, 0),
    padding: 0,
    fontSize: '0.8125rem',
  },
  entry: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.75),
    minWidth: 0,
    overflowWrap: 'anywhere',
  },
  sample: { flexShrink: 0 },
  latest: { fontWeight: 600, whiteSpace: 'nowrap' },
  note: { color: mutedColor(theme), fontSize: '0.8125rem' },
}));

/**
 * Title, legend with the latest numbers, and the same as a table, around a chart.
 *
 * @internal
 */
export function ChartFigure(props: {
  title: string;
  unit: string;
  /** Those that are drawn. */
  series: ChartSeries[];
  limits: ChartLimit[];
  /** How many lines there are in all. */
  total?: number;
  /** The look of each line. */
  styleOf(position: number): LineStyle;
  children: ReactNode;
}) {
  const { title, unit, series, limits, total = series.length } = props;
  const classes = useStyles();
  const titleId = useId();
  const [asTable, setAsTable] = useState(false);
  return (
    <figure className={classes.root} aria-labelledby={titleId}>
      <div className={classes.head}>
        <Typography className={classes.title} component="h4" id={titleId}>
          {title}
        </Typography>
        <Button
          className={classes.toggle}
          size="small"
          onClick={() => setAsTable(!asTable)}
          aria-label={`${
            asTable ? 'Show as a chart' : 'Show as a table'
          }: ${title}`}
        >
          {asTable ? 'Chart' : 'Table'}
        </Button>
      </div>
      {asTable ? (
        <ChartTable title={title} unit={unit} series={series} />
      ) : (
        <div role="img" aria-label={spokenChart(title, unit, series, limits)}>
          {props.children}
        </div>
      )}
      <ul className={classes.legend} aria-label={`Latest of ${title}`}>
        {series.map((each, position) => (
          <li className={classes.entry} key={each.key}>
            <Sample {...props.styleOf(position)} />
            <span>{each.label}</span>
            <span className={classes.latest}>{latestText(each, unit)}</span>
          </li>
        ))}
        {limits.map(limit => (
          <li className={classes.entry} key={limit.label}>
            <Sample color="currentColor" dash="3 3" thin />
            <span>{limit.label}</span>
          </li>
        ))}
      </ul>
      {total > series.length && (
        <div className={classes.note}>
          {series.length} of {total} are drawn. Choose a suite to see another.
        </div>
      )}
    </figure>
  );
}

function Sample(props: LineStyle & { thin?: boolean }) {
  const classes = useStyles();
  return (
    <svg className={classes.sample} width={24} height={8} aria-hidden>
      <line
        x1={0}
        y1={4}
        x2={24}
        y2={4}
        stroke={props.color}
        strokeWidth={props.thin ? 1.5 : 3}
        strokeDasharray={props.dash || undefined}
      />
    </svg>
  );
}

function latestText(series: ChartSeries, unit: string): string {
  const latest = series.points.at(-1);
  return latest ? quantityText(latest.value, unit) : '—';
}

function spokenChart(
  title: string,
  unit: string,
  series: ChartSeries[],
  limits: ChartLimit[],
): string {
  const latest = series
    .map(each => `${each.label} ${latestText(each, unit)}`)
    .join(', ');
  const asked = limits.map(({ label }) => `${label}. `).join('');
  return `${title}, a chart. Latest: ${latest}. ${asked}`.trim();
}
