import {
  ContainerApp,
  ContainerAppsAPIClient,
  Replica,
  Revision,
  Template,
  TrafficWeight,
} from '@azure/arm-appcontainers';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { AzureConnection, toTargetError } from '../connections';
import { ContainerAppAddress } from './types';

/** Azure keeps 100 inactive revisions by default, and no more than that many can be active. */
const MOST_REVISIONS = 300;

/** A change that Azure has taken and still works on. */
export interface Order {
  /** Asks once; throws what went wrong. */
  isDone(): Promise<boolean>;
}

/** What is asked and ordered of one container app. Every failure is a TargetError. */
export class ContainerAppApi {
  readonly #client: ContainerAppsAPIClient;
  readonly #address: ContainerAppAddress;
  readonly #signal: AbortSignal;

  constructor(
    connection: AzureConnection,
    address: ContainerAppAddress,
    signal: AbortSignal,
  ) {
    this.#client = new ContainerAppsAPIClient(
      connection.credential,
      address.subscriptionId,
      connection.clientOptions,
    );
    this.#address = address;
    this.#signal = signal;
  }

  get name(): string {
    return this.#address.name;
  }

  async app(): Promise<ContainerApp> {
    const { resourceGroup, name } = this.#address;
    return this.#try(`read container app ${name}`, () =>
      this.#client.containerApps.get(resourceGroup, name, this.#options()),
    );
  }

  /** Newest first. */
  async revisions(): Promise<Revision[]> {
    const { resourceGroup, name } = this.#address;
    return this.#try(`list the revisions of ${name}`, async () => {
      const revisions: Revision[] = [];
      const pages = this.#client.containerAppsRevisions.listRevisions(
        resourceGroup,
        name,
        this.#options(),
      );
      for await (const revision of pages) {
        revisions.push(revision);
        if (revisions.length >= MOST_REVISIONS) {
          break;
        }
      }
      return revisions.sort(
        (a, b) => timeOf(b.createdTime) - timeOf(a.createdTime),
      );
    });
  }

  async revision(revision: string): Promise<Revision> {
    const { resourceGroup, name } = this.#address;
    return this.#try(`read revision ${revision}`, () =>
      this.#client.containerAppsRevisions.getRevision(
        resourceGroup,
        name,
        revision,
        this.#options(),
      ),
    );
  }

  async replicas(revision: string): Promise<Replica[]> {
    const { resourceGroup, name } = this.#address;
    return this.#try(`list the replicas of ${revision}`, async () => {
      const { value } =
        await this.#client.containerAppsRevisionReplicas.listReplicas(
          resourceGroup,
          name,
          revision,
          this.#options(),
        );
      return value;
    });
  }

  async activate(revision: string): Promise<void> {
    const { resourceGroup, name } = this.#address;
    await this.#try(`activate revision ${revision}`, () =>
      this.#client.containerAppsRevisions.activateRevision(
        resourceGroup,
        name,
        revision,
        this.#options(),
      ),
    );
  }

  async deactivate(revision: string): Promise<void> {
    const { resourceGroup, name } = this.#address;
    await this.#try(`deactivate revision ${revision}`, () =>
      this.#client.containerAppsRevisions.deactivateRevision(
        resourceGroup,
        name,
        revision,
        this.#options(),
      ),
    );
  }

  async restart(revision: string): Promise<void> {
    const { resourceGroup, name } = this.#address;
    await this.#try(`restart revision ${revision}`, () =>
      this.#client.containerAppsRevisions.restartRevision(
        resourceGroup,
        name,
        revision,
        this.#options(),
      ),
    );
  }

  /** Orders another split of the traffic; Azure leaves alone what is not named. */
  async setTraffic(
    app: ContainerApp,
    traffic: TrafficWeight[],
  ): Promise<Order> {
    return this.#update(`shift the traffic of ${this.name}`, {
      location: app.location,
      configuration: { ingress: { traffic } },
    });
  }

  /** Orders a new revision; returns as soon as Azure has taken it. */
  async setTemplate(app: ContainerApp, template: Template): Promise<Order> {
    return this.#update(`update ${this.name} to another revision`, {
      location: app.location,
      template,
    });
  }

  async #update(doing: string, envelope: ContainerApp): Promise<Order> {
    const { resourceGroup, name } = this.#address;
    let isTaken = false;
    return this.#try(doing, () =>
      this.#client.containerApps.beginUpdate(resourceGroup, name, envelope, {
        ...this.#options(),
        onResponse: ({ request, status }) => {
          isTaken ||= request.method === 'PATCH' && status < 300;
        },
      }),
    ).then(
      poller => ({
        isDone: () =>
          this.#try(doing, async () => {
            if (!poller.isDone()) {
              await poller.poll(this.#options());
            }
            return poller.isDone();
          }).catch(doneIfUnreadable),
      }),
      error => {
        // The SDK asks about the operation before it returns.
        if (isTaken) {
          doneIfUnreadable(error);
          return { isDone: async () => true };
        }
        throw error;
      },
    );
  }

  #options(): { abortSignal: AbortSignal } {
    return { abortSignal: this.#signal };
  }

  async #try<T>(doing: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw explain(toTargetError(error, doing));
    }
  }
}

/**
 * Operations are read in the subscription, where a role on the resource group may not reach. The state of
 * the app tells the same, without the reason.
 */
function doneIfUnreadable(error: unknown): true {
  if (
    error instanceof TargetError &&
    (error.kind === 'denied' || error.kind === 'not-found')
  ) {
    return true;
  }
  throw error;
}

/** What Azure says when it took an update and then could not carry it out. */
function explain(error: TargetError): TargetError {
  const { kind, message } = error;
  const isRefused =
    /ContainerAppOperationError/.test(message) ||
    (kind === 'invalid' &&
      /The long-running operation has failed/.test(message));
  return isRefused
    ? new TargetError('unhealthy', message, {
        remedy:
          'Look at the image and the configuration of this revision, and choose another one.',
      })
    : error;
}

function timeOf(date: Date | undefined): number {
  return date?.getTime() ?? 0;
}
