import type { JsonObject } from '../json';
import {
  repositoryPayload,
  simpleOrganization,
  simpleUser,
  type Urls,
} from '../serialize';
import type { Ids } from '../state/Ids';
import { nodeId } from '../state/Ids';
import type { Account, Repository } from '../state/model';
import type { WebhookValidator } from '../validation/WebhookValidator';
import type { Deliveries } from './Deliveries';

export interface WebhookEvent {
  event: string;
  action: string | undefined;
  repository: Repository;
  sender: Account;
  at: number;
  /** What is particular to the event. */
  payload: JsonObject;
}

export const INSTALLATION_ID = 5_000_001;

/** Puts payloads together, validates and hands them over for delivery. */
export class Webhooks {
  readonly #urls: Urls;
  readonly #ids: Ids;
  readonly #validator: WebhookValidator;
  readonly #deliveries: Deliveries;

  constructor(
    urls: Urls,
    ids: Ids,
    validator: WebhookValidator,
    deliveries: Deliveries,
  ) {
    this.#urls = urls;
    this.#ids = ids;
    this.#validator = validator;
    this.#deliveries = deliveries;
  }

  emit(event: WebhookEvent): void {
    const payload = {
      ...(event.action ? { action: event.action } : {}),
      ...event.payload,
      repository:
        event.payload.repository ??
        repositoryPayload(this.#urls, event.repository),
      organization: simpleOrganization(this.#urls, event.repository.owner),
      sender: simpleUser(this.#urls, event.sender),
      installation: {
        id: INSTALLATION_ID,
        node_id: nodeId('Installation', INSTALLATION_ID),
      },
    };
    this.#validator.validate(event.event, event.action, payload);
    this.#deliveries.add({
      id: this.#ids.next(),
      guid: this.#ids.uuid(),
      event: event.event,
      action: event.action,
      repository: event.repository.fullName,
      deliveredAt: event.at,
      body: JSON.stringify(payload),
    });
  }
}
