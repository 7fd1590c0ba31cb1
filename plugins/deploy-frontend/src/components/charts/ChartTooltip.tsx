import { makeStyles } from '@material-ui/core/styles';
import { shortCommit } from '../../logic/links';
import { quantityText } from '../../logic/numbers';
import { ChartRow, ChartSeries } from '../../logic/trends';
import { ExactMoment } from '../common';

const useStyles = makeStyles(theme => ({
  root: {
    maxWidth: 320,
    padding: theme.spacing(1),
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
    background: theme.palette.background.paper,
    color: theme.palette.text.primary,
    fontSize: '0.8125rem',
    overflowWrap: 'anywhere',
    whiteSpace: 'normal',
  },
  value: { fontWeight: 600, whiteSpace: 'nowrap' },
}));

/**
 * What a chart says at one time. Recharts hands in the row.
 *
 * @internal
 */
export function ChartTooltip(props: {
  series: ChartSeries[];
  unit: string;
  active?: boolean;
  payload?: { payload?: ChartRow }[];
}) {
  const { series, unit, active, payload } = props;
  const classes = useStyles();
  const row = payload?.[0]?.payload;
  if (!active || !row) {
    return null;
  }
  return (
    <div className={classes.root}>
      <div>
        <ExactMoment at={new Date(row.time).toISOString()} />
        {row.commit && `, ${shortCommit(row.commit)}`}
      </div>
      {series
        .filter(({ key }) => key in row.values)
        .map(({ key, label }) => (
          <div key={key}>
            {label}{' '}
            <span className={classes.value}>
              {quantityText(row.values[key], unit)}
            </span>
          </div>
        ))}
    </div>
  );
}
