import { LoggerService } from '@backstage/backend-plugin-api';
import { SignalsService } from '@backstage/plugin-signals-node';
import { JsonObject } from '@backstage/types';
import { ServiceStore } from './store/ServiceStore';

/** Events come in bursts; a page needs to hear of a burst once. */
const GATHER_MS = 200;

/** Tells open pages that there is something new to read. Never what it is: reading is authorised. */
export class DeploySignals {
  readonly #signals: SignalsService;
  readonly #services: ServiceStore;
  readonly #logger: LoggerService;
  #gathered = new Set<string>();
  #timer?: NodeJS.Timeout;
  #stopped = false;

  constructor(options: {
    signals: SignalsService;
    services: ServiceStore;
    logger: LoggerService;
  }) {
    this.#signals = options.signals;
    this.#services = options.services;
    this.#logger = options.logger;
  }

  /** Notes that services may look different now. Nobody has to wait for the pages to hear of it. */
  servicesChanged(serviceIds: readonly string[]): void {
    if (this.#stopped || serviceIds.length === 0) {
      return;
    }
    if (this.#gathered.size === 0) {
      this.#timer = setTimeout(() => this.#flush(), GATHER_MS).unref();
    }
    serviceIds.forEach(id => this.#gathered.add(id));
  }

  /** After this nothing is published any more. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #flush(): Promise<void> {
    const serviceIds = [...this.#gathered];
    this.#gathered = new Set();
    try {
      const entityRefs = await this.#services.entityRefs(serviceIds);
      if (entityRefs.length === 0) {
        return;
      }
      // Anybody may listen to the common channel, so it names nobody.
      await this.#publish('deploy', {});
      for (const entityRef of entityRefs) {
        await this.#publish(`deploy:${entityRef}`, { entityRef });
      }
    } catch (error) {
      // Pages also read again by themselves.
      this.#logger.warn('Pages could not be told of changes', {
        cause: error instanceof Error ? error.message : String(error),
      });
    }
  }

  async #publish(channel: string, message: JsonObject): Promise<void> {
    await this.#signals.publish({
      recipients: { type: 'broadcast' },
      channel,
      message,
    });
  }
}
