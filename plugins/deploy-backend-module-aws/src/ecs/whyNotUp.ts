import { Service, Task } from '@aws-sdk/client-ecs';
import { EcsApi } from './EcsApi';

const longest = 300;

/** What ECS says about tasks that do not come up; nothing if it cannot be asked. */
export async function whyNotUp(api: EcsApi): Promise<string[]> {
  const [service, tasks] = await Promise.allSettled([
    api.service(),
    api.stoppedTasks(),
  ]);
  return [
    ...(tasks.status === 'fulfilled' ? stoppedReason(tasks.value) : []),
    ...(service.status === 'fulfilled' ? lastEvent(service.value) : []),
  ];
}

/** Why a task stopped, with what its containers ended with. */
export function reasonOf(task: Task): string {
  const containers = (task.containers ?? [])
    .filter(each => each.reason || (each.exitCode ?? 0) !== 0)
    .map(each =>
      [
        each.name,
        each.exitCode === undefined ? undefined : `exit code ${each.exitCode}`,
        each.reason,
      ]
        .filter(Boolean)
        .join(' '),
    );
  const all = [task.stoppedReason ?? 'Stopped', ...containers].join('; ');
  return all.length > longest ? `${all.slice(0, longest)}…` : all;
}

function stoppedReason(tasks: readonly Task[]): string[] {
  const failed = tasks.find(
    task => task.stopCode !== 'ServiceSchedulerInitiated',
  );
  return failed ? [`The last task that failed: ${reasonOf(failed)}`] : [];
}

function lastEvent(service: Service): string[] {
  const message = service.events?.[0]?.message;
  return message ? [`ECS says: ${message.slice(0, longest)}`] : [];
}
