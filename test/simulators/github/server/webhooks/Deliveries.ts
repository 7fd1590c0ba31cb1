import type { DeliveryFaults, DeliverySummary } from '../../client/types';
import { MINUTE, timestamp } from '../state/time';
import { hashedNumber } from '../state/Ids';
import { signature } from './sign';

export interface Delivery {
  id: number;
  guid: string;
  event: string;
  action: string | undefined;
  repository: string;
  deliveredAt: number;
  body: string;
  status: 'pending' | 'delivered' | 'dropped' | 'failed';
  statusCode: number | undefined;
  attempts: number;
  /** The body is cut short on its way. */
  isCorrupt: boolean;
}

/** A delivery before anything happened to it. */
export type NewDelivery = Omit<
  Delivery,
  'status' | 'statusCode' | 'attempts' | 'isCorrupt'
>;

export interface DeliveryTarget {
  url: string;
  secret: string | undefined;
}

const GIVE_UP_AFTER = 2 * MINUTE;
const RETRY_AFTER = 250;

/**
 * Sends webhooks as GitHub does, in order within a repository and side by
 * side between repositories, and keeps every delivery.
 */
export class Deliveries {
  readonly #targets: DeliveryTarget[];
  readonly #hookId: number;
  readonly #all: Delivery[] = [];
  readonly #lanes = new Map<string, Delivery[]>();
  readonly #sending = new Set<string>();
  #faults: DeliveryFaults = {};
  #faultCount = 0;
  #open = true;
  #waiters: Array<() => void> = [];
  #stopped = false;

  constructor(targets: DeliveryTarget[], hookId: number) {
    this.#targets = targets;
    this.#hookId = hookId;
  }

  /** Holds everything back until {@link release}. */
  hold(): void {
    this.#open = false;
  }

  release(): void {
    this.#open = true;
    for (const lane of this.#lanes.keys()) this.#pump(lane);
  }

  setFaults(faults: DeliveryFaults): void {
    this.#faults = faults;
    this.#faultCount = 0;
  }

  add(delivery: NewDelivery): void {
    this.#faultCount += 1;
    const { drop, duplicate, shuffle, corrupt } = this.#faults;
    const kept: Delivery = {
      ...delivery,
      status: 'pending',
      statusCode: undefined,
      attempts: 0,
      isCorrupt: corrupt?.includes(this.#faultCount) ?? false,
    };
    this.#all.push(kept);
    if (drop?.includes(this.#faultCount)) {
      kept.status = 'dropped';
      return;
    }
    const lane = this.#laneOf(kept.repository);
    const copies = duplicate?.includes(this.#faultCount)
      ? [kept, kept]
      : [kept];
    for (const copy of copies) {
      const index = shuffle
        ? hashedNumber(`${shuffle}-${this.#faultCount}`, 0, lane.length)
        : lane.length;
      lane.splice(index, 0, copy);
    }
    this.#pump(kept.repository);
  }

  redeliver(id: number): boolean {
    const delivery = this.#all.find(candidate => candidate.id === id);
    if (!delivery) return false;
    this.#laneOf(delivery.repository).push(delivery);
    this.#pump(delivery.repository);
    return true;
  }

  /** Resolves when nothing waits to be sent. */
  async flush(): Promise<void> {
    if (this.#idle()) return;
    await new Promise<void>(resolve => this.#waiters.push(resolve));
  }

  list(): DeliverySummary[] {
    return this.#all.map(delivery => ({
      id: delivery.id,
      guid: delivery.guid,
      event: delivery.event,
      action: delivery.action,
      repository: delivery.repository,
      deliveredAt: timestamp(delivery.deliveredAt),
      status: delivery.status,
      statusCode: delivery.statusCode,
    }));
  }

  get(id: number): Delivery | undefined {
    return this.#all.find(delivery => delivery.id === id);
  }

  get all(): readonly Delivery[] {
    return this.#all;
  }

  stop(): void {
    this.#stopped = true;
  }

  #laneOf(name: string): Delivery[] {
    const lane = this.#lanes.get(name) ?? [];
    this.#lanes.set(name, lane);
    return lane;
  }

  #idle(): boolean {
    return (
      this.#sending.size === 0 &&
      [...this.#lanes.values()].every(lane => lane.length === 0)
    );
  }

  #pump(name: string): void {
    if (!this.#open || this.#stopped || this.#sending.has(name)) return;
    const delivery = this.#laneOf(name).shift();
    if (!delivery) {
      if (this.#idle()) this.#waiters.splice(0).forEach(resolve => resolve());
      return;
    }
    this.#sending.add(name);
    void this.#send(delivery).finally(() => {
      this.#sending.delete(name);
      this.#pump(name);
    });
  }

  async #send(delivery: Delivery): Promise<void> {
    if (this.#faults.delayMilliseconds)
      await pause(this.#faults.delayMilliseconds);
    delivery.status = 'delivered';
    for (const target of this.#targets) {
      const statusCode = await this.#post(delivery, target);
      delivery.statusCode = statusCode;
      if (statusCode === undefined || statusCode >= 300)
        delivery.status = 'failed';
    }
  }

  /** The answer's status; `undefined` when nobody answered. */
  async #post(
    delivery: Delivery,
    target: DeliveryTarget,
  ): Promise<number | undefined> {
    const body = delivery.isCorrupt
      ? delivery.body.slice(0, -20)
      : delivery.body;
    const deadline = Date.now() + GIVE_UP_AFTER;
    while (!this.#stopped) {
      delivery.attempts += 1;
      try {
        const response = await fetch(target.url, {
          method: 'POST',
          headers: this.#headers(delivery, target, body),
          body,
        });
        await response.arrayBuffer();
        // A server that is not ready yet, or limits us, gets it again.
        const again = [429, 502, 503].includes(response.status);
        if (!again || Date.now() > deadline) return response.status;
      } catch {
        if (Date.now() > deadline) return undefined;
      }
      await pause(RETRY_AFTER);
    }
    return undefined;
  }

  #headers(
    delivery: Delivery,
    target: DeliveryTarget,
    body: string,
  ): Record<string, string> {
    return {
      'content-type': 'application/json',
      accept: '*/*',
      'user-agent': `GitHub-Hookshot/${delivery.guid.slice(0, 7)}`,
      'x-github-event': delivery.event,
      'x-github-delivery': delivery.guid,
      'x-github-hook-id': String(this.#hookId),
      'x-github-hook-installation-target-type': 'organization',
      'x-github-hook-installation-target-id': '1001',
      ...(target.secret
        ? { 'x-hub-signature-256': signature(target.secret, body) }
        : {}),
    };
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}
