import type { MatrixValues, WorkflowDefinition } from '../workflow';
import {
  asText,
  evaluate,
  evaluateToken,
  expandMatrix,
  isTruthy,
  legName,
  stepsOf,
  type Contexts,
} from '../workflow';
import { isBasicExpression } from '@actions/workflow-parser';
import { isObject, type Json } from '../json';
import { SECOND } from '../state/time';
import type { Conclusion, RunAttempt, WorkflowJob } from '../state/model';
import type { World } from '../state/World';
import { runContexts } from './contexts';
import { JobGraph, resultOfLegs, type JobNode } from './JobGraph';
import { JobPlayer } from './JobPlayer';
import { jobOutputs, stepOutputs } from './jobOutputs';
import { emitJob, emitRun } from './runEvents';

/** Plays one attempt of a run: its job graph, in GitHub's order of events. */
export class RunPlayer {
  readonly #world: World;
  readonly #attempt: RunAttempt;
  readonly #definition: WorkflowDefinition;
  readonly #onCompleted: (player: RunPlayer) => Promise<void>;
  readonly graph: JobGraph;
  readonly #jobs: JobPlayer;
  readonly #matrices = new Map<WorkflowJob, MatrixValues>();
  #advancing = false;

  constructor(options: {
    world: World;
    attempt: RunAttempt;
    definition: WorkflowDefinition;
    onCompleted: (player: RunPlayer) => Promise<void>;
  }) {
    this.#world = options.world;
    this.#attempt = options.attempt;
    this.#definition = options.definition;
    this.#onCompleted = options.onCompleted;
    this.graph = new JobGraph(options.definition);
    this.#jobs = new JobPlayer(this.#world, {
      onStarted: () => this.#runStarted(),
      onCompleted: job => this.#legCompleted(job),
      environmentUrl: job => this.#environmentUrl(job),
      steps: job => stepsOf(this.#definition, job.definitionId),
    });
  }

  get attempt(): RunAttempt {
    return this.#attempt;
  }

  /** Gives jobs that an earlier attempt finished their place in this one. */
  adopt(node: JobNode, legs: WorkflowJob[], outputs: Record<string, string>) {
    node.started = true;
    node.legs = legs;
    node.outputs = outputs;
    node.result = resultOfLegs(node);
    this.#attempt.jobs.push(...legs);
  }

  async begin(): Promise<void> {
    await this.#advance();
  }

  /** GitHub's cancel: what runs stops, what is left is asked again. */
  async cancel(): Promise<void> {
    if (this.#attempt.status === 'completed') return;
    this.#attempt.cancelRequested = true;
    this.#world.scheduler.schedule(this.#world.now + 2 * SECOND, async () => {
      for (const job of [...this.#attempt.jobs]) {
        if (job.status !== 'completed') {
          await this.#jobs.complete(job, 'cancelled');
        }
      }
      await this.#advance();
    });
  }

  /** Ends a job that is held in progress. */
  async complete(job: WorkflowJob, conclusion: Conclusion): Promise<void> {
    await this.#jobs.complete(job, conclusion);
  }

  async approve(job: WorkflowJob): Promise<void> {
    await this.#jobs.approved(job);
  }

  async reject(job: WorkflowJob): Promise<void> {
    await this.#jobs.complete(job, 'failure');
  }

  async #advance(): Promise<void> {
    // A skipped job completes at once and would come back here.
    if (this.#advancing) return;
    this.#advancing = true;
    try {
      let ready = this.graph.ready();
      while (ready.length > 0) {
        for (const node of ready) await this.#decide(node);
        ready = this.graph.ready();
      }
    } finally {
      this.#advancing = false;
    }
    if (this.graph.isDone) await this.#finish();
  }

  async #decide(node: JobNode): Promise<void> {
    node.started = true;
    const contexts = this.#contexts(node);
    const status = this.graph.status(node, this.#attempt.cancelRequested);
    if (!isTruthy(evaluate(node.job.if.expression, contexts, status))) {
      this.#skip(node);
      return;
    }
    const strategy = evaluateToken(node.job.strategy, contexts);
    const settings = isObject(strategy) ? strategy : {};
    node.failFast = settings['fail-fast'] !== false;
    const legs = node.job.strategy
      ? expandMatrix((settings.matrix ?? null) as Json)
      : [];
    if (legs.length === 0) {
      await this.#startLeg(node, this.#name(node, {}), {});
      return;
    }
    for (const values of legs) {
      await this.#startLeg(node, this.#name(node, values), values);
    }
  }

  async #startLeg(
    node: JobNode,
    name: string,
    matrix: MatrixValues,
  ): Promise<void> {
    const job = this.#jobs.create(this.#attempt, node.id, name);
    node.legs.push(job);
    this.#matrices.set(job, matrix);
    const contexts = this.#contexts(node, matrix);
    const runsOn =
      'runs-on' in node.job ? evaluateToken(node.job['runs-on'], contexts) : null;
    job.labels = Array.isArray(runsOn) ? runsOn.map(asText) : [asText(runsOn)];
    const environment = 'environment' in node.job
      ? evaluateToken(node.job.environment, { ...contexts, steps: {}, job: {} })
      : null;
    const named = isObject(environment) ? environment : { name: environment };
    const environmentName = asText((named.name ?? null) as Json);
    const makesDeployment = named.deployment !== false;
    await this.#jobs.queue(
      job,
      environmentName && makesDeployment ? environmentName : undefined,
    );
  }

  #skip(node: JobNode): void {
    const name = isBasicExpression(node.job.name ?? node.job.id)
      ? // GitHub shows the expression of a skipped job's name as written.
        String((node.job.name as { source?: string }).source ?? node.id)
      : this.#name(node, {});
    const job = this.#jobs.create(this.#attempt, node.id, name);
    job.status = 'completed';
    job.conclusion = 'skipped';
    job.completedAt = this.#world.now;
    job.labels = [];
    node.legs = [job];
    node.result = 'skipped';
    emitJob(this.#world, job, 'completed');
  }

  async #legCompleted(job: WorkflowJob): Promise<void> {
    const node = this.graph.node(job.definitionId);
    if (!node) return;
    if (job.conclusion === 'failure' && node.failFast) {
      for (const other of node.legs) {
        if (other.status !== 'completed') {
          await this.#jobs.complete(other, 'cancelled');
        }
      }
    }
    if (!node.legs.every(leg => leg.status === 'completed')) return;
    if (node.result !== undefined) return;
    node.outputs = jobOutputs(node, token =>
      evaluateToken(token, {
        ...this.#contexts(node),
        ...this.#stepContext(node),
      }),
    );
    node.result = resultOfLegs(node);
    await this.#advance();
  }

  #stepContext(node: JobNode): Contexts {
    return {
      steps: stepOutputs(this.#attempt.run, this.#definition, node),
      job: {},
    };
  }

  async #runStarted(): Promise<void> {
    if (this.#attempt.status === 'in_progress') return;
    const first = this.#attempt.status === 'queued';
    this.#attempt.status = 'in_progress';
    this.#attempt.updatedAt = this.#world.now;
    if (first) await emitRun(this.#world, this.#attempt, 'in_progress');
  }

  async #finish(): Promise<void> {
    if (this.#attempt.status === 'completed') return;
    this.#attempt.status = 'completed';
    this.#attempt.conclusion = this.graph.conclusion(
      this.#attempt.cancelRequested,
    );
    this.#attempt.updatedAt = this.#world.now;
    await emitRun(this.#world, this.#attempt, 'completed');
    await this.#onCompleted(this);
  }

  #contexts(node: JobNode, matrix: MatrixValues = {}): Contexts {
    return {
      ...runContexts(this.#world, this.#attempt.run),
      needs: this.graph.needsContext(node),
      matrix,
      strategy: {},
    };
  }

  #environmentUrl(job: WorkflowJob): string {
    const node = this.graph.node(job.definitionId);
    if (!node || !('environment' in node.job)) return '';
    const environment = evaluateToken(node.job.environment, {
      ...this.#contexts(node, this.#matrices.get(job)),
      ...this.#stepContext(node),
    });
    return isObject(environment) ? asText((environment.url ?? null) as Json) : '';
  }

  /** A name with an expression speaks for itself; another gets the leg's values. */
  #name(node: JobNode, matrix: MatrixValues): string {
    const token = node.job.name ?? node.job.id;
    const text = asText(evaluateToken(token, this.#contexts(node, matrix)));
    return isBasicExpression(token) ? text : legName(text, matrix);
  }
}
