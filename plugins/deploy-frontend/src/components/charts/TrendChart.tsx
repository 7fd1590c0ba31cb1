import { useTheme } from '@material-ui/core/styles';
import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { quantityText } from '../../logic/numbers';
import {
  axisRange,
  chartRows,
  ChartLimit,
  ChartSeries,
} from '../../logic/trends';
import { mutedColor } from '../common';
import {
  chartHeight,
  chartMargin,
  dayText,
  dayTicks,
  percentTicks,
} from './axes';
import { ChartFigure } from './ChartFigure';
import { ChartTooltip } from './ChartTooltip';
import { distinctLines, lineStyle } from './palette';

/** With more points than these, dots hide the line. */
const dotsAtMost = 45;

/**
 * Values over time, with the limits that gates set for them.
 *
 * @internal
 */
export function TrendChart(props: {
  title: string;
  unit: string;
  series: ChartSeries[];
  limits?: ChartLimit[];
  /** ISO 8601. */
  from: string;
  to: string;
}) {
  const { title, unit, limits = [], from, to } = props;
  const theme = useTheme();
  const series = props.series.slice(0, distinctLines);
  const rows = chartRows(series);
  const muted = mutedColor(theme);
  const isPart = unit === 'percent';
  const values = series.flatMap(({ points }) =>
    points.map(({ value }) => value),
  );
  const range = axisRange([...values, ...limits.map(({ value }) => value)], {
    percent: isPart,
  });
  return (
    <ChartFigure
      title={title}
      unit={unit}
      series={series}
      limits={limits}
      total={props.series.length}
      styleOf={position => lineStyle(theme, position)}
    >
      <ResponsiveContainer width="100%" height={chartHeight}>
        <LineChart data={rows} margin={chartMargin} accessibilityLayer={false}>
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
            domain={range}
            ticks={isPart ? percentTicks(range) : undefined}
            tickFormatter={value => quantityText(value, unit)}
            tick={{ fill: muted, fontSize: 12 }}
            stroke={muted}
            width={72}
          />
          <Tooltip
            content={<ChartTooltip series={series} unit={unit} />}
            isAnimationActive={false}
          />
          {drawnLimits(limits).map(({ value, short }) => (
            <ReferenceLine
              key={short}
              y={value}
              stroke={theme.palette.text.primary}
              strokeDasharray="3 3"
              strokeWidth={1.5}
              label={{
                value: short,
                position: 'insideBottomLeft',
                fill: theme.palette.text.primary,
                fontSize: 12,
                fontWeight: 600,
              }}
            />
          ))}
          {series.map(({ key, label, points }, position) => {
            const { color, dash } = lineStyle(theme, position);
            return (
              <Line
                key={key}
                name={label}
                // A function, since the keys hold dots and brackets.
                dataKey={row => row.values[key]}
                stroke={color}
                strokeWidth={2}
                strokeDasharray={dash || undefined}
                dot={
                  points.length <= dotsAtMost
                    ? { r: 2.5, fill: color, strokeDasharray: '' }
                    : false
                }
                connectNulls
                isAnimationActive={false}
              />
            );
          })}
        </LineChart>
      </ResponsiveContainer>
    </ChartFigure>
  );
}

/** One line where several gates set the same limit. */
function drawnLimits(limits: ChartLimit[]): ChartLimit[] {
  return [...new Map(limits.map(limit => [limit.short, limit])).values()];
}
