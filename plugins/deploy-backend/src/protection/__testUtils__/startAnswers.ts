import { mockServices } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { GithubEventSource } from '../../github/GithubEventSource';
import { Ingestor } from '../../ingest/Ingestor';
import { RepositoryMapper } from '../../mapping/RepositoryMapper';
import {
  FakeRun,
  PRODUCTION,
  REPOSITORY,
} from '../../promotions/__testUtils__/life/githubPayloads';
import { LifeWorld } from '../../promotions/__testUtils__/life/LifeWorld';
import { EventLog } from '../../store/EventLog';
import { ProblemLog } from '../../store/ProblemLog';
import { ServiceStore } from '../../store/ServiceStore';
import { SpecStore } from '../../store/SpecStore';
import { TraceStore } from '../../store/TraceStore';
import { CallbackStore } from '../CallbackStore';
import { ProtectionAnswers } from '../ProtectionAnswers';
import { ProtectionCallbackRow } from '../protectionCallbackRow';
import { ProtectionCallbacks } from '../ProtectionCallbacks';
import { AskedQuestion, ProtectionDecider, ProtectionDecision } from '../types';

const open = { rules: [], order: 'none' as const };

/** Decides as the test says, and keeps what it is told. */
export class ScriptedDecider implements ProtectionDecider {
  decision: ProtectionDecision['decision'] = 'wait';
  /** Whether it stands when GitHub is about to be told. */
  onAnswering: () => Promise<boolean> = async () => true;
  readonly questions: AskedQuestion[] = [];
  /** What became of the questions, in words. */
  readonly told: string[] = [];

  async onAsked(question: AskedQuestion): Promise<void> {
    this.questions.push(question);
  }

  async decisionOf(): Promise<ProtectionDecision> {
    return { decision: this.decision, comment: 'Waits for one approval.' };
  }

  async onAnswered(_question: AskedQuestion, answer: string): Promise<void> {
    this.told.push(`answered ${answer}`);
  }

  async onReviewAwaited(): Promise<void> {
    this.told.push('a review is awaited');
  }

  async onDecidedElsewhere(
    _question: AskedQuestion,
    decision: string,
    by?: string,
  ): Promise<void> {
    this.told.push(by ? `${decision} by ${by}` : decision);
  }
}

/** Octokit, as far as a test breaks it. */
interface Client {
  request: unknown;
  rest: { actions: Record<string, unknown>; repos: Record<string, unknown> };
}

/** Who answers GitHub's questions, with GitHub in memory, a decider of the test's, and a clock that it moves. */
export async function startAnswers(knex: Knex) {
  const world = await LifeWorld.create(knex, [open, open]);
  const { github } = world;
  const logger = mockServices.logger.mock();
  const services = new ServiceStore(knex);
  const problems = new ProblemLog(knex);
  const traces = new TraceStore(knex);
  const events = new EventLog(knex);
  const now = () => world.now;
  const callbacks = new ProtectionCallbacks({
    knex,
    services,
    problems,
    integrations: { github: { byUrl: () => undefined } } as never,
    logger,
    onOpen: () => {},
    now,
  });
  const ingestor = new Ingestor({
    sources: [new GithubEventSource()],
    events,
    problems,
    traces,
    mapper: new RepositoryMapper({
      services,
      specs: new SpecStore(knex),
      traces,
      events,
      problems,
      rules: [],
    }),
    logger,
    onPush: async () => {},
    onChange: () => {},
    onFolded: (repository, facts) => callbacks.onFolded(repository, facts),
    now,
  });
  const access = github.accessOf(world.turns, { isDead: false }, services);
  const client: unknown = await access.github.forUrl('', { wait: false });
  const decider = new ScriptedDecider();
  const answers = new ProtectionAnswers({
    knex,
    access,
    decider,
    ingest: (topic, payload) => ingestor.receive(topic, payload),
    problems,
    logger,
    now,
  });

  return {
    world,
    github,
    client: client as Client,
    decider,
    store: new CallbackStore(knex),

    /** GitHub's webhooks arrive. */
    async deliver() {
      for (const { topic, payload } of github.outbox.splice(0)) {
        await ingestor.receive(topic, payload);
      }
    },

    /** None of them does. */
    lose: () => github.outbox.splice(0),

    /** A run whose production job waits. */
    run: (commit = 'a'): FakeRun =>
      github.start({
        commit: commit.repeat(40),
        starter: 'dana',
        services: ['verifier'],
      }),

    /** An operation of the portal's started it. */
    dispatched: async ({ id, commit }: FakeRun) => {
      const place = world.place('verifier');
      await world.operate(place, true);
      const operation = await knex('operations').first('id');
      await knex('dispatched_runs').insert({
        repository: REPOSITORY,
        run_id: String(id),
        environment_id: place.environmentId,
        commit_sha: commit,
        operation_id: operation.id,
      });
    },

    /** A question that no job of the run is known to ask. */
    askAt: async (run: FakeRun, environment: string) =>
      new CallbackStore(knex).record(
        {
          repository: REPOSITORY,
          runId: String(run.id),
          environment,
          deploymentId: '1',
        },
        world.now,
      ),

    look: (signal = new AbortController().signal) => answers.answerDue(signal),

    /** The newest question. */
    async callback(
      environment = PRODUCTION,
    ): Promise<ProtectionCallbackRow & { dueInSeconds: number }> {
      const row = await knex('protection_callbacks')
        .where({ environment })
        .orderBy('asked_at', 'desc')
        .first();
      return {
        ...row,
        dueInSeconds: (Date.parse(row.due_at) - world.now.getTime()) / 1000,
      };
    },

    problems: async (): Promise<string[]> =>
      knex('ingest_problems')
        .where({ kind: 'protection-rule' })
        .pluck('message'),
  };
}

/** An error as Octokit throws it. */
export function githubError(
  status: number,
  headers: Record<string, string> = {},
): Error {
  return Object.assign(new Error(`GitHub says ${status}`), {
    status,
    response: { headers, data: { message: `GitHub says ${status}` } },
  });
}
