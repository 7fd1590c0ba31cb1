import { ReportFormat } from '../types';
import { k6 } from './k6';
import { locustCsv } from './locustCsv';
import { locustJson } from './locustJson';
import { measurements } from './measurements';

/** Formats of load tests and other measurements. */
export const performanceFormats: readonly ReportFormat[] = [
  k6,
  locustJson,
  locustCsv,
  measurements,
];
