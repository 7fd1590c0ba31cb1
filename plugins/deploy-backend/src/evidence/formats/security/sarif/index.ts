import { ReportFormat } from '../../types';
import { SarifParser } from './SarifParser';

/** Other versions than 2.1.0 are recognised too: the parser then says what is wrong with them. */
export const sarif: ReportFormat = {
  format: 'sarif',
  detect: head =>
    /^\s*\{/.test(head) &&
    /"runs"\s*:\s*\[/.test(head) &&
    (/"\$schema"\s*:\s*"[^"]*sarif/i.test(head) ||
      /"(driver|ruleId)"\s*:/.test(head) ||
      /"version"\s*:\s*"[12]\.\d+\.\d+[^"]*"/.test(head)),
  createParser: () => new SarifParser(),
};
