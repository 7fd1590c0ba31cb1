import { Fact } from './facts';

/**
 * What an event says, once understood.
 *
 * @public
 */
export type NormalisedEvent =
  | { type: 'facts'; repository: string; facts: Fact[] }
  /** The repository's files changed: its `deploy.yaml` is read again. */
  | { type: 'push'; repository: string; ref: string; commit: string }
  /** Nothing in it for us. */
  | { type: 'ignored' };

/**
 * Turns the events of one system into facts about deployments. Pure: the same payload
 * always gives the same answer.
 *
 * @public
 */
export interface DeployEventSource {
  /** Short and stable, such as `github`. */
  readonly id: string;
  /** Topics of Backstage's events service. */
  readonly topics: readonly string[];
  /**
   * Throws an InputError that names the field if the payload is not what the topic promises.
   */
  normalise(topic: string, payload: unknown): NormalisedEvent;
}
