import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { JobAnswer, readAnswer, RunAnswer } from './answers';
import {
  GithubAccess,
  RepositoryClient,
  statusOf,
  Tagged,
} from './RepositoryClient';

/** A list of runs, and GitHub's clock when it was made. */
export interface RunList {
  runs: RunAnswer[];
  at: Date;
}

/** Of the jobs of a run; 100 each. */
const MOST_JOB_PAGES = 5;

/** GitHub Actions of one repository: one request a method, its failures as TargetErrors. */
export class WorkflowApi {
  readonly #client: RepositoryClient;
  readonly #repository: string;

  /** @param repository - `owner/name` */
  constructor(access: GithubAccess, repository: string, signal: AbortSignal) {
    this.#client = new RepositoryClient(access, repository, signal);
    this.#repository = repository;
  }

  get repository(): string {
    return this.#repository;
  }

  /** @param file - name in `.github/workflows` */
  async workflow(
    file: string,
  ): Promise<{ id: number; state: string; path: string }> {
    const data = await this.#client.ask(
      {
        what: `read ${file} of ${this.#repository}`,
        permission: 'Actions: read',
        missing: {
          message: `There is no workflow ${file} in ${
            this.#repository
          }, or GitHub hides it from the portal.`,
          remedy:
            'Correct the name in deploy.yaml, or put the file on the default branch; GitHub starts no workflow that is not there.',
        },
      },
      (client, at) =>
        client.rest.actions.getWorkflow({ ...at, workflow_id: file }),
    );
    return readAnswer('workflow', data);
  }

  async defaultBranch(): Promise<string> {
    const data = await this.#client.ask(
      { what: `read ${this.#repository}`, permission: 'Metadata: read' },
      (client, at) => client.rest.repos.get(at),
    );
    return readAnswer('repository', data).default_branch;
  }

  /** The commit that a branch or tag stands at. */
  async headOf(ref: string): Promise<string> {
    const missing = {
      message: `There is no branch or tag ${ref} in ${
        this.#repository
      } any more.`,
      remedy: 'Correct `ref` in deploy.yaml.',
    };
    const question = {
      what: `read ${ref} of ${this.#repository}`,
      permission: 'Contents: read',
      missing,
    };
    try {
      const data = await this.#client.ask(question, (client, at) =>
        client.rest.repos.getCommit({ ...at, ref, per_page: 1 }),
      );
      return readAnswer('commit', data).sha;
    } catch (error) {
      // GitHub says 422 of a name that can be no commit.
      if (isUnprocessable(error)) {
        throw new TargetError('not-found', missing.message, {
          remedy: missing.remedy,
        });
      }
      throw error;
    }
  }

  async file(path: string, commit: string): Promise<string> {
    const data = await this.#client.ask(
      {
        what: `read ${path} of ${this.#repository}`,
        permission: 'Contents: read',
        missing: {
          message: `${path} is not in ${this.#repository} at ${commit}.`,
          remedy:
            'Put the workflow on the branch that `ref` in deploy.yaml names.',
        },
      },
      (client, at) =>
        client.rest.repos.getContent({ ...at, path, ref: commit }),
    );
    const { content } = readAnswer('content', data);
    return Buffer.from(content, 'base64').toString('utf8');
  }

  /**
   * Starts a workflow.
   *
   * @returns the id of its run; undefined where GitHub does not tell it, as older Enterprise Servers, or says
   *   something else: it has taken the order all the same, so that the run is looked for
   */
  async dispatch(request: {
    workflowId: number;
    file: string;
    ref: string;
    inputs: Record<string, string>;
  }): Promise<number | undefined> {
    const { workflowId, file, ref, inputs } = request;
    const question = {
      what: `start ${file} of ${this.#repository}`,
      permission: 'Actions: write',
    };
    const dispatch = (details: { return_run_details?: true }) =>
      this.#client.ask(question, (client, at) =>
        client.rest.actions.createWorkflowDispatch({
          ...at,
          workflow_id: workflowId,
          ref,
          inputs,
          ...details,
        }),
      );
    let data: unknown;
    try {
      data = await dispatch({ return_run_details: true });
    } catch (error) {
      if (!isUnprocessable(error) || !/return_run_details/.test(`${error}`)) {
        throw error;
      }
      data = await dispatch({});
    }
    try {
      return readAnswer('dispatched', data).workflow_run_id;
    } catch {
      return undefined;
    }
  }

  /** The newest runs of a workflow, at most 100. */
  async runsOf(
    workflow: number | string,
    filter: { event?: string } = {},
  ): Promise<RunList> {
    let at = new Date();
    const data = await this.#client.ask(
      {
        what: `list the runs of ${this.#repository}`,
        permission: 'Actions: read',
      },
      async (client, where) => {
        const response = await client.rest.actions.listWorkflowRuns({
          ...where,
          workflow_id: workflow,
          per_page: 100,
          ...filter,
        });
        const date = Date.parse(response.headers.date ?? '');
        at = Number.isFinite(date) ? new Date(date) : at;
        return response;
      },
    );
    return { runs: readAnswer('runs', data).workflow_runs, at };
  }

  /** None of a workflow that was renamed or taken away. */
  async runsIfThere(file: string): Promise<RunList> {
    try {
      return await this.runsOf(file);
    } catch (error) {
      if (error instanceof TargetError && error.kind === 'not-found') {
        return { runs: [], at: new Date() };
      }
      throw error;
    }
  }

  async run(runId: number): Promise<RunAnswer> {
    return (await this.runUnless(runId)).value;
  }

  /** The run; the one that is known, if it is still the same. */
  async runUnless(
    runId: number,
    known?: Tagged<RunAnswer>,
  ): Promise<Tagged<RunAnswer>> {
    const question = {
      what: `read the run ${runId} of ${this.#repository}`,
      permission: 'Actions: read',
      missing: {
        message: `The run ${runId} of ${this.#repository} is gone.`,
        remedy:
          'Look at the Actions page of the repository for who took it away.',
      },
    };
    return this.#client.askUnless(
      question,
      known,
      (client, at, headers) =>
        client.rest.actions.getWorkflowRun({ ...at, run_id: runId, headers }),
      data => readAnswer('run', data),
    );
  }

  /** The jobs of the latest attempt; at most 500. */
  async jobsUnless(
    runId: number,
    known?: Tagged<JobAnswer[]>,
  ): Promise<Tagged<JobAnswer[]>> {
    const question = {
      what: `read the jobs of the run ${runId} of ${this.#repository}`,
      permission: 'Actions: read',
    };
    const first = await this.#client.askUnless(
      question,
      known,
      (client, at, headers) =>
        client.rest.actions.listJobsForWorkflowRun({
          ...at,
          run_id: runId,
          per_page: 100,
          headers,
        }),
      data => readAnswer('jobs', data).jobs,
    );
    if (first === known || first.value.length < 100) {
      return first;
    }
    const jobs = [...first.value];
    for (let number = 2; number <= MOST_JOB_PAGES; number++) {
      const data = await this.#client.ask(question, (client, at) =>
        client.rest.actions.listJobsForWorkflowRun({
          ...at,
          run_id: runId,
          per_page: 100,
          page: number,
        }),
      );
      const more = readAnswer('jobs', data).jobs;
      jobs.push(...more);
      if (more.length < 100) {
        break;
      }
    }
    // The tag is that of the first page alone: a longer list is read anew each time.
    return { value: jobs };
  }

  /** Names of the environments that wait for somebody to let the run in. */
  async waitsFor(runId: number): Promise<string[]> {
    const data = await this.#client.ask(
      {
        what: `read what the run ${runId} of ${this.#repository} waits for`,
        permission: 'Actions: read',
      },
      (client, at) =>
        client.rest.actions.getPendingDeploymentsForRun({
          ...at,
          run_id: runId,
        }),
    );
    return readAnswer('waiting', data).flatMap(
      ({ environment }) => environment.name ?? [],
    );
  }

  /**
   * Asks GitHub to stop a run.
   *
   * @returns false if it has ended already
   */
  async cancel(
    runId: number,
    options: { force?: boolean } = {},
  ): Promise<boolean> {
    const question = {
      what: `cancel the run ${runId} of ${this.#repository}`,
      permission: 'Actions: write',
    };
    try {
      await this.#client.ask(question, (client, at) =>
        options.force
          ? client.rest.actions.forceCancelWorkflowRun({ ...at, run_id: runId })
          : client.rest.actions.cancelWorkflowRun({ ...at, run_id: runId }),
      );
      return true;
    } catch (error) {
      if (statusOf(error) === 409) {
        return false;
      }
      throw error;
    }
  }

  async rerunFailed(runId: number): Promise<void> {
    await this.#client.ask(
      {
        what: `run the failed jobs of the run ${runId} of ${
          this.#repository
        } again`,
        permission: 'Actions: write',
      },
      (client, at) =>
        client.rest.actions.reRunWorkflowFailedJobs({ ...at, run_id: runId }),
    );
  }

  /** Who the portal is at GitHub; undefined for an app, whose installations are not told. */
  async login(): Promise<string | undefined> {
    try {
      const data = await this.#client.ask(
        { what: 'read who it is', permission: 'none' },
        client => client.rest.users.getAuthenticated(),
      );
      return readAnswer('account', data).login;
    } catch (error) {
      if (error instanceof TargetError && error.kind === 'denied') {
        return undefined;
      }
      throw error;
    }
  }
}

function isUnprocessable(error: unknown): boolean {
  return statusOf(error) === 422;
}
