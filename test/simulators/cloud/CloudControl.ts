import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { Clouds } from './Clouds';
import { CloudDeployment } from './types';

const LARGEST_BODY = 65_536;

interface Answer {
  status: number;
  body: unknown;
}

/** What pipelines, tests and the portal's look at a version ask of the clouds: http on loopback, JSON. */
export class CloudControl {
  readonly #clouds: Clouds;
  readonly #server: Server;

  constructor(clouds: Clouds) {
    this.#clouds = clouds;
    this.#server = createServer(async (request, response) => {
      const { status, body } = await this.#answer(request).catch(error => ({
        status: 400,
        body: { error: String(error) },
      }));
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  }

  async listen(port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    const { port: actual } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${actual}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>(resolve => this.#server.close(() => resolve()));
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const [, first, ...rest] = pathname.split('/').map(decodeURIComponent);
    if (request.method === 'GET' && first === 'version' && rest.length === 4) {
      return this.#version(rest);
    }
    switch (`${request.method} ${pathname}`) {
      case 'POST /_control/deploy':
        await this.#clouds.deploy(readDeployment(await readJson(request)));
        return { status: 200, body: {} };
      case 'POST /_control/bad-releases': {
        const { commits } = await readJson(request);
        (Array.isArray(commits) ? commits : []).forEach(commit =>
          this.#clouds.badReleases.add(String(commit)),
        );
        return { status: 200, body: {} };
      }
      case 'GET /_control/validation':
        return { status: 200, body: this.#clouds.validation() };
      case 'GET /_control/changes':
        return { status: 200, body: this.#changes() };
      default:
        return { status: 404, body: { error: `No ${pathname}` } };
    }
  }

  /** As the service itself would answer; the examples ask for either name. */
  async #version([
    owner,
    name,
    service,
    environment,
  ]: string[]): Promise<Answer> {
    const commit = await this.#clouds.serving({
      repository: `${owner}/${name}`,
      service,
      environment,
    });
    return commit === undefined
      ? { status: 503, body: { error: 'Nothing serves' } }
      : { status: 200, body: { git_sha: commit, commit } };
  }

  /** Changes that somebody asked the clouds for, without what pipelines did. */
  #changes() {
    const { azure, aws, kubernetes } = this.#clouds;
    return {
      azure: azure
        .requests()
        .filter(({ method }) => method !== 'GET')
        .map(({ method, path, status }) => ({ method, path, status })),
      aws: aws.log
        .filter(({ changes }) => changes)
        .map(({ operation, error }) => ({ operation, error })),
      kubernetes: [...kubernetes].flatMap(([cluster, { requests }]) =>
        requests
          .filter(({ method }) => method !== 'GET')
          .map(({ method, path, status }) => ({
            cluster,
            method,
            path,
            status,
          })),
      ),
    };
  }
}

function readDeployment(body: Record<string, unknown>): CloudDeployment {
  const { repository, service, environment, target, commit, at } = body;
  const isText = [repository, service, environment].every(
    each => typeof each === 'string' && each !== '',
  );
  if (!isText || typeof target !== 'object' || target === null) {
    throw new Error('repository, service, environment and target are needed.');
  }
  if (typeof commit !== 'string' || !/^[0-9a-f]{40}$/.test(commit)) {
    throw new Error('commit has to be a full SHA.');
  }
  const time = at === undefined ? new Date() : new Date(String(at));
  if (Number.isNaN(time.getTime())) {
    throw new Error('at is no time.');
  }
  return {
    repository,
    service,
    environment,
    target,
    commit,
    at: time,
  } as CloudDeployment;
}

async function readJson(
  request: IncomingMessage,
): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > LARGEST_BODY) {
      throw new Error('The body is too large.');
    }
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
