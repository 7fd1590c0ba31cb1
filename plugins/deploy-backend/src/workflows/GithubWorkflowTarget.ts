import { InputError } from '@backstage/errors';
import {
  Revision,
  TargetDiagnostics,
  TargetHealth,
} from '@vvp/backstage-plugin-deploy-common';
import {
  DeployTarget,
  PlannedStep,
  StepControl,
  StepResult,
  TargetDescription,
  TargetEnvironment,
  TargetError,
  TargetPlan,
  TargetVerification,
} from '@vvp/backstage-plugin-deploy-node';
import { Knex } from 'knex';
import { DispatchedRuns } from './DispatchedRuns';
import {
  GithubWorkflowSpec,
  planWorkflowRollback,
  revisionsFor,
} from './planWorkflowRollback';
import {
  findEnvironmentId,
  loadReleaseHistory,
  mergeHistory,
  ReleaseHistory,
} from './releases';
import { findUntoldReleases } from './untoldReleases';
import { GithubAccess } from './RepositoryClient';
import { WorkflowApi } from './WorkflowApi';
import { RunOrder, WorkflowRuns } from './WorkflowRuns';

type Environment = TargetEnvironment<GithubWorkflowSpec>;

/** GitHub knows how runs end, not how what they deployed fares. */
const HEALTH: TargetHealth = {
  state: 'unknown',
  reason: 'GitHub tells how a run ended, not how well the service is.',
};

/** How many runs the diagnostics tell of. */
const MOST_EVENTS = 20;

class GithubWorkflowTarget implements DeployTarget<GithubWorkflowSpec> {
  readonly type = 'github-workflow';
  readonly #knex: Knex;
  readonly #access: GithubAccess;
  readonly #runs: WorkflowRuns;

  constructor(options: { knex: Knex } & GithubAccess) {
    this.#knex = options.knex;
    this.#access = options;
    this.#runs = new WorkflowRuns(options, new DispatchedRuns(options.knex));
  }

  describe(environment: Environment): TargetDescription {
    const { repository, target } = environment;
    const { workflow, releaseInput, inputs } = target;
    if (releaseInput && Object.hasOwn(inputs ?? {}, releaseInput)) {
      throw new InputError(
        `target.inputs.${releaseInput}: the input takes the release. Take it out of target.inputs in deploy.yaml, or name another one as target.releaseInput.`,
      );
    }
    return {
      resource: `Workflow ${workflow} of ${repository}`,
      lockKey: `github-workflow:${repository}/${workflow}/${environment.environment}`,
      canRestart: false,
    };
  }

  async revisions(environment: Environment): Promise<Revision[]> {
    return revisionsFor(environment.target, await this.#history(environment));
  }

  async currentRevision(
    environment: Environment,
    signal: AbortSignal,
  ): Promise<Revision | undefined> {
    const history = await this.#freshHistory(environment, signal);
    return revisionsFor(environment.target, history).find(
      revision => revision.current,
    );
  }

  async planRollback(
    environment: Environment,
    revision: string,
    signal: AbortSignal,
  ): Promise<TargetPlan> {
    const plan = planWorkflowRollback({
      spec: environment.target,
      repository: environment.repository,
      environmentId: await this.#environmentId(environment),
      environment: environment.environment,
      history: await this.#freshHistory(environment, signal),
      revision,
    });
    // What is wrong with the workflow is told before anything happens.
    for (const { input } of plan.steps) {
      await this.#runs.check(input as RunOrder, signal);
    }
    return plan;
  }

  executeStep(
    _environment: Environment,
    step: PlannedStep,
    control: StepControl,
  ): Promise<StepResult> {
    return this.#runs.execute(step.input as RunOrder, control);
  }

  compensateStep(
    _environment: Environment,
    step: PlannedStep,
    control: StepControl,
  ): Promise<void> {
    return this.#runs.undo(step.input as RunOrder, control);
  }

  async verify(
    environment: Environment,
    revision: string,
    signal: AbortSignal,
  ): Promise<TargetVerification> {
    const { serving } = await this.#freshHistory(environment, signal);
    return {
      ...(serving && { serving: serving.commit }),
      inPlace: serving?.commit === revision,
      health: HEALTH,
    };
  }

  async health(): Promise<TargetHealth> {
    return HEALTH;
  }

  async diagnostics(
    environment: Environment,
    signal: AbortSignal,
  ): Promise<TargetDiagnostics> {
    const { repository, target } = environment;
    const api = new WorkflowApi(this.#access, repository, signal);
    const diagnostics: TargetDiagnostics = {
      health: HEALTH,
      facts: [{ label: 'Workflow', value: target.workflow }],
      events: [],
      logs: [],
      problems: [],
    };
    try {
      const { state } = await api.workflow(target.workflow);
      diagnostics.facts.push({ label: 'State', value: state });
      const { runs } = await api.runsOf(target.workflow);
      diagnostics.events = runs.slice(0, MOST_EVENTS).map(run => ({
        at: run.updated_at,
        level:
          run.status !== 'completed' || run.conclusion === 'success'
            ? 'info'
            : 'error',
        message: `Run ${run.id}, ${run.display_title ?? run.event}: ${
          run.conclusion ?? run.status
        }${run.html_url ? ` ${run.html_url}` : ''}`,
      }));
    } catch (error) {
      diagnostics.problems.push(
        error instanceof TargetError
          ? error.message
          : `The runs of ${target.workflow} could not be read.`,
      );
    }
    return diagnostics;
  }

  async #history(environment: Environment): Promise<ReleaseHistory> {
    return loadReleaseHistory(
      this.#knex,
      await this.#environmentId(environment),
    );
  }

  /** With what GitHub has not told of yet. */
  async #freshHistory(
    environment: Environment,
    signal: AbortSignal,
  ): Promise<ReleaseHistory> {
    const id = await this.#environmentId(environment);
    const history = await loadReleaseHistory(this.#knex, id);
    const api = new WorkflowApi(this.#access, environment.repository, signal);
    const untold = await findUntoldReleases(this.#knex, api, {
      environmentId: id,
      workflow: environment.target.workflow,
      since: history.serving?.at,
    });
    return untold.length === 0
      ? history
      : mergeHistory({
          deployed: [...untold, ...history.succeeded],
          dispatched: [],
          serving: [...untold, ...(history.serving ? [history.serving] : [])],
        });
  }

  async #environmentId(environment: Environment): Promise<string> {
    const id = await findEnvironmentId(
      this.#knex,
      environment.entityRef,
      environment.environment,
    );
    if (!id) {
      throw new TargetError(
        'not-found',
        `${environment.entityRef} has no environment ${environment.environment} any more.`,
        { remedy: 'Look at the environments in deploy.yaml.' },
      );
    }
    return id;
  }
}

/**
 * Whatever a GitHub workflow deploys to. Its revisions are the releases that succeeded in the environment,
 * by their commits; one comes back by a run of the workflow that is told to deploy it.
 */
export function createGithubWorkflowTarget(
  options: { knex: Knex } & GithubAccess,
): DeployTarget<GithubWorkflowSpec> {
  return new GithubWorkflowTarget(options);
}
