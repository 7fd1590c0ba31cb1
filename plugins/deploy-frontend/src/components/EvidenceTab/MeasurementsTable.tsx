import { ComparedMeasurement } from '@vvp/backstage-plugin-deploy-common';
import { quantityText } from '../../logic/numbers';
import { metricTitle } from '../../logic/performance';
import { ChartLimit } from '../../logic/trends';
import { Change, DataTable } from '../common';

/**
 * The latest measurements, each beside what is usual and what the gates ask for.
 *
 * @internal
 */
export function MeasurementsTable(props: {
  measurements: ComparedMeasurement[];
  loadingBaseline: boolean;
  limitsOf(metric: string, unit: string): ChartLimit[];
}) {
  const { measurements, loadingBaseline, limitsOf } = props;
  return (
    <DataTable
      label="Latest measurements"
      noun="measurement"
      rows={measurements}
      keyOf={({ metric }) => metric}
      columns={[
        { title: 'Measurement', cell: ({ metric }) => metricTitle(metric) },
        {
          title: 'Latest',
          noWrap: true,
          cell: ({ metric, value, unit }) => (
            <b>{quantityText(value, unit, limitsOf(metric, unit)[0]?.value)}</b>
          ),
        },
        {
          title: 'Usual',
          noWrap: true,
          cell: ({ baseline, unit }) => baselineText(baseline, unit),
        },
        {
          title: 'Change',
          noWrap: true,
          wide: true,
          cell: ({ baseline, value }) =>
            baseline ? (
              <Change
                from={0}
                to={(100 * (value - baseline)) / baseline}
                unit="percent"
              />
            ) : (
              '—'
            ),
        },
        {
          title: 'Asked',
          wide: true,
          cell: ({ metric, unit }) =>
            limitsOf(metric, unit).map(limit => (
              <div key={limit.label}>{limit.label}</div>
            )),
        },
      ]}
    />
  );

  function baselineText(baseline: number | undefined, unit: string): string {
    if (baseline !== undefined) {
      return quantityText(baseline, unit);
    }
    return loadingBaseline ? '…' : 'not known yet';
  }
}
