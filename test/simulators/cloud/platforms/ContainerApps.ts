import { setTimeout as wait } from 'node:timers/promises';
import { ContainerAppStore } from '../../azure/containerApps';
import { trafficOf } from '../../azure/containerApps/revisionState';
import { SimulatedApp, WireTemplate } from '../../azure/containerApps/types';
import { planUpdate } from '../../azure/containerApps/updateApp';
import { CloudDeployment, isOver, Platform, TargetOf } from '../types';

type AppDeployment = CloudDeployment<TargetOf<'azure-container-app'>>;

/** Apps that keep several revisions side by side; the others have one at a time. */
const MULTIPLE = new Set(['vvp-issuer']);

/** `az containerapp update`, with the traffic for the newest revision where there is a choice. */
export class ContainerApps implements Platform<'azure-container-app'> {
  readonly #store: ContainerAppStore;

  constructor(store: ContainerAppStore) {
    this.#store = store;
  }

  async deploy(deployment: AppDeployment): Promise<void> {
    const { resourceGroup, name } = deployment.target;
    const app = this.#store.find(resourceGroup, name);
    if (!app) {
      this.#create(deployment);
      return;
    }
    while (app.update) {
      await wait(100);
      this.#store.settle(app);
    }
    if (commitOf(app.template) === deployment.commit) {
      return;
    }
    const template = templateFor(deployment, app);
    if (isOver(deployment)) {
      addPastRevision(app, template, deployment.at.getTime());
      return;
    }
    const traffic = [{ latestRevision: true, weight: 100 }];
    this.#store.beginUpdate(
      app,
      planUpdate(
        app,
        JSON.parse(
          JSON.stringify({
            properties: { template, configuration: { ingress: { traffic } } },
          }),
        ),
        image => this.#store.isImageThere(image),
      ),
    );
  }

  /** What never gets ready gets no traffic: a bad release comes up, and fails then. */
  async spoil(deployment: AppDeployment): Promise<void> {
    const { resourceGroup, name } = deployment.target;
    const { updateMs, readyMs } = this.#store.timings;
    setTimeout(() => {
      // Whoever looks moves the traffic to what is ready by now.
      this.#store.find(resourceGroup, name);
      this.#store.defects.set(imageOf(deployment), 'crash-loop');
    }, updateMs + readyMs).unref();
  }

  async serving({ target }: AppDeployment): Promise<string | undefined> {
    const app = this.#store.find(target.resourceGroup, target.name);
    const [most] = [...(app ? trafficOf(app) : [])].sort(
      ([, left], [, right]) => right - left,
    );
    const revision = app?.revisions.find(({ name }) => name === most?.[0]);
    return revision && commitOf(revision.template);
  }

  #create(deployment: AppDeployment): void {
    const { target, commit, at } = deployment;
    this.#store.create({
      resourceGroup: target.resourceGroup,
      name: target.name,
      mode: MULTIPLE.has(target.name) ? 'Multiple' : 'Single',
      secrets: ['postgres-password'],
      traffic: [{ latestRevision: true, weight: 100 }],
      revisions: [
        {
          suffix: suffixOf(commit, 0),
          image: imageOf(deployment),
          env: variablesOf(deployment),
          createdAt: at.toISOString(),
          minReplicas: target.minReplicas,
          maxReplicas: target.maxReplicas,
        },
      ],
    });
  }
}

function addPastRevision(
  app: SimulatedApp,
  template: WireTemplate,
  at: number,
): void {
  const name = `${app.name}--${template.revisionSuffix}`;
  app.revisions.forEach(revision => {
    revision.active = false;
  });
  app.revisions.push({
    name,
    createdAt: at,
    template,
    active: true,
    activatedAt: at,
    restarts: 0,
  });
  Object.assign(app, {
    template,
    latestRevision: name,
    latestReadyRevision: name,
  });
}

function templateFor(
  deployment: AppDeployment,
  app: SimulatedApp,
): WireTemplate {
  const [container, ...others] = structuredClone(app.template.containers);
  const again = app.revisions.filter(
    ({ template }) => commitOf(template) === deployment.commit,
  ).length;
  return {
    ...structuredClone(app.template),
    revisionSuffix: suffixOf(deployment.commit, again),
    containers: [
      {
        ...container,
        image: imageOf(deployment),
        env: variablesOf(deployment),
      },
      ...others,
    ],
  };
}

function suffixOf(commit: string, again: number): string {
  return `sha-${commit.slice(0, 7)}${again > 0 ? `-${again + 1}` : ''}`;
}

function imageOf({ target, commit }: AppDeployment): string {
  return `${target.image ?? `registry.example.test/${target.name}`}:${commit}`;
}

function variablesOf({ repository, target, commit }: AppDeployment) {
  return [
    { name: 'GIT_SHA', value: commit },
    { name: 'GITHUB_REPOSITORY', value: repository },
    ...(target.name === 'vvp-issuer'
      ? [
          { name: 'VVP_POSTGRES_HOST', value: 'database.example.test' },
          { name: 'VVP_POSTGRES_PASSWORD', secretRef: 'postgres-password' },
        ]
      : []),
  ];
}

function commitOf(template: WireTemplate): string | undefined {
  return template.containers[0].env?.find(({ name }) => name === 'GIT_SHA')
    ?.value;
}
