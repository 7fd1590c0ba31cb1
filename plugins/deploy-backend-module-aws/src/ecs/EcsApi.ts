import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  Service,
  ServiceDeployment,
  StopServiceDeploymentCommand,
  Tag,
  Task,
  TaskDefinition,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { toTargetError } from './errors';

/** A task definition and its tags. */
export interface DescribedTaskDefinition {
  taskDefinition: TaskDefinition;
  tags: Tag[];
}

/** The service that is asked about. */
export interface EcsService {
  connection: string;
  region: string;
  cluster: string;
  service: string;
}

/** How many service deployments are looked at. */
const lookedAtDeployments = 5;
const lookedAtTasks = 20;

/**
 * The calls to ECS that the target needs, for one service. Every failure is a TargetError; an aborted call
 * rejects with what the signal was aborted with.
 *
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/
 */
export class EcsApi {
  readonly #reading: ECSClient;
  readonly #writing: ECSClient;
  readonly #service: EcsService;
  readonly #signal: AbortSignal;

  /**
   * @param clients - the writing one must not repeat requests by itself: whether a change that was cut off
   * has happened is looked up before it is asked for again
   */
  constructor(
    clients: { reading: ECSClient; writing: ECSClient },
    service: EcsService,
    signal: AbortSignal,
  ) {
    this.#reading = clients.reading;
    this.#writing = clients.writing;
    this.#service = service;
    this.#signal = signal;
  }

  async service(): Promise<Service> {
    const { cluster, service } = this.#service;
    const answer = await this.#call('ecs:DescribeServices', abortSignal =>
      this.#reading.send(
        new DescribeServicesCommand({ cluster, services: [service] }),
        { abortSignal },
      ),
    );
    const found = answer.services?.find(each => each.serviceName === service);
    if (!found) {
      throw new TargetError(
        'not-found',
        `There is no ${this.resource} in ${this.#service.region}.`,
        {
          remedy:
            'Correct region, cluster and service of target in deploy.yaml.',
        },
      );
    }
    return found;
  }

  /** The last few service deployments, newest first. */
  async serviceDeployments(): Promise<ServiceDeployment[]> {
    const { cluster, service } = this.#service;
    const { serviceDeployments = [] } = await this.#call(
      'ecs:ListServiceDeployments',
      abortSignal =>
        this.#reading.send(
          new ListServiceDeploymentsCommand({
            cluster,
            service,
            maxResults: lookedAtDeployments,
          }),
          { abortSignal },
        ),
    );
    const arns = serviceDeployments
      .flatMap(each => each.serviceDeploymentArn ?? [])
      .slice(0, lookedAtDeployments);
    if (arns.length === 0) {
      return [];
    }
    const described = await this.#call(
      'ecs:DescribeServiceDeployments',
      abortSignal =>
        this.#reading.send(
          new DescribeServiceDeploymentsCommand({
            serviceDeploymentArns: arns,
          }),
          { abortSignal },
        ),
    );
    return (described.serviceDeployments ?? []).sort(
      (one, other) =>
        (other.createdAt?.getTime() ?? 0) - (one.createdAt?.getTime() ?? 0) ||
        arns.indexOf(one.serviceDeploymentArn ?? '') -
          arns.indexOf(other.serviceDeploymentArn ?? ''),
    );
  }

  /** ARN of the task definition by ARN of the service revision; at most 20. */
  async taskDefinitionsOf(
    revisions: readonly string[],
  ): Promise<Map<string, string>> {
    if (revisions.length === 0) {
      return new Map();
    }
    const { serviceRevisions = [] } = await this.#call(
      'ecs:DescribeServiceRevisions',
      abortSignal =>
        this.#reading.send(
          new DescribeServiceRevisionsCommand({
            serviceRevisionArns: revisions.slice(0, 20),
          }),
          { abortSignal },
        ),
    );
    return new Map(
      serviceRevisions.flatMap(each =>
        each.serviceRevisionArn && each.taskDefinition
          ? [[each.serviceRevisionArn, each.taskDefinition] as const]
          : [],
      ),
    );
  }

  /** ARNs of task definitions of a family, newest first. */
  async taskDefinitions(
    family: string,
    status: 'ACTIVE' | 'INACTIVE',
    most: number,
  ): Promise<string[]> {
    const { taskDefinitionArns = [] } = await this.#call(
      'ecs:ListTaskDefinitions',
      abortSignal =>
        this.#reading.send(
          new ListTaskDefinitionsCommand({
            familyPrefix: family,
            status,
            sort: 'DESC',
            maxResults: most,
          }),
          { abortSignal },
        ),
    );
    return taskDefinitionArns.slice(0, most);
  }

  /** @param name - ARN or `family:revision` */
  async taskDefinition(name: string): Promise<DescribedTaskDefinition> {
    const { taskDefinition, tags } = await this.#call(
      'ecs:DescribeTaskDefinition',
      abortSignal =>
        this.#reading.send(
          new DescribeTaskDefinitionCommand({
            taskDefinition: name,
            include: ['TAGS'],
          }),
          { abortSignal },
        ),
    );
    if (!taskDefinition) {
      throw new TargetError('invalid', `ECS told nothing about ${name}.`);
    }
    return { taskDefinition, tags: tags ?? [] };
  }

  /** Tasks that have stopped lately, newest first; ECS keeps them for about an hour. */
  async stoppedTasks(): Promise<Task[]> {
    const { cluster, service } = this.#service;
    const { taskArns = [] } = await this.#call('ecs:ListTasks', abortSignal =>
      this.#reading.send(
        new ListTasksCommand({
          cluster,
          serviceName: service,
          desiredStatus: 'STOPPED',
          maxResults: 100,
        }),
        { abortSignal },
      ),
    );
    if (taskArns.length === 0) {
      return [];
    }
    const { tasks = [] } = await this.#call('ecs:DescribeTasks', abortSignal =>
      this.#reading.send(
        new DescribeTasksCommand({ cluster, tasks: taskArns }),
        {
          abortSignal,
        },
      ),
    );
    return tasks
      .sort(
        (one, other) =>
          (other.stoppedAt?.getTime() ?? 0) - (one.stoppedAt?.getTime() ?? 0),
      )
      .slice(0, lookedAtTasks);
  }

  /** @param force - begins a new deployment even though nothing differs */
  async updateService(taskDefinition: string, force: boolean): Promise<void> {
    const { cluster, service } = this.#service;
    await this.#call('ecs:UpdateService', abortSignal =>
      this.#writing.send(
        new UpdateServiceCommand({
          cluster,
          service,
          taskDefinition,
          ...(force && { forceNewDeployment: true }),
        }),
        { abortSignal },
      ),
    );
  }

  /** Has ECS take a service deployment back to the revision before it. */
  async stopServiceDeployment(arn: string): Promise<void> {
    await this.#call('ecs:StopServiceDeployment', abortSignal =>
      this.#writing.send(
        new StopServiceDeploymentCommand({
          serviceDeploymentArn: arn,
          stopType: 'ROLLBACK',
        }),
        { abortSignal },
      ),
    );
  }

  get resource(): string {
    return `service ${this.#service.service} in cluster ${
      this.#service.cluster
    }`;
  }

  async #call<T>(
    action: string,
    send: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    this.#signal.throwIfAborted();
    try {
      return await send(this.#signal);
    } catch (error) {
      this.#signal.throwIfAborted();
      throw toTargetError(error, {
        action,
        connection: this.#service.connection,
        resource: this.resource,
      });
    }
  }
}
