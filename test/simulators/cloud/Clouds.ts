import { AwsSimulator, startAwsSimulator } from '../aws';
import { AzureSimulator } from '../azure';
import { ComputeProvider, VirtualMachineStore } from '../azure/compute';
import { createContainerApps } from '../azure/containerApps';
import { KubernetesSimulator } from '../kubernetes';
import { ComposeServers } from './platforms/ComposeServers';
import { ContainerApps } from './platforms/ContainerApps';
import { ACCOUNT, EcsServices } from './platforms/EcsServices';
import { KubernetesClusters } from './platforms/KubernetesClusters';
import { VirtualMachines } from './platforms/VirtualMachines';
import { CloudDeployment, Platform } from './types';

/** Each is an API server of its own: the namespaces and names in them are the same. */
export const CLUSTERS = [
  'phoenix-dev',
  'phoenix-staging',
  'phoenix-production',
];

/** What the portal signs in with. */
export interface CloudSecrets {
  azureClientSecret: string;
  awsAccessKeyId: string;
  awsSecretAccessKey: string;
  kubernetesToken: string;
}

/** Long enough to watch, short enough to wait for. */
const timings = {
  azure: { updateMs: 1_500, readyMs: 3_000 },
  aws: { tickMs: 1_000, bakeTicks: 5 },
  kubernetes: { roundMs: 200, startMs: 1_000 },
};

/** The simulated clouds, and what serves in them. */
export class Clouds {
  readonly azure: AzureSimulator;
  readonly aws: AwsSimulator;
  readonly kubernetes: ReadonlyMap<string, KubernetesSimulator>;
  readonly #platforms: {
    [Type in Exclude<
      CloudDeployment['target']['type'],
      'custom'
    >]: Platform<Type>;
  };
  readonly #machines: VirtualMachines;
  /** The last deployment by repository, service and environment. */
  readonly #deployments = new Map<string, CloudDeployment>();
  /** Commits that do not come up where they are deployed from now on, or fail soon. */
  readonly badReleases = new Set<string>();
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(
    simulators: Pick<Clouds, 'azure' | 'aws' | 'kubernetes'>,
    stores: {
      apps: ReturnType<typeof createContainerApps>['store'];
      machines: VirtualMachineStore;
    },
  ) {
    this.azure = simulators.azure;
    this.aws = simulators.aws;
    this.kubernetes = simulators.kubernetes;
    this.#machines = new VirtualMachines(stores.machines);
    this.#platforms = {
      'azure-container-app': new ContainerApps(stores.apps),
      'azure-vm': this.#machines,
      kubernetes: new KubernetesClusters(
        new Map(
          [...simulators.kubernetes].map(([name, { cluster }]) => [
            name,
            cluster,
          ]),
        ),
      ),
      ecs: new EcsServices(simulators.aws.world),
      'github-workflow': new ComposeServers(),
    };
  }

  static async start(secrets: CloudSecrets): Promise<Clouds> {
    const apps = createContainerApps(timings.azure);
    const machines = new VirtualMachineStore();
    const azure = await AzureSimulator.start({
      clientSecret: secrets.azureClientSecret,
      providers: [
        apps.provider,
        context => ComputeProvider.create(context, machines),
      ],
    });
    const aws = await startAwsSimulator({
      ...timings.aws,
      credentials: [
        {
          accessKeyId: secrets.awsAccessKeyId,
          secretAccessKey: secrets.awsSecretAccessKey,
          account: ACCOUNT,
          principal: `arn:aws:iam::${ACCOUNT}:user/portal`,
        },
      ],
    });
    const kubernetes = new Map<string, KubernetesSimulator>();
    for (const name of CLUSTERS) {
      kubernetes.set(
        name,
        await KubernetesSimulator.start({
          ...timings.kubernetes,
          tokens: { [secrets.kubernetesToken]: 'portal' },
        }),
      );
    }
    return new Clouds(
      { azure, aws, kubernetes },
      { apps: apps.store, machines },
    );
  }

  /** One after the other, in the order in which they come. */
  deploy(deployment: CloudDeployment): Promise<void> {
    const done = this.#queue.then(async () => {
      const platform = this.#platformOf(deployment);
      await platform.deploy(deployment);
      if (this.badReleases.has(deployment.commit)) {
        await platform.spoil?.(deployment);
      }
      this.#deployments.set(keyOf(deployment), deployment);
    });
    this.#queue = done.catch(() => undefined);
    return done;
  }

  /** The commit that serves; `undefined` where nothing was ever deployed, or nothing is up. */
  async serving(
    place: Pick<CloudDeployment, 'repository' | 'service' | 'environment'>,
  ): Promise<string | undefined> {
    const deployment = this.#deployments.get(keyOf(place));
    return (
      deployment && (await this.#platformOf(deployment).serving(deployment))
    );
  }

  /** What the vendors' models said so far; Kubernetes has none here. */
  validation() {
    const reports = [this.azure.validation(), this.aws.validation()];
    return {
      cloud: Object.assign({}, ...reports.map(({ cloud }) => cloud)),
      violations: reports.flatMap(({ violations }) => violations),
      unvalidated: reports.flatMap(({ unvalidated }) => unvalidated),
    };
  }

  async stop(): Promise<void> {
    await Promise.all([
      this.azure.stop(),
      this.aws.stop(),
      ...[...this.kubernetes.values()].map(each => each.stop()),
    ]);
    await this.#machines.stop();
  }

  #platformOf({ target }: CloudDeployment): Platform<typeof target.type> {
    return this.#platforms[target.type] as Platform<typeof target.type>;
  }
}

function keyOf({
  repository,
  service,
  environment,
}: Pick<CloudDeployment, 'repository' | 'service' | 'environment'>): string {
  return `${repository}/${service}/${environment}`;
}
