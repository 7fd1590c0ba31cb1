import {
  EvidenceType,
  GateRule,
  TrendThreshold,
} from '@vvp/backstage-plugin-deploy-common';

const operators = ['minimum', 'maximum', 'moreThan', 'lessThan'] as const;

/** The limits that rules set on numbers which a chart of a type of evidence shows. */
export function thresholdsOf(
  type: EvidenceType,
  environments: readonly { name: string; rules: readonly GateRule[] }[],
): TrendThreshold[] {
  return environments.flatMap(({ name: environment, rules }) =>
    rules.flatMap(rule =>
      operators.flatMap(operator => {
        const value = rule[operator];
        const metric = rule.metric;
        if (value === undefined || !metric || rule.evidence?.type !== type) {
          return [];
        }
        return [
          {
            gate: rule.name,
            environment,
            // The charts have a line for each severity.
            metric: metric.severity ?? metric.name,
            ...(rule.evidence.suite && { suite: rule.evidence.suite }),
            ...(metric.scenario && { scenario: metric.scenario }),
            operator,
            value,
            unit: unitOf(rule),
          },
        ];
      }),
    ),
  );
}

function unitOf({ evidence, metric }: GateRule): string {
  if (metric?.unit) {
    return metric.unit;
  }
  if (evidence?.type === 'coverage' || metric?.name === 'pass-rate') {
    return 'percent';
  }
  if (evidence?.type === 'test' && metric?.name === 'duration') {
    return 's';
  }
  return 'count';
}
