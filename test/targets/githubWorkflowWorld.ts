import { join } from 'node:path';
import { ConfigReader } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import { JsonObject } from '@backstage/types';
import { TraceStore } from '@vvp/backstage-plugin-deploy-backend/src/store/TraceStore';
import { GithubClients } from '@vvp/backstage-plugin-deploy-backend/src/github/GithubClients';
import { GithubEventSource } from '@vvp/backstage-plugin-deploy-backend/src/github/GithubEventSource';
import { defineService } from '@vvp/backstage-plugin-deploy-backend/src/mapping/defineService';
import { ServiceMapping } from '@vvp/backstage-plugin-deploy-backend/src/mapping/types';
import { applyMigrations } from '@vvp/backstage-plugin-deploy-backend/src/store/applyMigrations';
import { ServiceStore } from '@vvp/backstage-plugin-deploy-backend/src/store/ServiceStore';
import { ServiceEnvironmentSpec } from '@vvp/backstage-plugin-deploy-common';
import { StepControl } from '@vvp/backstage-plugin-deploy-node';
import { Knex } from 'knex';
import { silentLogger } from '../faults/silentLogger';
import {
  startGithubSimulator,
  type GithubSimulator,
} from '../simulators/github/client';
import { REPOSITORIES } from '../simulators/github/testing';

export const PORTAL_TOKEN = 'token-of-the-portal';
/** Of the app whose custom rules ask; nobody else may answer them. */
export const APP_TOKEN = 'token-of-the-app';
export const REVIEWER_TOKEN = 'token-of-omar';

/** How often a step may look at the platform before a test gives up on it. */
const MOST_WAITS = 300;

interface RunListItem extends JsonObject {
  id: number;
  name: string;
  status: string;
  conclusion: string | null;
  display_title: string;
  event: string;
  path: string;
}

/** A service that a test deploys. */
export interface WorldService {
  id: string;
  environmentId: string;
  entityRef: string;
  repository: string;
}

export function startWorkflowGithub(): Promise<GithubSimulator> {
  return startGithubSimulator({
    tokens: {
      [PORTAL_TOKEN]: 'portal',
      [APP_TOKEN]: 'deploy-portal[bot]',
      [REVIEWER_TOKEN]: 'omar',
    },
  });
}

/** Services of a simulated GitHub's repositories, with the tables and clients of the plugin. */
export class GithubWorkflowWorld {
  readonly #mappings = new Map<string, ServiceMapping[]>();
  readonly github: GithubSimulator;
  readonly knex: Knex;
  readonly clients: GithubClients;
  readonly services: ServiceStore;

  /** @param knex - migrated; see {@link GithubWorkflowWorld.open} for one that is not */
  constructor(github: GithubSimulator, knex: Knex) {
    this.github = github;
    this.knex = knex;
    this.services = new ServiceStore(knex);
    this.clients = new GithubClients({
      logger: silentLogger,
      integrations: ScmIntegrations.fromConfig(
        new ConfigReader({
          integrations: {
            github: [
              {
                host: github.host,
                apiBaseUrl: github.apiUrl,
                token: PORTAL_TOKEN,
              },
            ],
          },
        }),
      ),
    });
  }

  static async open(
    github: GithubSimulator,
    knex: Knex,
  ): Promise<GithubWorkflowWorld> {
    await applyMigrations(knex);
    return new GithubWorkflowWorld(github, knex);
  }

  /** What the target and the runner are made with. */
  get access() {
    return { knex: this.knex, github: this.clients, services: this.services };
  }

  async addRepository(name: string): Promise<string> {
    const { fullName } = await this.github.createRepository({
      owner: 'example-org',
      name,
      folder: join(REPOSITORIES, 'compose'),
    });
    return fullName.toLowerCase();
  }

  async addService(
    repository: string,
    name: string,
    environment: Omit<ServiceEnvironmentSpec, 'tier' | 'order'>,
  ): Promise<WorldService> {
    const id = `service-${name}`;
    const environmentId = `${id}-${environment.name}`;
    const entityRef = `component:default/${name}`;
    const definition: ServiceEnvironmentSpec = {
      tier: 'production',
      order: 0,
      ...environment,
    };
    await this.knex('services').insert({
      id,
      entity_ref: entityRef,
      repository,
      service_key: name,
      name,
      annotations: '{}',
      spec_url: `${this.github.url}/${repository}/blob/main/deploy.yaml`,
    });
    await this.knex('environments').insert({
      id: environmentId,
      service_id: id,
      name: environment.name,
      tier: 'production',
      position: 0,
      declared: true,
      enforced: false,
      definition: JSON.stringify(definition),
    });
    const { mapping } = defineService({
      serviceId: id,
      serviceKey: name,
      repository,
      annotations: {},
      spec: {
        key: name,
        paths: [],
        sharedPaths: [],
        environments: [definition],
      },
      rules: [],
    });
    this.#mappings.set(repository, [
      ...(this.#mappings.get(repository) ?? []),
      mapping,
    ]);
    return { id, environmentId, entityRef, repository };
  }

  /** What GitHub would have told by webhooks, or the poll has read. */
  async ingest(repository: string): Promise<void> {
    const source = new GithubEventSource();
    const traces = new TraceStore(this.knex);
    const payloads = await Promise.all(
      (await this.runs(repository)).reverse().map(async run => ({
        repository: { full_name: repository },
        workflow_run: run,
        jobs: await this.#jobs(repository, run.id),
      })),
    );
    for (const payload of payloads) {
      const event = source.normalise('github.rest.run', payload);
      if (event.type === 'facts') {
        await traces.fold(
          event.facts,
          this.#mappings.get(repository) ?? [],
          new Date(),
        );
      }
    }
  }

  /** Runs of a repository by GitHub's own API, newest first. */
  async runs(repository: string): Promise<RunListItem[]> {
    const answer = await this.github.rest(
      'GET',
      `/repos/${repository}/actions/runs?per_page=100`,
    );
    return answer.json<{ workflow_runs: RunListItem[] }>().workflow_runs;
  }

  /** A push to main that its workflow deploys; the commit. */
  async push(
    repository: string,
    options: Parameters<GithubSimulator['push']>[1] | string,
  ): Promise<string> {
    const { sha } = await this.github.push(
      repository,
      typeof options === 'string'
        ? { message: options, files: { 'README.md': `${options}\n` } }
        : options,
    );
    await this.ingest(repository);
    return sha;
  }

  /** Pushes to main, each deployed before the next one comes; of all of them is told at once. */
  async pushAll(repository: string, ...messages: string[]): Promise<string[]> {
    const commits: string[] = [];
    for (const message of messages) {
      const files = { 'README.md': `${message}\n` };
      const { sha } = await this.github.push(repository, { message, files });
      commits.push(sha);
    }
    await this.ingest(repository);
    return commits;
  }

  async #jobs(repository: string, runId: number): Promise<JsonObject[]> {
    const answer = await this.github.rest(
      'GET',
      `/repos/${repository}/actions/runs/${runId}/jobs?per_page=100&filter=all`,
    );
    return answer.json<{ jobs: JsonObject[] }>().jobs;
  }
}

/** A step as the engine runs it: what it remembers outlives the attempt. */
export class TestStep {
  readonly lines: string[] = [];
  readonly #abort = new AbortController();
  #memory: JsonObject = {};
  #attempt = 0;
  #waits = 0;
  #dieAt: ((memory: JsonObject) => boolean) | undefined;
  /** Called instead of waiting. */
  onWait: () => Promise<void> = async () => undefined;

  constructor(readonly operationId = 'operation-1') {}

  get memory(): JsonObject {
    return this.#memory;
  }

  get waits(): number {
    return this.#waits;
  }

  /** From the time that it would remember such a thing on, the process is dead: nothing is stored any more. */
  dieBeforeRemembering(what: (memory: JsonObject) => boolean): void {
    this.#dieAt = what;
  }

  abort(): void {
    this.#abort.abort(new Error('The test has ended the step.'));
  }

  /** Another attempt, of this process or another one. */
  control(): StepControl {
    this.#attempt += 1;
    const memoryNow = () => this.#memory;
    let isDead = false;
    return {
      operationId: this.operationId,
      fence: this.#attempt,
      attempt: this.#attempt,
      signal: this.#abort.signal,
      outputs: {},
      get memory() {
        return memoryNow();
      },
      log: (text, level = 'info') => {
        this.lines.push(`${level}: ${text}`);
      },
      remember: async memory => {
        if (isDead || this.#dieAt?.(memory)) {
          isDead = true;
          this.#dieAt = undefined;
          throw new Error('SIGKILL');
        }
        this.#memory = JSON.parse(JSON.stringify(memory));
      },
      wait: async () => {
        this.#waits += 1;
        if (this.#waits > MOST_WAITS) {
          throw new Error('The step waits for ever.');
        }
        await this.onWait();
      },
    };
  }
}
