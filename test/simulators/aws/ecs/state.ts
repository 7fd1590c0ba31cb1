import {
  ContainerDefinition,
  RegisterTaskDefinitionRequest,
  ServiceDeploymentLifecycleStage,
  ServiceDeploymentStatus,
  Tag,
  TaskDefinitionStatus,
} from '@aws-sdk/client-ecs';

export interface TaskDefinitionState {
  arn: string;
  family: string;
  revision: number;
  status: TaskDefinitionStatus;
  registeredAt: Date;
  deregisteredAt?: Date;
  content: RegisterTaskDefinitionRequest & {
    containerDefinitions: ContainerDefinition[];
  };
  tags: Tag[];
}

export interface TaskState {
  arn: string;
  taskDefinition: string;
  /** Id of its deployment. */
  startedBy: string;
  lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED';
  createdAt: Date;
  stoppedAt?: Date;
  stoppedReason?: string;
  stopCode?: 'EssentialContainerExited' | 'ServiceSchedulerInitiated';
}

export interface DeploymentState {
  id: string;
  status: 'PRIMARY' | 'ACTIVE';
  taskDefinition: string;
  /** ARN of the service revision. */
  revision: string;
  rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  reason: string;
  failedTasks: number;
  createdAt: Date;
  updatedAt: Date;
}

export interface ServiceDeploymentState {
  arn: string;
  status: ServiceDeploymentStatus;
  statusReason?: string;
  stage?: ServiceDeploymentLifecycleStage;
  createdAt: Date;
  updatedAt: Date;
  finishedAt?: Date;
  stoppedAt?: Date;
  /** ARNs of service revisions. */
  source?: string;
  target: string;
  /** Share of production that the target gets, 0 to 100. */
  weight: number;
  rollback?: { reason: string; startedAt: Date; serviceRevisionArn: string };
  circuitBreaker:
    | 'MONITORING'
    | 'TRIGGERED'
    | 'MONITORING_COMPLETE'
    | 'DISABLED';
  /** Ticks that the bake time has lasted. */
  baked: number;
}

export interface ServiceState {
  region: string;
  account: string;
  cluster: string;
  name: string;
  arn: string;
  status: 'ACTIVE' | 'INACTIVE';
  desiredCount: number;
  taskDefinition: string;
  strategy: 'ROLLING' | 'BLUE_GREEN';
  controller: 'ECS' | 'CODE_DEPLOY';
  circuitBreaker: { enable: boolean; rollback: boolean };
  bakeTimeInMinutes: number;
  createdAt: Date;
  deployments: DeploymentState[];
  /** Newest last. */
  serviceDeployments: ServiceDeploymentState[];
  /** Task definition by ARN of the service revision. */
  revisions: Map<string, { taskDefinition: string; createdAt: Date }>;
  tasks: TaskState[];
  /** Newest first. */
  events: { id: string; createdAt: Date; message: string }[];
}
