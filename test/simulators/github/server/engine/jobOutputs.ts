import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import { isObject, type Json } from '../json';
import type { WorkflowRun } from '../state/model';
import {
  asText,
  isPathsFilter,
  pathsFilterOutputs,
  stepsOf,
  type WorkflowDefinition,
} from '../workflow';
import type { JobNode } from './JobGraph';
import { outcomeOf } from './outcomes';

/** The `steps` context: what `dorny/paths-filter` would say of the commit. */
export function stepOutputs(
  run: Pick<WorkflowRun, 'changedFiles'>,
  definition: WorkflowDefinition,
  node: JobNode,
): Json {
  const entries: Array<[string, Json]> = stepsOf(definition, node.id)
    .filter(step => typeof step.id === 'string')
    .map(step => [
      String(step.id),
      {
        outputs: isPathsFilter(step)
          ? pathsFilterOutputs(step, run.changedFiles)
          : {},
        outcome: 'success',
        conclusion: 'success',
      },
    ]);
  return Object.fromEntries(entries);
}

/** A job's outputs: as decided for the run, else as its expressions say. */
export function jobOutputs(
  node: JobNode,
  evaluateOutputs: (token: TemplateToken) => Json,
): Record<string, string> {
  const declared =
    'outputs' in node.job && node.job.outputs
      ? evaluateOutputs(node.job.outputs)
      : {};
  const outputs = isObject(declared)
    ? Object.fromEntries(
        Object.entries(declared).map(([name, value]) => [
          name,
          asText(value as Json),
        ]),
      )
    : {};
  for (const leg of node.legs) {
    Object.assign(outputs, outcomeOf(leg).outputs);
    leg.outputs = outputs;
  }
  return outputs;
}
