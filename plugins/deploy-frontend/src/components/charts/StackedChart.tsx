import { useTheme } from '@material-ui/core/styles';
import {
  Area,
  AreaChart,
  CartesianGrid,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import {
  axisRange,
  ChartRow,
  chartRows,
  ChartSeries,
} from '../../logic/trends';
import { numberText } from '../../logic/numbers';
import { mutedColor } from '../common';
import { chartHeight, chartMargin, dayText, dayTicks } from './axes';
import { ChartFigure } from './ChartFigure';
import { ChartTooltip } from './ChartTooltip';

/**
 * Counts on top of each other, each of which holds until the next measurement.
 *
 * @internal
 */
export function StackedChart(props: {
  title: string;
  /** The first stands lowest. */
  series: ChartSeries[];
  colorOf(key: string): string;
  from: string;
  to: string;
}) {
  const { title, series, colorOf, from, to } = props;
  const theme = useTheme();
  const muted = mutedColor(theme);
  const rows = heldUntil(chartRows(series), Date.parse(to));
  const [, highest] = axisRange(
    rows.map(({ values }) =>
      Object.values(values).reduce((sum, value) => sum + value, 0),
    ),
  );
  return (
    <ChartFigure
      title={title}
      unit="count"
      series={series}
      limits={[]}
      styleOf={position => ({ color: colorOf(series[position].key), dash: '' })}
    >
      <ResponsiveContainer width="100%" height={chartHeight}>
        <AreaChart data={rows} margin={chartMargin} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke={theme.palette.divider} />
          <XAxis
            dataKey="time"
            type="number"
            scale="time"
            domain={[Date.parse(from), Date.parse(to)]}
            ticks={dayTicks(from, to)}
            tickFormatter={dayText}
            tick={{ fill: muted, fontSize: 12 }}
            stroke={muted}
            minTickGap={24}
          />
          <YAxis
            domain={[0, Math.ceil(highest)]}
            allowDecimals={false}
            tickFormatter={value => numberText(value)}
            tick={{ fill: muted, fontSize: 12 }}
            stroke={muted}
            width={72}
          />
          <Tooltip
            content={<ChartTooltip series={series} unit="count" />}
            isAnimationActive={false}
          />
          {series.map(({ key, label }) => (
            <Area
              key={key}
              name={label}
              dataKey={row => row.values[key]}
              type="stepAfter"
              stackId="all"
              stroke={colorOf(key)}
              fill={colorOf(key)}
              fillOpacity={0.55}
              strokeWidth={1.5}
              isAnimationActive={false}
            />
          ))}
        </AreaChart>
      </ResponsiveContainer>
    </ChartFigure>
  );
}

function heldUntil(rows: ChartRow[], end: number): ChartRow[] {
  const last = rows.at(-1);
  return last && last.time < end ? [...rows, { ...last, time: end }] : rows;
}
