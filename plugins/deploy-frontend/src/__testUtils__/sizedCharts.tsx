import { cloneElement, ReactElement } from 'react';

/**
 * Recharts with charts of a fixed size, since nothing has a size in jsdom. For
 * `jest.mock('recharts', () => jest.requireActual('…/sizedCharts').sizedRecharts())`.
 *
 * @internal
 */
export function sizedRecharts() {
  return {
    ...jest.requireActual('recharts'),
    ResponsiveContainer: (props: { children: ReactElement }) =>
      cloneElement(props.children, { width: 800, height: 220 }),
  };
}
