import { ReportFormat } from '../types';
import { osvScanner } from './osvScanner';
import { pipAudit } from './pipAudit';
import { sarif } from './sarif';
import { trivy } from './trivy';

/** Formats of security scanners. */
export const securityFormats: readonly ReportFormat[] = [
  sarif,
  trivy,
  osvScanner,
  pipAudit,
];
