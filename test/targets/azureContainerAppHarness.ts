import { isDeepStrictEqual } from 'node:util';
import { ConfigReader } from '@backstage/config';
import {
  createContainerAppTarget,
  ContainerAppSpec,
  readAzureConnections,
} from '@vvp/backstage-plugin-deploy-backend-module-azure';
import { TargetEnvironment } from '@vvp/backstage-plugin-deploy-node';
import type { CanaryTargetHarness } from '@vvp/backstage-plugin-deploy-node/testUtils';
import { AzureSimulator, RegistryStore } from '../simulators/azure';
import {
  ContainerAppStore,
  createContainerApps,
  NewApp,
} from '../simulators/azure/containerApps';
import { AzureRest } from './azureRest';
import { ValidationTotals } from './azureValidation';

export const SHA = {
  older: 'a'.repeat(40),
  previous: 'b'.repeat(40),
  current: 'c'.repeat(40),
  canary: 'e'.repeat(40),
};

/** Host of the registry of all images. */
const REGISTRY = 'registry.example.test';

/** What the vendor's model said of all calls of a test file. */
export const containerAppCalls = new ValidationTotals();

/** A simulated subscription with VVP's container apps, and the target that drives it. */
export interface ContainerAppHarness
  extends CanaryTargetHarness<ContainerAppSpec> {
  azure: AzureSimulator;
  store: ContainerAppStore;
  rest: AzureRest;
  /** Another app beside the one under test. */
  other: TargetEnvironment<ContainerAppSpec>;
  /** Name of the revision that serves an app, read by plain https. */
  servingOf(app: string): Promise<string>;
  push(): Promise<string>;
}

export interface HarnessOptions {
  mode: NewApp['mode'];
  readySeconds?: number;
  app?: Partial<NewApp>;
  readyMs?: number;
  updateMs?: number;
}

export async function startContainerApps(
  options: HarnessOptions,
): Promise<ContainerAppHarness> {
  const { store, provider } = createContainerApps({
    updateMs: options.updateMs ?? 15,
    readyMs: options.readyMs ?? 15,
  });
  store.create({ ...appNamed('vvp-issuer', options.mode), ...options.app });
  store.create(appNamed('vvp-verifier', options.mode));
  const azure = await AzureSimulator.start({
    providers: [provider],
    registry: registryOf(store),
  });
  const rest = new AzureRest(azure);
  const connections = readAzureConnections(
    new ConfigReader({
      deploy: {
        targets: { azure: { connections: [azure.connectionConfig()] } },
      },
    }),
  );
  let ownChanges = 0;
  const changes = async () =>
    azure.requests().filter(({ change }) => change).length - ownChanges;
  const aside = async <T>(work: () => Promise<T>) => {
    const before = await changes();
    const result = await work();
    ownChanges += (await changes()) - before;
    return result;
  };
  const servingOf = (app: string) => readServing(rest, app, options.mode);
  return {
    azure,
    store,
    rest,
    target: createContainerAppTarget(connections, {
      pollIntervalMs: 5,
      readySeconds: options.readySeconds ?? 0.3,
    }),
    environment: environmentOf('vvp-issuer'),
    other: environmentOf('vvp-verifier'),
    revisions: {
      current: 'vvp-issuer--r3',
      previous: 'vvp-issuer--r2',
      older: 'vvp-issuer--r1',
      gone: 'vvp-issuer--r0',
      foreign: 'vvp-verifier--r2',
    },
    serving: () => servingOf('vvp-issuer'),
    servingOf,
    changes,
    push: () => aside(() => deploy(rest, 'vvp-issuer', options.mode)),
    canary: {
      begin: () =>
        aside(async () => {
          const commit = SHA.canary;
          const revision = await updateImage(rest, 'vvp-issuer', commit);
          return { revision, commit };
        }),
      share: async revision => {
        const path = `/Microsoft.App/containerApps/vvp-issuer/revisions/${revision}`;
        return (await rest.get(path)).body.properties.trafficWeight;
      },
    },
    faults: {
      denyChanges: async () => {
        azure.faults.denyChanges = true;
      },
      rejectCredentials: async () => {
        azure.faults.rejectCredentials = true;
      },
      neverHealthy: async revision => {
        const template = store
          .find('VVP', 'vvp-issuer')
          ?.revisions.find(({ name }) => name === revision)?.template;
        // By image: in single-revision mode another revision will run it.
        store.defects.set(template!.containers[0].image, 'crash-loop');
      },
      throttle: async requests => {
        azure.faults.throttle = requests;
        azure.faults.throttleRetryAfterSeconds = 0;
      },
      cutNextChange: async () => {
        azure.faults.cutChanges = 1;
      },
      clear: async () => {
        azure.clearFaults();
        store.defects.clear();
      },
    },
    stop: async () => {
      containerAppCalls.add(azure.validation());
      await azure.stop();
    },
  };
}

export function environmentOf(
  name: string,
): TargetEnvironment<ContainerAppSpec> {
  return {
    entityRef: `component:default/${name}`,
    repository: 'example-org/vvp',
    environment: 'production',
    tier: 'production',
    target: { type: 'azure-container-app', resourceGroup: 'VVP', name },
  };
}

/** With the images of all revisions that there are. */
function registryOf(store: ContainerAppStore): RegistryStore {
  const registry = new RegistryStore(REGISTRY);
  const images = store
    .list()
    .flatMap(({ revisions }) => revisions)
    .flatMap(({ template }) => template.containers)
    .map(({ image }) => image);
  images.forEach(image => registry.push(image.slice(REGISTRY.length + 1)));
  return registry;
}

function appNamed(name: string, mode: NewApp['mode']): NewApp {
  const revision = (suffix: string, sha: string, day: number) => ({
    suffix,
    image: `registry.example.test/${name}:${sha}`,
    env: [
      { name: 'GIT_SHA', value: sha },
      { name: 'VVP_DB_HOST', value: `database-${suffix}.example.test` },
      { name: 'VVP_POSTGRES_PASSWORD', secretRef: 'postgres-password' },
    ],
    createdAt: `2026-11-0${day}T10:00:00Z`,
  });
  return {
    resourceGroup: 'VVP',
    name,
    mode,
    secrets: ['postgres-password'],
    revisions: [
      revision('r1', SHA.older, 1),
      revision('r2', SHA.previous, 2),
      revision('r3', SHA.current, 3),
    ],
  };
}

/** What a pipeline does: a new image, and in multiple-revision mode the traffic once it is up. */
async function deploy(
  rest: AzureRest,
  app: string,
  mode: NewApp['mode'],
): Promise<string> {
  const pushed = await updateImage(rest, app);
  await until(async () => {
    const { body } = await rest.get(`/Microsoft.App/containerApps/${app}`);
    return body.properties.latestReadyRevisionName === pushed;
  });
  if (mode === 'Multiple') {
    await patchApp(rest, app, () => ({
      configuration: {
        ingress: { traffic: [{ revisionName: pushed, weight: 100 }] },
      },
    }));
  }
  return pushed;
}

/** What `az containerapp update --image --set-env-vars` does; returns the new revision. */
export async function updateImage(
  rest: AzureRest,
  app: string,
  commit: string = 'd'.repeat(40),
): Promise<string> {
  await patchApp(rest, app, ({ template }) => ({
    template: {
      revisionSuffix: '',
      containers: [
        {
          ...template.containers[0],
          image: `registry.example.test/${app}:${commit}`,
          env: template.containers[0].env.map((variable: any) =>
            variable.name === 'GIT_SHA'
              ? { ...variable, value: commit }
              : variable,
          ),
        },
      ],
    },
  }));
  const { body } = await rest.get(`/Microsoft.App/containerApps/${app}`);
  return body.properties.latestRevisionName;
}

/** Tries again as long as Azure works on something else. */
async function patchApp(
  rest: AzureRest,
  app: string,
  change: (properties: any) => unknown,
): Promise<void> {
  const path = `/Microsoft.App/containerApps/${app}`;
  await until(async () => {
    const { body } = await rest.get(path);
    const { status } = await rest.patch(path, {
      location: body.location,
      properties: change(body.properties),
    });
    expect([202, 409]).toContain(status);
    return status === 202;
  });
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) {
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

async function readServing(
  rest: AzureRest,
  name: string,
  mode: NewApp['mode'],
): Promise<string> {
  const path = `/Microsoft.App/containerApps/${name}`;
  const app = (await rest.get(path)).body.properties;
  const list = (await rest.get(`${path}/revisions`)).body.value;
  if (mode === 'Multiple') {
    const shares = list.filter(
      (revision: any) => revision.properties.trafficWeight > 0,
    );
    return shares
      .map(({ name: revision, properties }: any) =>
        properties.trafficWeight === 100 && properties.active
          ? revision
          : `${revision} ${properties.trafficWeight} % active=${properties.active}`,
      )
      .join(', ');
  }
  // The first of those that run the same.
  const serving = list.find(
    (revision: any) => revision.name === app.latestReadyRevisionName,
  );
  return list.find((revision: any) =>
    isDeepStrictEqual(
      revision.properties.template.containers,
      serving.properties.template.containers,
    ),
  ).name;
}
