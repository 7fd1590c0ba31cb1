import { invalid } from './ApiError';
import { isEqual, KubeObject } from './objects';

/** The few rules of the API server's own validation that callers run into. */
export function checkWorkload(object: KubeObject, before?: KubeObject): void {
  const { kind, metadata, spec } = object;
  if (!spec?.template) return;
  const causes: Parameters<typeof invalid>[3] = [];
  const containers: any[] = spec.template.spec?.containers ?? [];
  if (containers.length === 0) {
    causes.push(required('spec.template.spec.containers'));
  }
  containers.forEach((container, index) => {
    if (!container.image) {
      causes.push(required(`spec.template.spec.containers[${index}].image`));
    }
  });
  const labels = spec.template.metadata?.labels ?? {};
  const isSelected = Object.entries(spec.selector?.matchLabels ?? {}).every(
    ([key, value]) => labels[key] === value,
  );
  if (!isSelected) {
    causes.push({
      reason: 'FieldValueInvalid',
      field: 'spec.template.metadata.labels',
      message: `Invalid value: ${goMap(
        labels,
      )}: \`selector\` does not match template \`labels\``,
    });
  }
  if (before && !isEqual(before.spec.selector, spec.selector)) {
    causes.push({
      reason: 'FieldValueInvalid',
      field: 'spec.selector',
      message: 'Invalid value: field is immutable',
    });
  }
  if (causes.length > 0) {
    throw invalid(kind, 'apps', metadata.name, causes);
  }
}

function required(field: string) {
  return { reason: 'FieldValueRequired', field, message: 'Required value' };
}

function goMap(labels: Record<string, string>): string {
  const entries = Object.entries(labels).map(
    ([key, value]) => `"${key}":"${value}"`,
  );
  return `map[string]string{${entries.join(', ')}}`;
}
