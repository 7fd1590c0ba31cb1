import { SignalsService } from '@backstage/plugin-signals-node';
import { JsonObject } from '@backstage/types';
import { ServiceStore } from './store/ServiceStore';

/** Tells open pages that there is something new to read. Never what it is: reading is authorised. */
export class DeploySignals {
  readonly #signals: SignalsService;
  readonly #services: ServiceStore;

  constructor(options: { signals: SignalsService; services: ServiceStore }) {
    this.#signals = options.signals;
    this.#services = options.services;
  }

  async servicesChanged(serviceIds: readonly string[]): Promise<void> {
    const entityRefs = await this.#services.entityRefs(serviceIds);
    if (entityRefs.length === 0) {
      return;
    }
    // Anybody may listen to the common channel, so it names nobody.
    await this.#publish('deploy', {});
    for (const entityRef of entityRefs) {
      await this.#publish(`deploy:${entityRef}`, { entityRef });
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
