import { PipelineDocument } from './schema';
import { quote } from './suggest';

type Report = (
  path: readonly string[],
  message: string,
  remedy: string,
) => void;

/** Checks what only services of ECS have in generated workflows: being watched, and a workflow by hand. */
export function checkEcs(document: PipelineDocument, report: Report): void {
  checkWatches(document, report);
  checkManual(document, report);
}

function checkWatches({ spec }: PipelineDocument, report: Report): void {
  for (const [key, { environments }] of Object.entries(spec.services)) {
    for (const [name, environment] of Object.entries(environments)) {
      const { deploy, target } = environment;
      const path = ['spec', 'services', key, 'environments', name];
      const url =
        environment.url ??
        spec.environments.find(one => one.name === name)?.url;
      if (deploy?.watch && target?.type !== 'ecs') {
        report(
          [...path, 'deploy', 'watch'],
          'only what is deployed to ECS is watched by the pipeline',
          'Remove "watch".',
        );
      } else if (deploy?.watch && url === undefined) {
        report(
          [...path, 'deploy', 'watch'],
          `${quote(key)} has no "url" in ${quote(name)} that could be asked`,
          'Add its url, or remove "watch".',
        );
      }
    }
  }
}

function checkManual({ spec }: PipelineDocument, report: Report): void {
  const { manual, workflow = 'deploy.yml' } = spec.pipeline ?? {};
  if (!manual) {
    return;
  }
  const path = ['spec', 'pipeline', 'manual'];
  const taken = [
    workflow,
    ...spec.environments.flatMap(({ deploy }) => deploy?.workflow ?? []),
  ];
  if (taken.includes(manual.workflow)) {
    report(
      [...path, 'workflow'],
      `${manual.workflow} is the name of another generated workflow`,
      'Name another file.',
    );
  }
  const onEcs = Object.entries(spec.services).filter(([, { environments }]) =>
    Object.values(environments).some(({ target }) => target?.type === 'ecs'),
  );
  const [without] = onEcs.find(([, { image }]) => !image?.repository) ?? [];
  if (onEcs.length === 0) {
    report(path, 'no service goes to ECS', 'Remove "manual".');
  } else if (without !== undefined) {
    report(
      path,
      `the image of ${quote(without)} has no repository of its own`,
      'Add image.repository to it, or remove "manual".',
    );
  }
}
