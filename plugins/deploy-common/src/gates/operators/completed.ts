import { EvidenceSummary } from '../../model';
import { GateOperator } from './types';

/** The scan came to its end, or a test ran: what was not looked at proves nothing. */
export const completed: GateOperator = {
  name: 'completed',
  judge({ rule, chosen }) {
    if (!rule.completed) {
      return [];
    }
    return chosen.reports.map(report => {
      const { summary } = report.evidence;
      const problem = incompleteness(summary);
      return {
        state: problem ? 'fail' : 'pass',
        reason: problem ?? completion(summary),
        report,
      };
    });
  },
};

function incompleteness(summary: EvidenceSummary): string | undefined {
  if (summary.type === 'security' && summary.completed !== true) {
    return 'The scan did not come to its end, so that it proves nothing. Run it again.';
  }
  if (summary.type === 'test' && !(summary.passed + summary.failed > 0)) {
    return 'Not one test ran, so that nothing is proved.';
  }
  return undefined;
}

function completion(summary: EvidenceSummary): string {
  return summary.type === 'test'
    ? `${summary.passed + summary.failed} tests ran.`
    : 'The scan came to its end.';
}
