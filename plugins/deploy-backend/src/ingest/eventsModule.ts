import { createBackendModule } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import {
  eventsServiceRef,
  HttpBodyParser,
} from '@backstage/plugin-events-node';
import { eventsExtensionPoint } from '@backstage/plugin-events-node/alpha';

/** Says that a webhook's body was no JSON. */
export const UNREADABLE_BODY_TOPIC = 'deploy.unreadable-body';

/**
 * Module of the events backend. A webhook whose body is no JSON is answered with 400 and counted at
 * `/ingest/problems`; without it the events backend answers 500 and nobody hears of it.
 *
 * @public
 */
export const deployEventsModule = createBackendModule({
  pluginId: 'events',
  moduleId: 'deploy',
  register(env) {
    env.registerInit({
      deps: { events: eventsServiceRef, ingresses: eventsExtensionPoint },
      async init({ events, ingresses }) {
        ingresses.addHttpPostBodyParser({
          contentType: 'application/json',
          parser: createJsonParser(async topic => {
            // The body itself stays here: anybody may have sent it.
            await events.publish({
              topic: UNREADABLE_BODY_TOPIC,
              eventPayload: { topic },
            });
          }),
        });
      },
    });
  },
});

function createJsonParser(
  onUnreadable: (topic: string) => Promise<void>,
): HttpBodyParser {
  return async (request, mediaType, topic) => {
    const encoding = mediaType.parameters.charset ?? 'utf-8';
    if (!Buffer.isEncoding(encoding)) {
      throw new InputError(
        `Content-Type: this charset is not known; send utf-8`,
      );
    }
    // An empty body is none at all for Express.
    const bodyBuffer = Buffer.isBuffer(request.body)
      ? request.body
      : Buffer.alloc(0);
    try {
      const bodyParsed = JSON.parse(bodyBuffer.toString(encoding));
      return { bodyParsed, bodyBuffer, encoding };
    } catch {
      await onUnreadable(topic);
      throw new InputError(
        'body: no JSON, or cut off on its way; send it again whole',
      );
    }
  };
}
