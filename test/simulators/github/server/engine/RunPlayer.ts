import type { MatrixValues, WorkflowDefinition } from '../workflow';
import {
  asText,
  evaluate,
  evaluateToken,
  expandMatrix,
  isTruthy,
  legName,
  mayAskForTokens,
  stepsOf,
  type Contexts,
} from '../workflow';
import { isBasicExpression } from '@actions/workflow-parser';
import { isObject, type Json } from '../json';
import { SECOND } from '../state/time';
import type { Conclusion, RunAttempt, WorkflowJob } from '../state/model';
import type { World } from '../state/World';
import { runContexts } from './contexts';
import { JobAdmission } from './JobAdmission';
import { JobGraph, resultOfLegs, type JobNode } from './JobGraph';
import { JobPlayer } from './JobPlayer';
import { jobOutputs, stepOutputs } from './jobOutputs';
import { playerOf } from './players';
import { emitJob, emitRun } from './runEvents';

/** Plays one attempt of a run: its job graph, in GitHub's order of events. */
export class RunPlayer {
  readonly #world: World;
  readonly #attempt: RunAttempt;
  readonly #definition: WorkflowDefinition;
  readonly #onCompleted: (player: RunPlayer) => Promise<void>;
  readonly graph: JobGraph;
  readonly #jobs: JobPlayer;
  readonly #admission: JobAdmission;
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
    this.#admission = new JobAdmission(this.#world);
    this.#jobs = new JobPlayer(this.#world, {
      onStarted: () => this.#runStarted(),
      admit: (job, go) => this.#admit(job, go),
      onCompleted: job => this.#legCompleted(job),
      environmentUrl: job => this.#environmentUrl(job),
      steps: job => stepsOf(this.#definition, job.definitionId),
      mayAskForTokens: id => mayAskForTokens(this.#definition, id),
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

  /**
   * GitHub's cancel asks every job's condition again: what says `always()` or
   * `!failure()` goes on, everything else stops. A forced one asks nobody.
   */
  async cancel(options: { force?: boolean } = {}): Promise<void> {
    if (this.#attempt.status === 'completed') return;
    this.#attempt.cancelRequested = true;
    this.#world.scheduler.schedule(this.#world.now + 2 * SECOND, async () => {
      if (options.force) {
        this.graph.nodes
          .filter(node => !node.started)
          .forEach(node => this.#skip(node));
      }
      for (const job of [...this.#attempt.jobs]) {
        const node = this.graph.node(job.definitionId);
        const goesOn = !options.force && node && this.#isWanted(node);
        if (!goesOn) await this.#jobs.complete(job, 'cancelled');
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
    try {
      if (this.#isWanted(node)) await this.#expand(node);
      else this.#skip(node);
    } catch (cause) {
      // An expression that cannot be evaluated fails its job, not the simulator.
      const job = this.#jobs.create(this.#attempt, node.id, node.id);
      node.legs = [job];
      job.outputs = { error: String(cause) };
      await this.#jobs.complete(job, 'failure');
    }
  }

  #isWanted(node: JobNode): boolean {
    const status = this.graph.status(node, this.#attempt.cancelRequested);
    return isTruthy(
      evaluate(node.job.if.expression, this.#contexts(node), status),
    );
  }

  async #expand(node: JobNode): Promise<void> {
    const contexts = this.#contexts(node);
    const strategy = evaluateToken(node.job.strategy, contexts);
    const settings = isObject(strategy) ? strategy : {};
    node.failFast = settings['fail-fast'] !== false;
    node.maxParallel = Number(settings['max-parallel']) || undefined;
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
      'runs-on' in node.job
        ? evaluateToken(node.job['runs-on'], contexts)
        : null;
    job.labels = Array.isArray(runsOn) ? runsOn.map(asText) : [asText(runsOn)];
    const environment =
      'environment' in node.job
        ? evaluateToken(node.job.environment, {
            ...contexts,
            steps: {},
            job: {},
          })
        : null;
    const named = isObject(environment) ? environment : { name: environment };
    const environmentName = asText((named.name ?? null) as Json);
    const makesDeployment = named.deployment !== false;
    await this.#jobs.queue(
      job,
      environmentName ? { name: environmentName, makesDeployment } : undefined,
    );
  }

  async #admit(job: WorkflowJob, go: () => void): Promise<void> {
    const node = this.graph.node(job.definitionId);
    const concurrency = node
      ? evaluateToken(
          node.job.concurrency,
          this.#contexts(node, this.#matrices.get(job)),
        )
      : null;
    const settings = isObject(concurrency)
      ? concurrency
      : { group: concurrency };
    const limits = {
      maxParallel: node?.maxParallel,
      concurrencyGroup: asText((settings.group ?? null) as Json) || undefined,
      cancelInProgress: settings['cancel-in-progress'] === true,
      queue: settings.queue === 'max' ? ('max' as const) : ('single' as const),
    };
    for (const other of this.#admission.admit(job, limits, go)) {
      await playerOf(other.attempt)?.complete(other, 'cancelled');
    }
  }

  #skip(node: JobNode): void {
    node.started = true;
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
    this.#admission.release(job);
    const node = this.graph.node(job.definitionId);
    if (!node) return;
    if (job.conclusion === 'failure' && node.failFast) {
      for (const other of node.legs) {
        if (other.status !== 'completed') {
          await this.#jobs.complete(other, 'cancelled');
        }
      }
    }
    this.#settleStatus();
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

  /** A run of which nothing but waiting jobs is left waits itself. */
  #settleStatus(): void {
    const open = this.#attempt.jobs.filter(job => job.status !== 'completed');
    if (open.length === 0 || open.some(job => job.status !== 'waiting')) return;
    this.#attempt.status = 'waiting';
    this.#attempt.updatedAt = this.#world.now;
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
    return isObject(environment)
      ? asText((environment.url ?? null) as Json)
      : '';
  }

  /** A name with an expression speaks for itself; another gets the leg's values. */
  #name(node: JobNode, matrix: MatrixValues): string {
    const token = node.job.name ?? node.job.id;
    const text = asText(evaluateToken(token, this.#contexts(node, matrix)));
    return isBasicExpression(token) ? text : legName(text, matrix);
  }
}
