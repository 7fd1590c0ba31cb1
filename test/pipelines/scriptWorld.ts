import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCRIPTS } from './vmWorld';

/** A request as a script made it. */
export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  authorization?: string;
  body: any;
}

/** What is answered: a status with JSON. */
export type Answer = [status: number, body?: unknown];

/** A folder, and a server on loopback that answers as a test says; scripts run beside them. */
export class ScriptWorld {
  readonly asked: Asked[] = [];
  answer: (asked: Asked) => Answer = () => [404, {}];
  folder = '';
  url = '';
  private server?: Server;

  async start(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'runner-'));
    this.server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request.setEncoding('utf8')) {
        text += chunk;
      }
      const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
      const asked: Asked = {
        method: request.method ?? '',
        path: pathname,
        query: searchParams,
        authorization: request.headers.authorization,
        body: text ? JSON.parse(text) : undefined,
      };
      this.asked.push(asked);
      const [status, body] = this.answer(asked);
      response.statusCode = status;
      response.end(body === undefined ? undefined : JSON.stringify(body));
    });
    await new Promise<void>(done => {
      this.server?.listen(0, '127.0.0.1', done);
    });
    const { port } = this.server.address() as AddressInfo;
    this.url = `http://127.0.0.1:${port}`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise(done => {
      this.server?.close(done);
    });
    await rm(this.folder, { recursive: true });
  }

  /** Runs a script to its end. */
  run(
    script: string,
    environment: Record<string, string>,
    ...args: string[]
  ): Promise<{ code: number | null; output: string }> {
    return new Promise((done, reject) => {
      const child = spawn(join(SCRIPTS, script), args, {
        cwd: this.folder,
        env: {
          PATH: process.env.PATH,
          TMPDIR: this.folder,
          GITHUB_API_URL: this.url,
          GITHUB_SERVER_URL: 'https://github.example.test',
          GITHUB_REPOSITORY: 'example-org/shop',
          GITHUB_ACTOR: 'dana',
          GITHUB_TOKEN: 'token-of-the-job',
          GITHUB_RUN_ID: '77',
          GITHUB_RUN_NUMBER: '12',
          GITHUB_WORKFLOW: 'CI/CD',
          GITHUB_REF: 'refs/heads/main',
          GITHUB_REF_NAME: 'main',
          GITHUB_SHA: 'c'.repeat(40),
          ...environment,
        },
      });
      let output = '';
      const collect = (text: string) => {
        output += text;
      };
      child.stdout.setEncoding('utf8').on('data', collect);
      child.stderr.setEncoding('utf8').on('data', collect);
      child.once('error', reject);
      child.once('close', code => done({ code, output }));
    });
  }
}
