import { minimatch } from 'minimatch';
import { parse } from 'yaml';
import { isObject, type JsonObject } from '../json';

function patternsOf(rule: unknown): string[] {
  if (typeof rule === 'string') return [rule];
  if (Array.isArray(rule)) return rule.flatMap(patternsOf);
  if (isObject(rule)) return Object.values(rule).flatMap(patternsOf);
  return [];
}

/** The outputs of a `dorny/paths-filter` step for these changed files. */
export function pathsFilterOutputs(
  step: JsonObject,
  changedFiles: string[],
): Record<string, string> {
  const inputs = isObject(step.with) ? step.with : {};
  const filters: unknown = parse(String(inputs.filters ?? ''));
  if (!isObject(filters)) return {};
  const outputs: Record<string, string> = {};
  const changed: string[] = [];
  for (const [name, rule] of Object.entries(filters)) {
    const files = changedFiles.filter(file =>
      patternsOf(rule).some(pattern => minimatch(file, pattern, { dot: true })),
    );
    outputs[name] = String(files.length > 0);
    outputs[`${name}_count`] = String(files.length);
    if (files.length > 0) changed.push(name);
  }
  outputs.changes = JSON.stringify(changed);
  return outputs;
}

/** Whether a step is that action. */
export function isPathsFilter(step: JsonObject): boolean {
  return (
    typeof step.uses === 'string' && /^dorny\/paths-filter@/.test(step.uses)
  );
}
