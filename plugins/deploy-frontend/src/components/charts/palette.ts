import { Theme } from '@material-ui/core/styles';
import { Severity } from '@vvp/backstage-plugin-deploy-common';

const lightLines = [
  '#0b57d0',
  '#b3261e',
  '#196b24',
  '#7d4a00',
  '#7b1fa2',
  '#00696d',
  '#4d5358',
  '#ad1457',
];
const darkLines = [
  '#a6c8ff',
  '#ffb1a8',
  '#7fdc8a',
  '#ffcb70',
  '#e2b6ff',
  '#80e4e0',
  '#c6cacd',
  '#ffb0d0',
];

/** No line is told by its colour alone. */
const dashes = ['', '6 3', '2 3', '10 4', '8 3 2 3', '4 2', '12 3 3 3', '1 4'];

const lightSeverities: Record<Severity, string> = {
  critical: '#8c1d18',
  high: '#c4531d',
  medium: '#b58100',
  low: '#3b78c4',
  info: '#7a8288',
};
const darkSeverities: Record<Severity, string> = {
  critical: '#ff8a80',
  high: '#ffb077',
  medium: '#ffe08a',
  low: '#a6c8ff',
  info: '#c6cacd',
};

/**
 * How many lines a chart can tell apart.
 *
 * @internal
 */
export const distinctLines = lightLines.length;

/**
 * How a line is drawn.
 *
 * @internal
 */
export interface LineStyle {
  color: string;
  dash: string;
}

/**
 * The look of the line at a position, readable on the cards of light and dark themes.
 *
 * @internal
 */
export function lineStyle(theme: Theme, position: number): LineStyle {
  const lines = theme.palette.type === 'dark' ? darkLines : lightLines;
  return {
    color: lines[position % lines.length],
    dash: dashes[position % dashes.length],
  };
}

/**
 * The colour of a severity.
 *
 * @internal
 */
export function severityColor(theme: Theme, severity: Severity): string {
  return (theme.palette.type === 'dark' ? darkSeverities : lightSeverities)[
    severity
  ];
}
