import {
  parsePipelineSpec,
  PipelineSpec,
  specPosition,
} from '@vvp/backstage-plugin-deploy-common';
import { GeneratedFile, generatePipeline, PlanProblem } from '../generate';
import { Finding } from '../lint';
import { readMaterials } from './readMaterials';

/** The files of a pipeline and what none of them goes by, or what stands in the way, with its place in `deploy.yaml`. */
export type PlannedFiles =
  | { spec: PipelineSpec; files: GeneratedFile[]; notes: Finding[] }
  | { findings: Finding[] };

/**
 * Reads the text of a `deploy.yaml`, and makes the files that it asks for. Nothing is written.
 *
 * @param file - how findings call it
 */
export async function planText(
  text: string,
  file: string,
): Promise<PlannedFiles> {
  const parsed = parsePipelineSpec(text);
  if (parsed.ok) {
    return planSpec(parsed.spec, { text, file });
  }
  return {
    findings: parsed.findings.map(
      ({ line, column, message, remedy }): Finding => ({
        file,
        line,
        column,
        rule: 'deploy.yaml',
        message,
        remedy,
      }),
    ),
  };
}

/** The same for a spec that was read already. */
export async function planSpec(
  spec: PipelineSpec,
  { text, file }: { text: string; file: string },
): Promise<PlannedFiles> {
  const materials = await readMaterials();
  const result = generatePipeline(spec, { ...materials, source: text });
  const placed = (problems: readonly PlanProblem[]) =>
    problems.map(
      ({ path, message, remedy }): Finding => ({
        file,
        ...specPosition(text, path),
        rule: 'deploy.yaml',
        message,
        remedy,
      }),
    );
  return 'files' in result
    ? { spec, files: result.files, notes: placed(result.notes) }
    : { findings: placed(result.problems) };
}
