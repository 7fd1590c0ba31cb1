import { Config } from '@backstage/config';

/**
 * Throws if GitHub's webhooks would be accepted unsigned: listing `github` under
 * `events.http.topics` opens the endpoint whether or not there is a secret to check signatures with.
 */
export function assertSignedWebhooks(config: Config): void {
  const topics = config.getOptionalStringArray('events.http.topics') ?? [];
  const unsigned = topics.find(topic => topic.startsWith('github.'));
  if (unsigned) {
    throw new Error(
      `events.http.topics lists "${unsigned}", where nobody checks signatures: anybody could post deployments. ` +
        'Remove it; webhooks come in by /api/events/http/github, with events.modules.github.webhookSecret set.',
    );
  }
  if (!topics.includes('github')) {
    return;
  }
  if (config.getOptionalString('events.modules.github.webhookSecret')) {
    return;
  }
  throw new Error(
    'events.http.topics lists "github" without a webhook secret, so that anybody could post deployments. ' +
      'Remove "github" from events.http.topics and set events.modules.github.webhookSecret: the events module for GitHub then opens the endpoint and checks signatures.',
  );
}
