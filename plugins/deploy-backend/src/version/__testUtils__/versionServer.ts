import { createServer, RequestListener, Server } from 'node:http';
import { AddressInfo } from 'node:net';

/** What a service on loopback does, by path; it can be asked under any name. */
export class VersionServer {
  readonly port: number;
  /** `host path` of every request. */
  readonly asked: string[] = [];
  readonly #server: Server;
  #answer: RequestListener = (_request, response) => response.end();

  static async start(): Promise<VersionServer> {
    let answer: RequestListener = () => undefined;
    const server = createServer((request, response) =>
      answer(request, response),
    );
    await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready));
    const started = new VersionServer(server);
    answer = (request, response) => {
      started.asked.push(`${request.headers.host} ${request.url}`);
      started.#answer(request, response);
    };
    return started;
  }

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  url(path = '/version', host = 'issuer.example.test'): string {
    return `http://${host}:${this.port}${path}`;
  }

  /** Answers from now on like this. */
  answer(listener: RequestListener): void {
    this.#answer = listener;
    this.asked.length = 0;
  }

  answerJson(value: unknown): void {
    this.answer((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(value));
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(closed => this.#server.close(closed));
  }
}
