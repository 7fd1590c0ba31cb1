import { LabelSelector } from './types';

/**
 * A workload's selector as the query parameter has it. `undefined` if it would select everything, or says
 * something that this code does not know.
 */
export function formatLabelSelector(
  selector: LabelSelector | undefined,
): string | undefined {
  const equal = Object.entries(selector?.matchLabels ?? {}).map(
    ([key, value]) => `${key}=${value}`,
  );
  const expressions = (selector?.matchExpressions ?? []).map(
    ({ key = '', operator, values = [] }) => {
      switch (operator) {
        case 'In':
          return `${key} in (${values.join(',')})`;
        case 'NotIn':
          return `${key} notin (${values.join(',')})`;
        case 'Exists':
          return key;
        case 'DoesNotExist':
          return `!${key}`;
        default:
          return undefined;
      }
    },
  );
  const terms = [...equal, ...expressions];
  return terms.length === 0 || terms.includes(undefined)
    ? undefined
    : terms.join(',');
}
