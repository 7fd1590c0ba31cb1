import { request } from 'node:https';
import { AzureSimulator } from '../simulators/azure';

const API_VERSION = 'api-version=2025-07-01';

/** An answer as it came over the wire. */
export interface RestAnswer {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  // Read by tests that know what to expect.
  body: any;
}

/** Azure's API as any program would call it: plain https, without the target's code or an SDK. */
export class AzureRest {
  readonly #azure: AzureSimulator;
  readonly #base: string;
  #token: string | undefined;

  constructor(azure: AzureSimulator, resourceGroup: string = 'VVP') {
    this.#azure = azure;
    this.#base = `/subscriptions/${azure.subscriptionId}/resourceGroups/${resourceGroup}/providers`;
  }

  /** @param path - after `providers`, without the API version */
  get(path: string, query: string = API_VERSION): Promise<RestAnswer> {
    return this.arm('GET', `${this.#base}${path}?${query}`);
  }

  patch(path: string, body: unknown): Promise<RestAnswer> {
    return this.arm('PATCH', `${this.#base}${path}?${API_VERSION}`, body);
  }

  post(path: string): Promise<RestAnswer> {
    return this.arm('POST', `${this.#base}${path}?${API_VERSION}`);
  }

  async arm(method: string, url: string, body?: unknown): Promise<RestAnswer> {
    this.#token ??= await this.signIn();
    return this.send(method, url, {
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  async signIn(): Promise<string> {
    const { tenantId, clientId, clientSecret } = this.#azure.client;
    const answer = await this.send('POST', `/${tenantId}/oauth2/v2.0/token`, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        scope: 'https://management.azure.com/.default',
      }).toString(),
    });
    return answer.body.access_token;
  }

  send(
    method: string,
    url: string,
    options: { headers?: Record<string, string>; body?: string } = {},
  ): Promise<RestAnswer> {
    return new Promise((resolve, reject) => {
      const sent = request(
        new URL(url, this.#azure.url),
        { method, headers: options.headers, ca: this.#azure.ca, agent: false },
        response => {
          const chunks: Buffer[] = [];
          response.on('data', chunk => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: text === '' ? undefined : JSON.parse(text),
            });
          });
        },
      );
      sent.on('error', reject);
      sent.end(options.body);
    });
  }
}
