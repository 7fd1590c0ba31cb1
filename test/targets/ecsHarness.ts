import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  RegisterTaskDefinitionRequest,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { JsonObject } from '@backstage/types';
import {
  EcsSpec,
  EcsTarget,
  type AwsConnection,
} from '@vvp/backstage-plugin-deploy-backend-module-aws';
import type { TargetEnvironment } from '@vvp/backstage-plugin-deploy-node';
import type { CanaryTargetHarness } from '@vvp/backstage-plugin-deploy-node/testUtils';
import {
  AwsSimulator,
  AwsSimulatorOptions,
  Ledger,
  NewService,
  startAwsSimulator,
} from '../simulators/aws';

export const place = { region: 'eu-central-1', account: '111122223333' };
/** That of ECR for the account and its region. */
export const ecrRegistry = `${place.account}.dkr.ecr.${place.region}.amazonaws.com`;
export const cluster = 'sandbox-broker-cluster';
export const service = 'sandbox-broker-api';
export const portalKey = {
  accessKeyId: 'AKIAPORTAL0000000000',
  secretAccessKey: 'portal-secret-of-the-tests',
  account: place.account,
  principal: 'arn:aws:iam::111122223333:user/portal',
};
export const pipelineKey = {
  accessKeyId: 'AKIAPIPELINE00000000',
  secretAccessKey: 'pipeline-secret-of-the-tests',
  account: place.account,
  principal: 'arn:aws:iam::111122223333:user/pipeline',
};
export const connection: AwsConnection = {
  name: 'sandbox-broker',
  repositories: ['example-org/*'],
  accountId: place.account,
  keys: {
    accessKeyId: portalKey.accessKeyId,
    secretAccessKey: portalKey.secretAccessKey,
  },
};
export const environment: TargetEnvironment<EcsSpec> = {
  entityRef: 'component:default/sandbox-broker-api',
  repository: 'example-org/sandbox-broker',
  environment: 'production',
  tier: 'production',
  target: { type: 'ecs', region: place.region, cluster, service },
};

export interface EcsHarness extends CanaryTargetHarness<EcsSpec> {
  target: EcsTarget;
  aws: AwsSimulator;
  /** The platform without our code, as the pipeline. */
  client: ECSClient;
  /** `deploy.targets` of app-config, for a process of its own. */
  config: JsonObject;
}

export interface EcsHarnessOptions {
  ledger: Ledger;
  service?: Partial<NewService>;
  simulator?: Partial<AwsSimulatorOptions>;
  connection?: Partial<AwsConnection>;
  /** Host of all images; those of a registry of ECR are pushed there. */
  registry?: string;
}

export function commitOf(revision: number): string {
  return revision.toString(16).padStart(40, 'c');
}

export function taskDefinition(
  family: string,
  revision: number,
  registry: string = 'registry.example.test',
): RegisterTaskDefinitionRequest {
  return {
    family,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    containerDefinitions: [
      {
        name: family,
        image: `${registry}/${family}:${commitOf(revision)}`,
        essential: true,
        portMappings: [{ containerPort: 8000, protocol: 'tcp' }],
        environment: [
          { name: 'LOG_LEVEL', value: 'info' },
          { name: `ONLY_IN_${revision}`, value: `value-of-${revision}` },
        ],
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': `/ecs/${family}`,
            'awslogs-region': place.region,
            'awslogs-stream-prefix': 'ecs',
          },
        },
      },
    ],
  };
}

/** Starts a simulated account with two services, and the target with a connection to it. */
export async function startEcsHarness(
  options: EcsHarnessOptions,
): Promise<EcsHarness> {
  const aws = await startAwsSimulator({
    credentials: [portalKey, pipelineKey],
    ledger: options.ledger,
    ...options.simulator,
  });
  for (const family of [service, 'ngx-voice-agent']) {
    for (const revision of [1, 2, 3]) {
      aws.register(place, taskDefinition(family, revision, options.registry));
      if (options.registry === ecrRegistry) {
        aws.world.images.push(place, family, commitOf(revision), new Date());
      }
    }
  }
  aws.addService({
    ...place,
    cluster,
    name: service,
    history: [1, 2, 3].map(revision => `${service}:${revision}`),
    ...options.service,
  });
  aws.addService({
    ...place,
    cluster,
    name: 'ngx-voice-agent',
    history: ['ngx-voice-agent:1'],
  });
  const target = new EcsTarget({
    connections: [
      {
        ...connection,
        endpoint: aws.url,
        ecrEndpoint: aws.url,
        stsEndpoint: aws.url,
        ...options.connection,
      },
    ],
    pollMilliseconds: 10,
  });
  const client = new ECSClient({
    region: place.region,
    endpoint: aws.url,
    credentials: pipelineKey,
  });
  return {
    aws,
    client,
    target,
    environment,
    config: {
      aws: {
        pollSeconds: 0.01,
        connections: [
          {
            name: connection.name,
            repositories: connection.repositories,
            accountId: place.account,
            endpoint: aws.url,
            ecrEndpoint: aws.url,
            accessKeyId: portalKey.accessKeyId,
            secretAccessKey: portalKey.secretAccessKey,
          },
        ],
      },
    },
    revisions: {
      current: `${service}:3`,
      previous: `${service}:2`,
      older: `${service}:1`,
      gone: `${service}:99`,
      foreign: 'ngx-voice-agent:2',
    },
    serving: () => servingOf(client),
    changes: async () =>
      aws.log.filter(
        each => each.changes && each.accessKeyId !== pipelineKey.accessKeyId,
      ).length,
    push: async () => {
      const pushed = await push(client);
      while ((await describeService(client)).currentServiceDeployment) {
        await new Promise(resolve => {
          setImmediate(resolve);
        });
      }
      return pushed;
    },
    canary: {
      begin: async () => {
        const revision = await push(client);
        // From then on its share stays as it is, until the bake time is over.
        while ((await sharesOf(client)).get(revision) !== 100) {
          await new Promise(resolve => {
            setImmediate(resolve);
          });
        }
        return { revision, commit: commitOf(4) };
      },
      share: async revision => (await sharesOf(client)).get(revision) ?? 0,
    },
    faults: {
      async denyChanges() {
        aws.faults.readOnly.add(portalKey.accessKeyId);
      },
      async rejectCredentials() {
        aws.faults.rejected.add(portalKey.accessKeyId);
      },
      async neverHealthy(revision) {
        aws.failTasks(place, revision, 'Essential container in task exited');
      },
      async throttle(requests) {
        aws.faults.throttle = requests;
      },
      async cutNextChange() {
        aws.faults.cutNextChange = true;
      },
      async clear() {
        aws.clearFaults();
      },
    },
    async stop() {
      client.destroy();
      await aws.stop();
    },
  };
}

/** What the pipeline does: registers a task definition and sets the service to it. */
export async function push(client: ECSClient): Promise<string> {
  const made = await client.send(
    new RegisterTaskDefinitionCommand(taskDefinition(service, 4)),
  );
  const { family, revision } = made.taskDefinition!;
  const name = `${family}:${revision}`;
  await client.send(
    new UpdateServiceCommand({ cluster, service, taskDefinition: name }),
  );
  return name;
}

/** The service as ECS describes it to the pipeline. */
export async function describeService(client: ECSClient) {
  const { services } = await client.send(
    new DescribeServicesCommand({ cluster, services: [service] }),
  );
  return services![0];
}

/**
 * What production is served by: where ECS shifts traffic, the revision that gets all of it; else the only
 * task definition that tasks run. Several are told with commas.
 */
export async function servingOf(client: ECSClient): Promise<string> {
  const { currentServiceDeployment } = await describeService(client);
  if (currentServiceDeployment) {
    const weighted = await weightsOf(client, currentServiceDeployment);
    if (weighted.length > 0) {
      return weighted.join(',');
    }
  }
  return (await runningOf(client)).join(',');
}

/** `family:revision` of all tasks that run, each once. */
export async function runningOf(client: ECSClient): Promise<string[]> {
  const { taskArns = [] } = await client.send(
    new ListTasksCommand({
      cluster,
      serviceName: service,
      desiredStatus: 'RUNNING',
    }),
  );
  if (taskArns.length === 0) {
    return [];
  }
  const { tasks = [] } = await client.send(
    new DescribeTasksCommand({ cluster, tasks: taskArns }),
  );
  return [
    ...new Set(
      tasks
        .filter(task => task.lastStatus === 'RUNNING')
        .map(task => task.taskDefinitionArn!.split('/').pop()!),
    ),
  ].sort();
}

/** Percent of production by `family:revision`, while ECS shifts it; all to what runs else. */
export async function sharesOf(
  client: ECSClient,
): Promise<Map<string, number>> {
  const { currentServiceDeployment } = await describeService(client);
  if (!currentServiceDeployment) {
    const running = await runningOf(client);
    return new Map(running.map(revision => [revision, 100]));
  }
  const { serviceDeployments } = await client.send(
    new DescribeServiceDeploymentsCommand({
      serviceDeploymentArns: [currentServiceDeployment],
    }),
  );
  const { targetServiceRevision, sourceServiceRevisions = [] } =
    serviceDeployments![0];
  const summaries = [targetServiceRevision!, ...sourceServiceRevisions];
  const { serviceRevisions = [] } = await client.send(
    new DescribeServiceRevisionsCommand({
      serviceRevisionArns: summaries.map(each => each.arn!),
    }),
  );
  return new Map(
    serviceRevisions.map(({ serviceRevisionArn, taskDefinition: arn }) => [
      arn!.split('/').pop()!,
      summaries.find(each => each.arn === serviceRevisionArn)
        ?.requestedProductionTrafficWeight ?? 0,
    ]),
  );
}

async function weightsOf(client: ECSClient, arn: string): Promise<string[]> {
  const { serviceDeployments } = await client.send(
    new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }),
  );
  const { targetServiceRevision, sourceServiceRevisions = [] } =
    serviceDeployments![0];
  const served = [targetServiceRevision!, ...sourceServiceRevisions].filter(
    each => (each.requestedProductionTrafficWeight ?? 0) > 0,
  );
  if (served.length === 0) {
    return [];
  }
  const { serviceRevisions = [] } = await client.send(
    new DescribeServiceRevisionsCommand({
      serviceRevisionArns: served.map(each => each.arn!),
    }),
  );
  return serviceRevisions.map(each => each.taskDefinition!.split('/').pop()!);
}
