import { randomBytes } from 'node:crypto';
import { addEvent, failureThreshold, scaleUp, stopAll, tasksOf } from './Tasks';
import { DeploymentState, ServiceDeploymentState, ServiceState } from './state';

/** Which tasks fail, and how long green and blue run side by side. */
export interface Conditions {
  now: Date;
  /** Why tasks of this task definition do not come up. */
  failureOf(taskDefinition: string): string | undefined;
  bakeTicks: number;
}

const inFlight: ReadonlySet<string> = new Set([
  'PENDING',
  'IN_PROGRESS',
  'STOP_REQUESTED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
]);

export function isInFlight(deployment: ServiceDeploymentState): boolean {
  return inFlight.has(deployment.status);
}

/** Begins to bring a task definition in; what was under way is given up for it. */
export function startDeployment(
  service: ServiceState,
  taskDefinition: string,
  now: Date,
): void {
  const earlier = latest(service);
  const source = sourceOf(earlier);
  if (earlier && isInFlight(earlier)) {
    earlier.status = 'STOPPED';
    earlier.statusReason = 'A newer service deployment took its place.';
    earlier.stoppedAt = now;
    earlier.updatedAt = now;
  }
  const revision = addRevision(service, taskDefinition, now);
  service.taskDefinition = taskDefinition;
  replacePrimary(service, newDeployment(taskDefinition, revision, now));
  service.serviceDeployments.push({
    arn: service.arn.replace(
      /:service\/(.*)$/,
      `:service-deployment/$1/${identifier()}`,
    ),
    status: 'PENDING',
    createdAt: now,
    updatedAt: now,
    source,
    target: revision,
    weight: 0,
    circuitBreaker: service.circuitBreaker.enable ? 'MONITORING' : 'DISABLED',
    baked: 0,
  });
}

/** What happens to a service from one look of the scheduler to the next. */
export function tick(service: ServiceState, conditions: Conditions): void {
  const current = latest(service);
  if (service.status !== 'ACTIVE' || !current || !isInFlight(current)) {
    return;
  }
  const before = standing(current);
  goOn(service, current, conditions);
  if (standing(current) !== before) {
    current.updatedAt = conditions.now;
  }
}

function goOn(
  service: ServiceState,
  current: ServiceDeploymentState,
  conditions: Conditions,
): void {
  switch (current.status) {
    case 'PENDING':
      current.status = 'IN_PROGRESS';
      current.stage =
        service.strategy === 'BLUE_GREEN' ? 'PRE_SCALE_UP' : undefined;
      break;
    case 'ROLLBACK_REQUESTED':
      beginRollback(service, current, {
        now: conditions.now,
        reason: 'Service deployment rollback was requested by a user.',
        deploymentReason: 'ECS deployment rollback was requested.',
      });
      break;
    case 'ROLLBACK_IN_PROGRESS':
      goOnWithRollback(service, current, conditions);
      break;
    default:
      if (service.strategy === 'BLUE_GREEN') {
        goOnWithBlueGreen(service, current, conditions);
      } else {
        goOnWithRolling(service, current, conditions);
      }
  }
}

/** What of a service deployment its time of update is about. */
function standing({ status, stage, weight }: ServiceDeploymentState): string {
  return JSON.stringify([status, stage, weight]);
}

/** The last service deployment that there was. */
export function latest(
  service: ServiceState,
): ServiceDeploymentState | undefined {
  return service.serviceDeployments[service.serviceDeployments.length - 1];
}

/** A deployment that was over before anyone looked. */
export function seedDeployment(
  service: ServiceState,
  taskDefinition: string,
  now: Date,
): void {
  startDeployment(service, taskDefinition, now);
  const deployment = latest(service)!;
  const primary = primaryOf(service);
  scaleUp(service, primary, { now });
  scaleUp(service, primary, { now });
  complete(service, deployment, { now, status: 'SUCCESSFUL' });
}

function goOnWithRolling(
  service: ServiceState,
  current: ServiceDeploymentState,
  conditions: Conditions,
): void {
  const { now } = conditions;
  const primary = primaryOf(service);
  const failure = conditions.failureOf(primary.taskDefinition);
  if (!scaleUp(service, primary, { now, failure })) {
    breakCircuit(service, current, now);
    return;
  }
  const others = service.deployments.filter(each => each !== primary);
  if (others.some(each => tasksOf(service, each, 'RUNNING').length > 0)) {
    others.forEach(each => stopAll(service, each, now));
    return;
  }
  current.weight = 100;
  complete(service, current, { now, status: 'SUCCESSFUL' });
}

function goOnWithBlueGreen(
  service: ServiceState,
  current: ServiceDeploymentState,
  conditions: Conditions,
): void {
  const { now } = conditions;
  switch (current.stage) {
    case 'PRE_SCALE_UP':
      current.stage = 'SCALE_UP';
      break;
    case 'SCALE_UP': {
      const primary = primaryOf(service);
      const failure = conditions.failureOf(primary.taskDefinition);
      if (scaleUp(service, primary, { now, failure })) {
        current.stage = 'POST_SCALE_UP';
      } else {
        breakCircuit(service, current, now);
      }
      break;
    }
    case 'POST_SCALE_UP':
      current.stage = 'TEST_TRAFFIC_SHIFT';
      break;
    case 'TEST_TRAFFIC_SHIFT':
      current.stage = 'POST_TEST_TRAFFIC_SHIFT';
      break;
    case 'POST_TEST_TRAFFIC_SHIFT':
      current.stage = 'PRODUCTION_TRAFFIC_SHIFT';
      break;
    case 'PRODUCTION_TRAFFIC_SHIFT':
      current.weight = 100;
      current.stage = 'POST_PRODUCTION_TRAFFIC_SHIFT';
      break;
    case 'POST_PRODUCTION_TRAFFIC_SHIFT':
      current.stage = 'BAKE_TIME';
      break;
    case 'BAKE_TIME':
      current.baked += 1;
      if (current.baked >= conditions.bakeTicks) {
        current.stage = 'CLEAN_UP';
      }
      break;
    default:
      complete(service, current, { now, status: 'SUCCESSFUL' });
  }
}

function goOnWithRollback(
  service: ServiceState,
  current: ServiceDeploymentState,
  conditions: Conditions,
): void {
  const { now } = conditions;
  const primary = primaryOf(service);
  const failure = conditions.failureOf(primary.taskDefinition);
  if (scaleUp(service, primary, { now, failure })) {
    complete(service, current, { now, status: 'ROLLBACK_SUCCESSFUL' });
  }
}

function breakCircuit(
  service: ServiceState,
  current: ServiceDeploymentState,
  now: Date,
): void {
  const primary = primaryOf(service);
  if (
    !service.circuitBreaker.enable ||
    primary.failedTasks < failureThreshold(service)
  ) {
    return;
  }
  current.circuitBreaker = 'TRIGGERED';
  primary.rolloutState = 'FAILED';
  primary.reason = 'ECS deployment circuit breaker: tasks failed to start.';
  if (service.circuitBreaker.rollback && current.source) {
    beginRollback(service, current, {
      now,
      reason:
        'Service deployment rolled back because the circuit breaker threshold was exceeded.',
      deploymentReason: 'ECS deployment circuit breaker: rolling back',
    });
    return;
  }
  current.status = 'STOPPED';
  current.statusReason =
    'Service deployment failed because the circuit breaker threshold was exceeded.';
  current.stoppedAt = now;
}

function beginRollback(
  service: ServiceState,
  current: ServiceDeploymentState,
  options: { now: Date; reason: string; deploymentReason: string },
): void {
  const { now } = options;
  const failed = primaryOf(service);
  const source = current.source!;
  const taskDefinition = service.revisions.get(source)!.taskDefinition;
  failed.rolloutState = 'FAILED';
  const back =
    service.deployments.find(each => each.revision === source) ??
    newDeployment(taskDefinition, source, now);
  replacePrimary(service, back);
  back.rolloutState = 'IN_PROGRESS';
  back.reason = `${options.deploymentReason} to deploymentId ${back.id}.`;
  stopAll(service, failed, now);
  service.taskDefinition = taskDefinition;
  current.status = 'ROLLBACK_IN_PROGRESS';
  current.statusReason = options.reason;
  current.weight = 0;
  current.rollback = {
    reason: options.reason,
    startedAt: now,
    serviceRevisionArn: source,
  };
  addEvent(service, now, `rolling back to deployment ${back.id}.`);
}

function complete(
  service: ServiceState,
  current: ServiceDeploymentState,
  options: { now: Date; status: 'SUCCESSFUL' | 'ROLLBACK_SUCCESSFUL' },
): void {
  const { now, status } = options;
  const primary = primaryOf(service);
  for (const other of service.deployments) {
    if (other !== primary) {
      stopAll(service, other, now);
    }
  }
  service.deployments = [primary];
  primary.rolloutState = 'COMPLETED';
  primary.reason = `ECS deployment ${primary.id} completed.`;
  primary.failedTasks = 0;
  current.status = status;
  current.stage = undefined;
  current.weight = status === 'SUCCESSFUL' ? 100 : 0;
  current.finishedAt = now;
  if (current.circuitBreaker === 'MONITORING') {
    current.circuitBreaker = 'MONITORING_COMPLETE';
  }
  addEvent(service, now, `(deployment ${primary.id}) deployment completed.`);
  addEvent(service, now, 'has reached a steady state.');
}

/** The revision that serves when a deployment begins. */
function sourceOf(
  earlier: ServiceDeploymentState | undefined,
): string | undefined {
  if (!earlier) {
    return undefined;
  }
  if (earlier.status === 'SUCCESSFUL' || earlier.weight === 100) {
    return earlier.target;
  }
  return earlier.source;
}

function primaryOf(service: ServiceState): DeploymentState {
  return service.deployments.find(each => each.status === 'PRIMARY')!;
}

function replacePrimary(service: ServiceState, next: DeploymentState): void {
  const others = service.deployments.filter(each => each !== next);
  others.forEach(each => {
    each.status = 'ACTIVE';
  });
  next.status = 'PRIMARY';
  service.deployments = [next, ...others];
}

function addRevision(
  service: ServiceState,
  taskDefinition: string,
  createdAt: Date,
): string {
  const arn = service.arn.replace(
    /:service\/(.*)$/,
    `:service-revision/$1/${randomDigits()}`,
  );
  service.revisions.set(arn, { taskDefinition, createdAt });
  return arn;
}

function newDeployment(
  taskDefinition: string,
  revision: string,
  now: Date,
): DeploymentState {
  const id = `ecs-svc/${randomDigits()}`;
  return {
    id,
    status: 'PRIMARY',
    taskDefinition,
    revision,
    rolloutState: 'IN_PROGRESS',
    reason: `ECS deployment ${id} in progress.`,
    failedTasks: 0,
    createdAt: now,
    updatedAt: now,
  };
}

function randomDigits(): string {
  return randomBytes(8)
    .readBigUInt64BE()
    .toString()
    .padStart(19, '0')
    .slice(-19);
}

function identifier(): string {
  return randomBytes(16).toString('base64url');
}
