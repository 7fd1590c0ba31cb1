import { ReportFormat } from '../types';
import { ctrf, playwright, terraformValidate } from './json';
import { junit } from './junit';

/** Formats of test reports, in the order in which they are asked. */
export const testFormats: readonly ReportFormat[] = [
  junit,
  playwright,
  ctrf,
  terraformValidate,
];
