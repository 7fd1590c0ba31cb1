import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import {
  mockServices,
  TestDatabaseId,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import { ANNOTATION_JOBS } from '@vvp/backstage-plugin-deploy-common';
import { GithubClients } from '@vvp/backstage-plugin-deploy-backend/src/github/GithubClients';
import { GithubEventSource } from '@vvp/backstage-plugin-deploy-backend/src/github/GithubEventSource';
import { Ingestor } from '@vvp/backstage-plugin-deploy-backend/src/ingest/Ingestor';
import { RepositoryMapper } from '@vvp/backstage-plugin-deploy-backend/src/mapping/RepositoryMapper';
import { RepositoryPoller } from '@vvp/backstage-plugin-deploy-backend/src/poll/RepositoryPoller';
import {
  Answer,
  AskedQuestion,
  assembleProtection,
  ElsewhereDecision,
  ProtectionDecider,
  ProtectionDecision,
} from '@vvp/backstage-plugin-deploy-backend/src/protection';
import { ProtectionAnswers } from '@vvp/backstage-plugin-deploy-backend/src/protection/ProtectionAnswers';
import { ProblemLog } from '@vvp/backstage-plugin-deploy-backend/src/store/ProblemLog';
import { applyMigrations } from '@vvp/backstage-plugin-deploy-backend/src/store/applyMigrations';
import { EventLog } from '@vvp/backstage-plugin-deploy-backend/src/store/EventLog';
import { PollMarks } from '@vvp/backstage-plugin-deploy-backend/src/store/PollMarks';
import { ServiceStore } from '@vvp/backstage-plugin-deploy-backend/src/store/ServiceStore';
import { SpecStore } from '@vvp/backstage-plugin-deploy-backend/src/store/SpecStore';
import { TraceStore } from '@vvp/backstage-plugin-deploy-backend/src/store/TraceStore';
import { startGithubSimulator } from '../simulators/github/client';
import { githubIntegration } from './loopbackGithub';

const VVP = resolve(__dirname, '..', '..', 'examples', 'vvp');

export const REPOSITORY = 'example-org/vvp';
export const APP_TOKEN = 'token-of-the-app';
export const REVIEWER_TOKEN = 'token-of-omar';
export const OUTSIDER_TOKEN = 'token-of-dana';

export type ProtectionWorld = Awaited<ReturnType<typeof startProtectionWorld>>;

/** Decides as the test says, service by service, and remembers what it was told. */
export class StubDecider implements ProtectionDecider {
  /** By service; who is not named waits. */
  readonly decisions = new Map<string, 'approve' | 'reject'>();
  readonly asked: AskedQuestion[] = [];
  readonly answered: Answer[] = [];
  readonly elsewhere: {
    decision: ElsewhereDecision;
    by?: string;
    services: string[];
  }[] = [];
  comment = 'Waits for one approval.';
  /** What happens once GitHub has taken an answer. */
  afterAnswer: () => Promise<void> = async () => {};
  readonly #names: (serviceId: string) => string;

  constructor(names: (serviceId: string) => string) {
    this.#names = names;
  }

  /** As `issuer@staging`. */
  placesOf(question: AskedQuestion): string[] {
    return question.concerns.map(
      one => `${this.#names(one.serviceId)}@${one.environment}`,
    );
  }

  servicesOf(question: AskedQuestion): string[] {
    return question.concerns.map(one => this.#names(one.serviceId));
  }

  async onAsked(question: AskedQuestion): Promise<void> {
    this.asked.push(question);
  }

  async decisionOf(question: AskedQuestion): Promise<ProtectionDecision> {
    const all = this.servicesOf(question).map(name => this.decisions.get(name));
    const { comment } = this;
    if (all.includes('reject')) {
      return { decision: 'reject', comment };
    }
    const decision = all.every(one => one === 'approve') ? 'approve' : 'wait';
    return { decision, comment };
  }

  async onAnswered(_question: AskedQuestion, answer: Answer): Promise<void> {
    this.answered.push(answer);
    await this.afterAnswer();
  }

  async onDecidedElsewhere(
    question: AskedQuestion,
    decision: ElsewhereDecision,
    by?: string,
  ): Promise<void> {
    this.elsewhere.push({
      decision,
      ...(by && { by }),
      services: this.servicesOf(question),
    });
  }
}

/**
 * What keeps GitHub's questions, without the promotions that decide them, and the VVP pipeline with production
 * jobs at one shared environment whose custom rule asks. Who answers, the test starts: any number of replicas on
 * the same database.
 */
export async function startProtectionWorld(
  databases: TestDatabases,
  databaseId: TestDatabaseId,
  /** How long ago GitHub's story begins: every run takes its time of that. */
  { hoursAgo = 5 / 3 }: { hoursAgo?: number } = {},
) {
  const knex = await databases.init(databaseId);
  await applyMigrations(knex);
  const logger = mockServices.logger.mock();
  const services = new ServiceStore(knex);
  const problems = new ProblemLog(knex);
  const traces = new TraceStore(knex);
  const events = new EventLog(knex);
  const mapper = new RepositoryMapper({
    services,
    specs: new SpecStore(knex),
    traces,
    events,
    problems,
    rules: [],
  });
  const hooks = await listen();

  const github = await startGithubSimulator({
    start: new Date(Date.now() - hoursAgo * 3_600_000).toISOString(),
    tokens: {
      [APP_TOKEN]: 'deploy-portal[bot]',
      [REVIEWER_TOKEN]: 'omar',
      [OUTSIDER_TOKEN]: 'dana',
    },
    webhookUrls: [hooks.url],
    webhookSecret: 'secret-of-the-webhook',
  });
  await github.createRepository({
    owner: 'example-org',
    name: 'vvp',
    folder: VVP,
  });
  for (const name of ['production', 'production-verifier', 'live']) {
    await github.setEnvironment(REPOSITORY, name, { customRule: true });
  }
  const integrations = ScmIntegrations.fromConfig(
    new ConfigReader({
      integrations: githubIntegration(github.host, APP_TOKEN),
    }),
  );
  const clients = new GithubClients({ integrations, logger });
  const clock = { aheadMs: 0 };
  const now = () => new Date(Date.now() + clock.aheadMs);
  const common = {
    knex,
    access: { github: clients, services },
    problems,
    logger,
    now,
  };
  const { callbacks } = assembleProtection({ ...common, integrations });
  const ingestor = new Ingestor({
    sources: [new GithubEventSource()],
    events,
    problems,
    traces,
    mapper,
    logger,
    onPush: async () => {},
    onChange: () => {},
    onFolded: (repository, facts) => callbacks.onFolded(repository, facts),
  });
  const ingest = (topic: string, payload: object) =>
    ingestor.receive(topic, payload);
  hooks.onEvent = ingest;
  await services.applySync(
    {
      add: ['verifier', 'issuer'].map(key => ({
        entityRef: `component:default/vvp-${key}`,
        repository: REPOSITORY,
        serviceKey: key,
        name: `vvp-${key}`,
        annotations: {
          [ANNOTATION_JOBS]: `production=deploy-${key},staging=deploy-${key}-staging`,
        },
        specUrl: `${github.url}/${REPOSITORY}/blob/main/deploy.yaml`,
      })),
      update: [],
      remove: [],
      problems: [],
    } as unknown as Parameters<ServiceStore['applySync']>[0],
    new Date(),
  );
  await mapper.remap(REPOSITORY, new Date());
  const names = new Map(
    (await services.listAll()).map(one => [one.id, one.serviceKey]),
  );
  const poller = new RepositoryPoller({
    github: clients,
    services,
    traces,
    marks: new PollMarks(knex),
    ingestor,
    logger,
  });

  // Production jobs at one environment for all services.
  const workflow = '.github/workflows/deploy.yml';
  const content = await readFile(join(VVP, workflow), 'utf8');
  await github.push(REPOSITORY, {
    message: 'Hold production',
    files: {
      [workflow]: content.replace(
        /^( {6}name: production)-(verifier|issuer)$/gm,
        '$1',
      ),
    },
  });
  await github.flush();

  return {
    knex,
    github,
    access: common.access,
    callbacks,

    /** Replicas that share a decider. */
    replicas(count = 1, decider = new StubDecider(id => names.get(id) ?? id)) {
      const all = Array.from(
        { length: count },
        () =>
          new ProtectionAnswers({
            ...common,
            decider,
            ingest,
          }),
      );
      return {
        decider,
        all,
        /** Each looks for work, at the same time. */
        async look() {
          await Promise.all(
            all.map(one => one.answerDue(new AbortController().signal)),
          );
          await github.flush();
        },
      };
    },

    /** What administrators are told. */
    async problems() {
      return (await problems.list({ limit: 50 })).items;
    },

    poll: () => poller.run(new AbortController().signal),

    /** Time passes for those who answer. */
    later(minutes: number) {
      clock.aheadMs += minutes * 60_000;
    },

    /** Pushes a change of services; gives the run, which then waits. */
    async push(changed: readonly string[] = ['verifier']): Promise<number> {
      const { runs } = await github.push(REPOSITORY, {
        message: `Change ${changed.join(' and ')}`,
        files: Object.fromEntries(
          changed.map(key => [
            `services/${key}/app/changed.py`,
            `print(${Date.now()}, ${Math.random()})\n`,
          ]),
        ),
      });
      await github.flush();
      return runs[0];
    },

    /** Starts a run of one job, `deploy-issuer-staging`, or of those named, which names an environment as it likes. */
    async stray(
      environment: string,
      jobs: readonly string[] = ['deploy-issuer-staging'],
    ): Promise<number> {
      await github.push(REPOSITORY, {
        message: `Ask at ${environment}`,
        files: {
          '.github/workflows/stray.yml': strayWorkflow(environment, jobs),
        },
      });
      const { run } = await github.start(REPOSITORY, {
        workflow: 'stray.yml',
        event: 'workflow_dispatch',
        branch: 'main',
        actor: 'mallory',
      });
      await github.flush();
      return run;
    },

    /** What GitHub sends once somebody with write access has posted a status of a run's deployment. */
    async forgeStatus(run: number, state: string): Promise<void> {
      for (const { id, event } of await github.deliveries()) {
        if (event !== 'deployment_status') {
          continue;
        }
        const { payload } = (await github.delivery(id)) as {
          payload: Record<string, any>;
        };
        if (
          payload.workflow_run?.id !== run ||
          payload.deployment_status.state !== 'waiting'
        ) {
          continue;
        }
        // GitHub names the run and the job only for statuses of its own.
        const { workflow_run: _run, check_run: _job, ...rest } = payload;
        const at = now().toISOString();
        await ingest('github.deployment_status', {
          ...rest,
          deployment_status: {
            ...payload.deployment_status,
            id: payload.deployment_status.id + 1_000_000,
            state,
            created_at: at,
            updated_at: at,
          },
        });
      }
    },

    /** Status or conclusion of the jobs of a run's latest attempt. */
    async states(run: number): Promise<Record<string, string>> {
      const { attempts } = await github.run(REPOSITORY, run);
      return Object.fromEntries(
        attempts[attempts.length - 1].jobs.map(job => [
          job.name,
          job.conclusion ?? job.status,
        ]),
      );
    },

    /** Status or conclusion of the production jobs, by service. */
    async production(run: number): Promise<Record<string, string>> {
      const { attempts } = await github.run(REPOSITORY, run);
      return Object.fromEntries(
        attempts[attempts.length - 1].jobs
          .filter(job => job.environment === 'production')
          .map(job => [
            job.name.replace('deploy-', ''),
            job.conclusion ?? job.status,
          ]),
      );
    },

    /** Answers that GitHub took; comments left out. */
    async answers(run: number) {
      const reports = await github.ruleReports(REPOSITORY, run);
      return reports.filter(report => report.state !== undefined);
    },

    /** What GitHub told of the verifier's production job in a run, in order. */
    async jobEvents(run: number): Promise<string[]> {
      const actions: string[] = [];
      for (const { id, event, action } of await github.deliveries()) {
        if (event !== 'workflow_job') {
          continue;
        }
        const { payload } = await github.delivery(id);
        const job = payload.workflow_job as { run_id: number; name: string };
        if (job.run_id === run && job.name === 'deploy-verifier') {
          actions.push(`${action}`);
        }
      }
      return actions;
    },

    async stop() {
      await github.stop();
      await hooks.stop();
    },
  };
}

function strayWorkflow(environment: string, jobs: readonly string[]): string {
  return `name: Stray
on:
  workflow_dispatch: {}
jobs:
${jobs
  .map(
    job => `  ${job}:
    runs-on: ubuntu-latest
    environment: ${environment}
    steps:
      - run: "true"
`,
  )
  .join('')}`;
}

/** Takes GitHub's webhooks, as the events backend does once it has checked their signatures. */
async function listen() {
  const hooks = {
    url: '',
    onEvent: async (_topic: string, _payload: object): Promise<unknown> =>
      undefined,
    stop: async () => {},
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      const payload = JSON.parse(Buffer.concat(chunks).toString());
      hooks
        .onEvent(`github.${request.headers['x-github-event']}`, payload)
        .then(
          () => response.writeHead(202).end(),
          () => response.writeHead(500).end(),
        );
    });
  });
  await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  hooks.stop = async () => {
    await new Promise(closed => server.close(closed));
  };
  hooks.url = `http://127.0.0.1:${port}/`;
  return hooks;
}
