import { Entity } from '@backstage/catalog-model';
import scaffolder from '@backstage/plugin-scaffolder-backend';
import deployActions from '@vvp/backstage-plugin-scaffolder-backend-module-deploy';
import githubActions from '@backstage/plugin-scaffolder-backend-module-github';
import { urlReaderServiceFactory } from '@backstage/backend-defaults/urlReader';
import {
  mockServices,
  startTestBackend,
  TestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { mkdir, readdir, readFile, writeFile, chmod } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { parse } from 'yaml';
import type { GithubSimulator } from '../simulators/github/client';

const TEMPLATES = resolve(__dirname, '../../templates');

/** A task that has ended. */
export interface CarriedOut {
  status: string;
  log: string;
  /** What its page shows: links, and texts in Markdown. */
  output: { text: { title: string; content: string }[] };
}

/** What somebody fills in. */
export type Values = Record<string, string | number | boolean>;

/** What came of the form: the files of the workspace by path, and what was logged. */
export interface Outcome {
  status: number;
  files: Map<string, { content: Buffer; executable: boolean }>;
  log: string;
  /** The body of the answer, where it was refused. */
  refusal: string;
}

interface TaskEvent {
  id: number;
  type: string;
  body: { message: string; output?: Partial<CarriedOut['output']> };
}

function logOf(events: readonly TaskEvent[]): string {
  return events.map(({ body }) => body.message).join('\n');
}

/** The template, as the catalog has it from its file. */
async function readTemplate(folder: string): Promise<Entity> {
  const file = join(folder, 'template.yaml');
  const entity: Entity = parse(await readFile(file, 'utf8'), { merge: true });
  entity.metadata.annotations = {
    'backstage.io/managed-by-location': `file:${file}`,
    'backstage.io/managed-by-origin-location': `file:${file}`,
  };
  return entity;
}

/** The real scaffolder with a template, in its dry run: whatever it would do is in its workspace. */
export class TemplateRunner {
  private constructor(
    private readonly backend: TestBackend,
    private readonly template: Entity,
    private readonly contents: { path: string; base64Content: string }[],
  ) {}

  static async start(
    github: GithubSimulator,
    name = 'new-vvp-service',
  ): Promise<TemplateRunner> {
    const { host } = new URL(github.url);
    const folder = join(TEMPLATES, name);
    const template = await readTemplate(folder);
    const backend = await startTestBackend({
      features: [
        scaffolder,
        githubActions,
        deployActions,
        urlReaderServiceFactory,
        catalogServiceMock.factory({ entities: [template] }),
        mockServices.rootConfig.factory({
          data: {
            integrations: {
              github: [{ host, apiBaseUrl: github.apiUrl, token: 'portal' }],
            },
          },
        }),
      ],
    });
    const names = await filesBelow(folder);
    const contents = await Promise.all(
      names.map(async file => ({
        path: file,
        base64Content: (await readFile(join(folder, file))).toString('base64'),
      })),
    );
    return new TemplateRunner(backend, template, contents);
  }

  async run(values: Values): Promise<Outcome> {
    const response = await fetch(
      `http://127.0.0.1:${this.backend.server.port()}/api/scaffolder/v2/dry-run`,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          connection: 'close',
        },
        body: JSON.stringify({
          template: this.template,
          values,
          secrets: {},
          directoryContents: this.contents,
        }),
      },
    );
    const text = await response.text();
    const body = response.ok ? JSON.parse(text) : {};
    return {
      status: response.status,
      refusal: response.ok ? '' : text,
      log: (body.log ?? [])
        .map((one: { body: { message: string } }) => one.body.message)
        .join('\n'),
      files: new Map(
        (body.directoryContents ?? []).map(
          (one: {
            path: string;
            base64Content: string;
            executable?: boolean;
          }) => [
            one.path,
            {
              content: Buffer.from(one.base64Content, 'base64'),
              executable: one.executable === true,
            },
          ],
        ),
      ),
    };
  }

  /** Carries it out for real, and waits for its end. */
  async carryOut(values: Values): Promise<CarriedOut> {
    const { name } = this.template.metadata;
    const { id } = await this.#ask('/v2/tasks', {
      method: 'POST',
      body: JSON.stringify({
        templateRef: `template:default/${name}`,
        values,
        secrets: {},
      }),
    });
    return await this.#wait(id);
  }

  async #wait(id: string): Promise<CarriedOut> {
    let last = -1;
    let log = '';
    for (;;) {
      // Answers when there is something new
      const events: TaskEvent[] = await this.#ask(
        `/v2/tasks/${id}/events?after=${last}`,
      );
      log += `${logOf(events)}\n`;
      last = events.at(-1)?.id ?? last;
      const end = events.find(({ type }) => type === 'completion');
      if (end) {
        const { status } = await this.#ask(`/v2/tasks/${id}`);
        return { status, log, output: { text: [], ...end.body.output } };
      }
    }
  }

  async #ask(path: string, init: RequestInit = {}): Promise<any> {
    const response = await fetch(
      `http://127.0.0.1:${this.backend.server.port()}/api/scaffolder${path}`,
      {
        ...init,
        headers: {
          'content-type': 'application/json',
          connection: 'close',
        },
      },
    );
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${path}: ${response.status} ${text}`);
    }
    return JSON.parse(text);
  }

  async stop(): Promise<void> {
    await this.backend.stop();
  }
}

/** Writes the files below a folder of the workspace to a real one. */
export async function writeOutcome(
  { files }: Outcome,
  { from, to }: { from: string; to: string },
): Promise<void> {
  for (const [path, { content, executable }] of files) {
    if (path.startsWith(`${from}/`)) {
      const file = join(to, relative(from, path));
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
      await chmod(file, executable ? 0o755 : 0o644);
    }
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {
    recursive: true,
    withFileTypes: true,
  });
  return entries
    .filter(entry => entry.isFile())
    .map(entry =>
      relative(folder, join(entry.parentPath ?? entry.path, entry.name)),
    );
}
