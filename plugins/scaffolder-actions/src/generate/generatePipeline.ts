import { createHash } from 'node:crypto';
import { PipelineSpec } from '@vvp/backstage-plugin-deploy-common';
import { GeneratedFile } from './model';
import { planPipeline, PlanProblem } from './plan';
import { unusedKeys } from './problems/unusedKeys';
import { renderWorkflow } from './renderWorkflow';
import { runbooksOf } from './runbooks';
import { sumsOf } from './sums';
import { trustFiles } from './trust';
import { clashesOf, workflowsOf } from './workflows';
import { withHeader } from './header';

/** What files are made of besides the spec. */
export interface Materials {
  /** Version of this tool. */
  version: string;
  /** Text of `deploy.yaml`; its hash stands in each file. */
  source: string;
  /** Scripts by their name, such as `verify-http.sh`. */
  scripts: Readonly<Record<string, string>>;
}

/** Where scripts lie in the repository. */
export const SCRIPTS = '.github/deploy';

/**
 * All files of a pipeline: workflows, the scripts that their steps call, what the cloud has to trust, and a runbook
 * for each service; with notes of what none of them goes by. Pure: the same spec and version give the same bytes.
 */
export function generatePipeline(
  spec: PipelineSpec,
  materials: Materials,
):
  | { files: GeneratedFile[]; notes: PlanProblem[] }
  | { problems: PlanProblem[] } {
  const planned = planPipeline(spec);
  if ('problems' in planned) {
    return planned;
  }
  const { plan } = planned;
  const problems = clashesOf(plan);
  if (problems.length > 0) {
    return { problems };
  }
  const workflows = [...workflowsOf(plan)].map(
    ([name, workflow]): GeneratedFile => ({
      path: `.github/workflows/${name}`,
      content: renderWorkflow(workflow),
    }),
  );
  const called = scriptsIn(workflows, materials.scripts);
  const trust = trustFiles(plan);
  const files = [
    ...workflows,
    ...called,
    ...trust,
    ...sumsOf(trust),
    ...runbooksOf(plan),
  ];
  const replaced = sharedPaths(files);
  if (replaced.length > 0) {
    return { problems: replaced };
  }
  const hash = createHash('sha256')
    .update(materials.source)
    .digest('hex')
    .slice(0, 16);
  return {
    files: files
      .map(file => withHeader(file, { version: materials.version, spec: hash }))
      .sort((left, right) => (left.path < right.path ? -1 : 1)),
    notes: unusedKeys(spec),
  };
}

/** Two files that would stand in one place, also where upper and lower case are the same. */
function sharedPaths(files: readonly GeneratedFile[]): PlanProblem[] {
  const seen = new Set<string>();
  return files.flatMap(({ path }) => {
    const key = path.toLowerCase();
    const isTaken = seen.has(key);
    seen.add(key);
    return isTaken
      ? [
          {
            path: ['spec'],
            message: `two generated files would be ${path}`,
            remedy:
              'It is named after an environment, a service or a branch: give them names that still differ where only lower-case letters, digits, - and _ count.',
          },
        ]
      : [];
  });
}

/** Scripts that the workflows call, and those that these call in turn. */
function scriptsIn(
  files: readonly GeneratedFile[],
  scripts: Readonly<Record<string, string>>,
): GeneratedFile[] {
  const found = new Map<string, GeneratedFile>();
  const queue = files.map(({ content }) => content);
  for (const text of queue) {
    for (const name of Object.keys(scripts)) {
      if (!found.has(name) && text.includes(name)) {
        const content = scripts[name];
        found.set(name, {
          path: `${SCRIPTS}/${name}`,
          content,
          executable: true,
        });
        queue.push(content);
      }
    }
  }
  return [...found.values()];
}
