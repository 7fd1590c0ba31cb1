import { requiredEnvironment } from './environment';

/** The portal's API, as somebody who is signed in. */
export class Portal {
  readonly #token: string;
  readonly #plugin: string;

  static async signIn(login: string, plugin = 'deploy'): Promise<Portal> {
    const response = await fetch(
      `${requiredEnvironment(
        'E2E_BACKEND_URL',
      )}/api/auth/demo/refresh?env=development`,
      { headers: { 'x-demo-user': login } },
    );
    return new Portal((await response.json()).backstageIdentity.token, plugin);
  }

  private constructor(token: string, plugin: string) {
    this.#token = token;
    this.#plugin = plugin;
  }

  async get<T>(path: string): Promise<T> {
    return (await this.#send('GET', path)).json();
  }

  post(path: string, body: object): Promise<Response> {
    return this.#send('POST', path, body);
  }

  delete(path: string): Promise<Response> {
    return this.#send('DELETE', path);
  }

  #send(method: string, path: string, body?: object): Promise<Response> {
    return fetch(
      `${requiredEnvironment('E2E_BACKEND_URL')}/api/${this.#plugin}${path}`,
      {
        method,
        headers: {
          authorization: `Bearer ${this.#token}`,
          'content-type': 'application/json',
        },
        ...(body && { body: JSON.stringify(body) }),
      },
    );
  }
}
