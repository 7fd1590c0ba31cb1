import { PipelineSpec } from '@vvp/backstage-plugin-deploy-common';
import { isSaid } from '../jobs/refs';
import { PlanProblem } from '../planModel';

/** Globs that no expression of GitHub says exactly: whoever deploys by hand is held back by an expression alone. */
export function refProblems({
  pipeline,
  environments,
}: PipelineSpec): PlanProblem[] {
  const places: [string[], readonly string[] | undefined][] = [
    [['spec', 'pipeline', 'branches'], pipeline?.branches],
    ...environments.flatMap(({ stage }, index) =>
      (['branches', 'tags'] as const).map(
        (kind): [string[], readonly string[] | undefined] => [
          ['spec', 'environments', String(index), 'deploy', kind],
          stage?.[kind],
        ],
      ),
    ),
  ];
  return places.flatMap(([path, globs = []]) =>
    globs.flatMap((glob, index) =>
      isSaid(glob)
        ? []
        : [
            {
              path: [...path, String(index)],
              message: `no expression of GitHub says exactly what "${glob}" matches, and one decides what is deployed by hand`,
              remedy: `Use * at the end alone, and ** behind a slash, such as v* or release/**, or name each of them.`,
            },
          ],
    ),
  );
}
