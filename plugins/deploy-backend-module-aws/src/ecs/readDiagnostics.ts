import { TargetDiagnostics } from '@vvp/backstage-plugin-deploy-common';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { diagnosticsOf } from './diagnostics';
import { EcsApi } from './EcsApi';
import { ServiceReader } from './ServiceReader';

/** Reads all that ECS tells of a service; what it does not tell becomes a problem. */
export async function readDiagnostics(
  api: EcsApi,
  reader: ServiceReader,
): Promise<TargetDiagnostics> {
  const problems: string[] = [];
  async function part<T>(read: Promise<T>): Promise<T | undefined> {
    try {
      return await read;
    } catch (error) {
      const problem = textOf(error);
      if (!problems.includes(problem)) {
        problems.push(problem);
      }
      return undefined;
    }
  }
  const service = await part(reader.service());
  const running = service?.taskDefinition;
  const [snapshot, stoppedTasks, described] = await Promise.all([
    service && part(reader.snapshot()),
    service && part(api.stoppedTasks()),
    running ? part(reader.taskDefinition(running)) : undefined,
  ]);
  return diagnosticsOf({
    service,
    deployments: snapshot?.deployments,
    stoppedTasks,
    containers: described?.taskDefinition.containerDefinitions,
    problems,
  });
}

function textOf(error: unknown): string {
  return error instanceof TargetError
    ? [error.message, error.remedy].filter(Boolean).join(' ')
    : 'ECS could not be read.';
}
