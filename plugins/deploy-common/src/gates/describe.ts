import { Evidence, EvidenceType, FindingCategory, Severity } from '../model';
import { placeOf } from './places';
import { EvidenceSelector, GateFacts, GateMetric } from './types';

const coverageLabels: Record<string, string> = {
  lines: 'Line coverage',
  branches: 'Branch coverage',
  functions: 'Function coverage',
  'changed-lines': 'Coverage of the changed lines',
};

const testLabels: Record<string, string> = {
  total: 'The number of tests',
  passed: 'The number of passed tests',
  failed: 'The number of failed tests',
  skipped: 'The number of skipped tests',
  flaky: 'The number of flaky tests',
  'pass-rate': 'The pass rate of the tests',
  duration: 'The duration of the tests',
};

const places: Record<FindingCategory, string> = {
  dependency: 'dependencies',
  image: 'images',
  code: 'code',
  secret: 'secrets',
  configuration: 'configuration',
};

const severityLabels: Record<Severity, string> = {
  critical: ' of critical severity',
  high: ' of high severity or worse',
  medium: ' of medium severity or worse',
  low: ' of low severity or worse',
  info: '',
};

/** What a metric is called at the beginning of a sentence. */
export function metricLabel(type: EvidenceType, metric: GateMetric): string {
  switch (type) {
    case 'coverage':
      return coverageLabels[metric.name] ?? metric.name;
    case 'test':
      return testLabels[metric.name] ?? metric.name;
    case 'security': {
      const severity = severityLabels[metric.severity ?? 'info'];
      const where = metric.categories?.map(each => places[each]).join(', ');
      return `The number of findings${severity}${where ? ` in ${where}` : ''}`;
    }
    default:
      return metric.scenario && metric.scenario !== 'default'
        ? `${metric.name} of the scenario ${metric.scenario}`
        : metric.name;
  }
}

/** What report a rule asks for: `coverage report of the suite unit`. */
export function selectorLabel(
  selector: EvidenceSelector,
  facts: GateFacts,
): string {
  const place = placeOf(selector.environment, facts);
  return [
    `${selector.type} report`,
    selector.suite && ` of the suite ${selector.suite}`,
    selector.mode && ` in mode ${selector.mode}`,
    selector.tool && ` by ${selector.tool}`,
    place && ` measured in ${place}`,
  ]
    .filter(Boolean)
    .join('');
}

/** Which report it is, where several are judged: `suite unit, pytest 8.3`. */
export function reportLabel(evidence: Evidence): string {
  const parts = [
    evidence.suite && `suite ${evidence.suite}`,
    evidence.mode && `mode ${evidence.mode}`,
    evidence.environment && `measured in ${evidence.environment}`,
    evidence.tool,
  ].filter(Boolean);
  return parts.join(', ') || evidence.format;
}

/** First digits of a commit, for a sentence. */
export function shortCommit(commit: string): string {
  return commit.slice(0, 7);
}
