import { checkMeaning } from './checkMeaning';
import { normalise } from './normalise';
import { readYaml } from './readYaml';
import { ParseResult, SpecFinding } from './types';
import { validateShape } from './validateShape';

const MAX_FINDINGS = 100;

/**
 * Options of {@link parsePipelineSpec}.
 *
 * @public
 */
export interface ParsePipelineSpecOptions {
  /** Larger files are refused unread, default 1 MiB. */
  maxBytes?: number;
}

function refuse(findings: readonly SpecFinding[]): ParseResult {
  const sorted = [...findings].sort(
    (a, b) => a.line - b.line || a.column - b.column,
  );
  return { ok: false, findings: sorted.slice(0, MAX_FINDINGS) };
}

/**
 * Reads the text of a `deploy.yaml`. Never throws: whatever is wrong with the text is a finding
 * with its place and what to do about it.
 *
 * @public
 */
export function parsePipelineSpec(
  text: string,
  options?: ParsePipelineSpecOptions,
): ParseResult {
  const yaml = readYaml(text, options);
  if (!yaml.ok) {
    return refuse(yaml.findings);
  }
  const shape = validateShape(yaml.value, yaml.source);
  if (!shape.ok) {
    return refuse(shape.findings);
  }
  const findings = checkMeaning(shape.document, yaml.source);
  if (findings.length > 0) {
    return refuse(findings);
  }
  return { ok: true, spec: normalise(shape.document) };
}
