import { coverageFormats } from './coverage';
import { performanceFormats } from './performance';
import { securityFormats } from './security';
import { testFormats } from './tests';
import { ReportFormat } from './types';

/** Every format that is read, in the order in which they are asked whether a file is theirs. */
export const reportFormats: readonly ReportFormat[] = [
  ...coverageFormats,
  ...testFormats,
  ...securityFormats,
  ...performanceFormats,
];
