import { PodTemplate } from './types';

const HASH_LABEL = 'pod-template-hash';

/** The template as the workload has it: without the hash that the Deployment controller adds. */
export function withoutHash(template: PodTemplate): PodTemplate {
  const labels = template.metadata?.labels;
  if (!labels || !(HASH_LABEL in labels)) {
    return template;
  }
  const { [HASH_LABEL]: _hash, ...kept } = labels;
  return { ...template, metadata: { ...template.metadata, labels: kept } };
}

/** Whether two templates say the same; absent and empty are the same, as they are to the controllers. */
export function equalTemplates(a: PodTemplate, b: PodTemplate): boolean {
  return canonical(withoutHash(a)) === canonical(withoutHash(b));
}

function canonical(value: unknown): string {
  return JSON.stringify(tidy(value)) ?? '';
}

function tidy(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.length === 0 ? undefined : value.map(item => tidy(item) ?? {});
  }
  if (typeof value !== 'object' || value === null) {
    return value ?? undefined;
  }
  const entries = Object.entries(value)
    .map(([key, inner]) => [key, tidy(inner)] as const)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
