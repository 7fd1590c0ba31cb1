import {
  PipelineSpec,
  ServiceSpec,
  TargetSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { PlanProblem } from '../planModel';
import { GENERATED, targetKind } from '../targets';
import { imageProblems } from './images';
import { refProblems } from './refs';

/** Why no workflow can be made of a spec, as far as it can be seen before one is planned. */
export function problemsOf(spec: PipelineSpec): PlanProblem[] {
  const { pipeline } = spec;
  if (!pipeline) {
    return [
      {
        path: ['spec'],
        message: 'there is no "pipeline"',
        remedy: 'Add spec.pipeline, such as pipeline: {branches: [main]}.',
      },
    ];
  }
  return [
    ...(spec.repository
      ? []
      : [
          {
            path: ['spec'],
            message: 'there is no "repository"',
            remedy:
              'Add spec.repository as owner/name: clouds trust the tokens of that repository alone.',
          },
        ]),
    // Nothing is deployed below that.
    ...((pipeline.safetyLevel ?? 5) < 4
      ? []
      : [
          ...refProblems(spec),
          ...spec.services.flatMap(service => [
            ...targetProblems(spec, service),
            ...imageProblems(spec, service),
          ]),
        ]),
  ];
}

function targetProblems(
  spec: PipelineSpec,
  service: ServiceSpec,
): PlanProblem[] {
  return service.environments.flatMap(environment => {
    const { name, target } = environment;
    const path = ['spec', 'services', service.key, 'environments', name];
    if (!target) {
      return [];
    }
    const kind = targetKind(target.type);
    return kind
      ? kind.problems({ spec, service, environment, target, path })
      : [notGenerated(target, path)];
  });
}

function notGenerated({ type }: TargetSpec, path: string[]): PlanProblem {
  return {
    path: [...path, 'target', 'type'],
    message: `no job can be generated for the target ${type} yet`,
    remedy: `Targets that can: ${GENERATED.join(', ')}.`,
  };
}
