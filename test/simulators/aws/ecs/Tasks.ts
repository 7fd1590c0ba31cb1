import { randomUUID } from 'node:crypto';
import { DeploymentState, ServiceState, TaskState } from './state';

const keptTasks = 50;
const keptEvents = 100;

export function tasksOf(
  service: ServiceState,
  deployment: DeploymentState,
  status: TaskState['lastStatus'],
): TaskState[] {
  return service.tasks.filter(
    task => task.startedBy === deployment.id && task.lastStatus === status,
  );
}

export function startTask(
  service: ServiceState,
  deployment: DeploymentState,
  now: Date,
): TaskState {
  const task: TaskState = {
    arn: `${service.arn
      .replace(':service/', ':task/')
      .replace(/\/[^/]+$/, '')}/${randomUUID().replace(/-/g, '')}`,
    taskDefinition: deployment.taskDefinition,
    startedBy: deployment.id,
    lastStatus: 'PENDING',
    createdAt: now,
  };
  service.tasks.push(task);
  return task;
}

export function stopTask(
  service: ServiceState,
  task: TaskState,
  now: Date,
  failure?: string,
): void {
  task.lastStatus = 'STOPPED';
  task.stoppedAt = now;
  task.stopCode = failure
    ? 'EssentialContainerExited'
    : 'ServiceSchedulerInitiated';
  task.stoppedReason =
    failure ?? `Scaling activity initiated by (deployment ${task.startedBy})`;
  const stopped = service.tasks.filter(each => each.lastStatus === 'STOPPED');
  if (stopped.length > keptTasks) {
    service.tasks.splice(service.tasks.indexOf(stopped[0]), 1);
  }
}

export function stopAll(
  service: ServiceState,
  deployment: DeploymentState,
  now: Date,
): void {
  for (const task of service.tasks) {
    if (task.startedBy === deployment.id && task.lastStatus !== 'STOPPED') {
      stopTask(service, task, now);
    }
  }
}

export function addEvent(
  service: ServiceState,
  now: Date,
  message: string,
): void {
  service.events.unshift({
    id: randomUUID(),
    createdAt: now,
    message: `(service ${service.name}) ${message}`,
  });
  service.events.length = Math.min(service.events.length, keptEvents);
}

/**
 * One tick of bringing the tasks of a deployment up: those that are pending run, or fail; then the missing
 * ones start. Says whether all run.
 */
export function scaleUp(
  service: ServiceState,
  deployment: DeploymentState,
  options: { now: Date; failure?: string },
): boolean {
  const { now, failure } = options;
  for (const task of tasksOf(service, deployment, 'PENDING')) {
    if (failure) {
      stopTask(service, task, now, failure);
      deployment.failedTasks += 1;
      addEvent(
        service,
        now,
        `(deployment ${deployment.id}) deployment failed: tasks failed to start.`,
      );
    } else {
      task.lastStatus = 'RUNNING';
    }
  }
  const running = tasksOf(service, deployment, 'RUNNING').length;
  for (let count = running; count < service.desiredCount; count++) {
    startTask(service, deployment, now);
  }
  deployment.updatedAt = now;
  return running >= service.desiredCount;
}

/** After how many failures the circuit breaker trips, as AWS documents it. */
export function failureThreshold(service: ServiceState): number {
  return Math.min(Math.max(3, Math.ceil(0.5 * service.desiredCount)), 200);
}
