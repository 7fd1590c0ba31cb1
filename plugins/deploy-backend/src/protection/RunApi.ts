import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { z } from 'zod';
import { GithubAccess, RepositoryClient } from '../workflows/RepositoryClient';
import { isSame } from './denoted';
import { Answer } from './types';

/** What is read of GitHub's list of reviews. */
const reviews = z.array(
  z.object({
    state: z.string(),
    comment: z.string().nullish(),
    user: z.object({ login: z.string().max(200) }).nullish(),
    environments: z.array(z.object({ name: z.string() })),
  }),
);

/** Passed on as they are; who takes events reads them. */
const deploymentList = z.array(z.looseObject({ id: z.number().int() }));

/** Newest first: those of the run that waits are among them. */
const MOST_DEPLOYMENTS = 30;

const pendings = z.array(
  z.object({
    environment: z.object({ name: z.string() }),
    reviewers: z.array(z.unknown()).nullish(),
  }),
);

/** An answer that GitHub got, from whomever. */
export interface Review {
  state: string;
  comment: string;
  login?: string;
}

/** A run of GitHub Actions that waits; one request a method, its failures as TargetErrors. */
export class RunApi {
  readonly #client: RepositoryClient;
  readonly #repository: string;
  readonly #runId: number;

  constructor(
    access: GithubAccess,
    run: { repository: string; runId: string },
    signal: AbortSignal,
  ) {
    this.#client = new RepositoryClient(access, run.repository, signal);
    this.#repository = run.repository;
    this.#runId = Number(run.runId);
  }

  /**
   * Answers the environment's custom protection rule, or comments it without an answer.
   *
   * Source: https://docs.github.com/en/rest/actions/workflow-runs#review-custom-deployment-protection-rules-for-a-workflow-run
   */
  async tell(told: {
    environment: string;
    comment: string;
    state?: Answer;
  }): Promise<void> {
    await this.#client.ask(
      {
        what: `answer the protection rule of ${told.environment} at run ${
          this.#runId
        } of ${this.#repository}`,
        permission: 'Deployments: write',
      },
      (client, at) =>
        // Octokit's own method knows one of the two bodies only.
        client.request(
          'POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule',
          {
            ...at,
            run_id: this.#runId,
            environment_name: told.environment,
            comment: told.comment,
            ...(told.state && { state: told.state }),
          } as never,
        ),
    );
  }

  /**
   * The answers that the run got at an environment, in all its attempts.
   *
   * Source: https://docs.github.com/en/rest/actions/workflow-runs#get-the-review-history-for-a-workflow-run
   */
  async reviews(environment: string): Promise<Review[]> {
    const data = await this.#read('reviews', (client, at) =>
      client.rest.actions.getReviewsForRun({ ...at, run_id: this.#runId }),
    );
    return read(reviews, data)
      .filter(review =>
        review.environments.some(({ name }) => isSame(name, environment)),
      )
      .map(review => ({
        state: review.state,
        comment: review.comment ?? '',
        ...(review.user && { login: review.user.login }),
      }));
  }

  /**
   * Whether the run still waits at an environment.
   *
   * Source: https://docs.github.com/en/rest/actions/workflow-runs#get-pending-deployments-for-a-workflow-run
   */
  async waitsAt(environment: string): Promise<boolean> {
    return (await this.pendingAt(environment)) !== undefined;
  }

  /** What the run waits for at an environment; undefined if it does not wait there. */
  async pendingAt(
    environment: string,
  ): Promise<{ isReviewed: boolean } | undefined> {
    const data = await this.#read('pending deployments', (client, at) =>
      client.rest.actions.getPendingDeploymentsForRun({
        ...at,
        run_id: this.#runId,
      }),
    );
    const own = read(pendings, data).find(pending =>
      isSame(pending.environment.name, environment),
    );
    return own && { isReviewed: (own.reviewers ?? []).length > 0 };
  }

  /**
   * The run and the jobs of its latest attempt, as the payload of an event. Undefined if the repository is there
   * and the run is not: GitHub says 404 of a repository that it hides, too.
   */
  async readRunIfThere(): Promise<object | undefined> {
    try {
      const run = await this.#read('state', (client, at) =>
        client.rest.actions.getWorkflowRun({ ...at, run_id: this.#runId }),
      );
      const jobs = await this.#read('jobs', async (client, at) => ({
        data: await client.paginate(
          client.rest.actions.listJobsForWorkflowRun,
          { ...at, run_id: this.#runId, filter: 'latest', per_page: 100 },
        ),
      }));
      return { ...this.#payload(), workflow_run: run, jobs };
    } catch (error) {
      if (error instanceof TargetError && error.kind === 'not-found') {
        await this.#client.ask(
          { what: `read ${this.#repository}`, permission: 'Metadata: read' },
          (client, at) => client.rest.repos.get(at),
        );
        return undefined;
      }
      throw error;
    }
  }

  /** The deployments of a commit with their states, as payloads of events; those say which job each is of. */
  async readDeployments(commit: string): Promise<object[]> {
    const deployments = read(
      deploymentList,
      await this.#read('deployments', (client, at) =>
        client.rest.repos.listDeployments({
          ...at,
          sha: commit,
          per_page: MOST_DEPLOYMENTS,
        }),
      ),
    );
    const payloads: object[] = [];
    for (const deployment of deployments) {
      const statuses = await this.#read('deployments', (client, at) =>
        client.rest.repos.listDeploymentStatuses({
          ...at,
          deployment_id: deployment.id,
          per_page: 100,
        }),
      );
      payloads.push({ ...this.#payload(), deployment, statuses });
    }
    return payloads;
  }

  #payload() {
    return { repository: { full_name: this.#repository } };
  }

  #read(
    part: string,
    ask: Parameters<RepositoryClient['ask']>[1],
  ): Promise<unknown> {
    return this.#client.ask(
      {
        what: `read the ${part} of run ${this.#runId} of ${this.#repository}`,
        permission:
          part === 'deployments' ? 'Deployments: read' : 'Actions: read',
      },
      ask,
    );
  }
}

function read<T>(schema: z.ZodType<T>, data: unknown): T {
  const result = schema.safeParse(data);
  if (!result.success) {
    throw new TargetError(
      'transient',
      'GitHub answered not as it describes, so that the portal cannot tell whether a run still waits.',
    );
  }
  return result.data;
}
