import { join } from 'node:path';
import type { Outcomes } from '../../client/types';
import { GitRepository, type CommitInfo } from '../git/GitRepository';
import type { Urls } from '../serialize';
import type { Webhooks } from '../webhooks/Webhooks';
import { readWorkflow, type WorkflowDefinition } from '../workflow';
import type { Ids } from './Ids';
import { ConcurrencyGroups } from './ConcurrencyGroups';
import type {
  Account,
  Environment,
  Repository,
  Team,
  Workflow,
  WorkflowJob,
  WorkflowRun,
} from './model';
import { latestAttempt } from './model';
import type { Scheduler } from './Scheduler';

/** Those of `examples/org.yaml`. */
const FIRST_TEAM = 500;
const TEAMS = ['platform-team', 'voice-team', 'vvp-team'];

/** How long a job takes when nobody says. */
export interface DurationRange {
  minimumSeconds: number;
  maximumSeconds: number;
  /** How long a queued job waits for a runner, at most. */
  queueSeconds: number;
}

export interface AppIdentity {
  id: number;
  slug: string;
}

export interface NewRepository {
  owner: string;
  name: string;
  description: string;
  private?: boolean;
}

/** A repository that begins with the files of a folder. */
export interface ImportedRepository extends NewRepository {
  createdAt: number;
  folder: string;
  author: Account;
}

/** Everything that exists in the simulated GitHub. */
export class World {
  readonly ids: Ids;
  readonly scheduler: Scheduler;
  readonly urls: Urls;
  readonly webhooks: Webhooks;
  readonly app: AppIdentity;
  readonly concurrency = new ConcurrencyGroups();
  readonly repositories = new Map<string, Repository>();
  /** Told of every job that has ended. */
  onJobCompleted: (job: WorkflowJob) => Promise<void> = async () => undefined;
  durations: DurationRange = {
    minimumSeconds: 20,
    maximumSeconds: 150,
    queueSeconds: 8,
  };
  /** How dispatches of workflows are answered. */
  readonly dispatches = { runDetails: true, hiddenFromLists: 0 };
  readonly #stateFolder: string;
  readonly #accounts = new Map<string, Account>();
  readonly #definitions = new Map<string, Promise<WorkflowDefinition>>();

  constructor(options: {
    ids: Ids;
    scheduler: Scheduler;
    urls: Urls;
    webhooks: Webhooks;
    app: AppIdentity;
    stateFolder: string;
  }) {
    this.ids = options.ids;
    this.scheduler = options.scheduler;
    this.urls = options.urls;
    this.webhooks = options.webhooks;
    this.app = options.app;
    this.#stateFolder = options.stateFolder;
  }

  get now(): number {
    return this.scheduler.now;
  }

  get repositoriesFolder(): string {
    return join(this.#stateFolder, 'repositories');
  }

  account(login: string, type: Account['type'] = 'User'): Account {
    const key = login.toLowerCase();
    const known = this.#accounts.get(key);
    if (known) return known;
    const name = login.charAt(0).toUpperCase() + login.slice(1);
    const account: Account = {
      id: 2_000 + this.#accounts.size,
      login,
      type,
      name,
      email: `${key.replace(/[^a-z0-9.-]/g, '-')}@users.example.test`,
    };
    this.#accounts.set(key, account);
    return account;
  }

  /** An account that somebody used already. */
  knownAccount(login: string): Account | undefined {
    return this.#accounts.get(login.toLowerCase());
  }

  accountById(id: number): Account | undefined {
    return [...this.#accounts.values()].find(account => account.id === id);
  }

  teamById(organization: string, id: number): Team | undefined {
    const slug = TEAMS[id - FIRST_TEAM];
    return slug === undefined ? undefined : this.team(organization, slug);
  }

  /** A team of an organization, of those that the examples have. */
  team(organization: string, slug: string): Team | undefined {
    const index = TEAMS.indexOf(slug.toLowerCase());
    return index < 0
      ? undefined
      : {
          id: FIRST_TEAM + index,
          slug: TEAMS[index],
          organization: this.account(organization, 'Organization'),
        };
  }

  /** The account that a commit's author has, if any. */
  accountByEmail(email: string): Account | undefined {
    return [...this.#accounts.values()].find(
      account => account.email === email,
    );
  }

  get actionsBot(): Account {
    return this.account('github-actions[bot]', 'Bot');
  }

  repository(owner: string, name: string): Repository | undefined {
    return this.repositories.get(`${owner}/${name}`.toLowerCase());
  }

  /** A repository without any commit. */
  async createRepository(
    request: NewRepository,
    createdAt = this.now,
  ): Promise<Repository> {
    const owner = this.account(request.owner, 'Organization');
    const fullName = `${owner.login}/${request.name}`;
    const git = await GitRepository.create(
      join(this.repositoriesFolder, `${fullName}.git`),
      'main',
    );
    const repository: Repository = {
      id: this.ids.next(),
      owner,
      name: request.name,
      fullName,
      description: request.description,
      private: request.private ?? false,
      defaultBranch: 'main',
      createdAt,
      pushedAt: createdAt,
      git,
      workflows: new Map(),
      protections: new Map(),
      environments: new Map(),
      runs: [],
      deployments: [],
      pulls: [],
      checks: [],
      statuses: [],
      comments: [],
      outcomes: {},
    };
    this.repositories.set(fullName.toLowerCase(), repository);
    return repository;
  }

  async addRepository(request: ImportedRepository): Promise<Repository> {
    const repository = await this.createRepository(request, request.createdAt);
    await repository.git.importFolder(request.folder, {
      branch: 'main',
      message: `Import ${request.name}\n`,
      author: {
        name: request.author.name,
        email: request.author.email,
        date: request.createdAt,
      },
    });
    await this.refreshWorkflows(repository);
    return repository;
  }

  /** Registers the workflows of the default branch, as GitHub lists them. */
  async refreshWorkflows(repository: Repository): Promise<void> {
    for (const definition of await this.definitions(
      repository,
      repository.defaultBranch,
    )) {
      this.workflow(repository, definition);
    }
  }

  workflow(repository: Repository, definition: WorkflowDefinition): Workflow {
    const known = repository.workflows.get(definition.path);
    if (known) {
      known.name = definition.name;
      return known;
    }
    const workflow: Workflow = {
      id: this.ids.next(),
      path: definition.path,
      name: definition.name,
      createdAt: this.now,
      runCount: 0,
      state: 'active',
    };
    repository.workflows.set(definition.path, workflow);
    return workflow;
  }

  /** The workflow files of a commit. */
  async definitions(
    repository: Repository,
    treeish: string,
  ): Promise<WorkflowDefinition[]> {
    const sha = await repository.git.resolve(treeish);
    if (!sha) return [];
    const entries = await repository.git.tree(sha);
    const files = entries.filter(
      entry =>
        entry.type === 'blob' &&
        /^\.github\/workflows\/[^/]+\.ya?ml$/.test(entry.path),
    );
    return Promise.all(
      files.map(entry => {
        const key = `${entry.path}@${entry.sha}`;
        const known = this.#definitions.get(key);
        if (known) return known;
        const reading = repository.git
          .blob(entry.sha)
          .then(content => readWorkflow(entry.path, content.toString()));
        this.#definitions.set(key, reading);
        return reading;
      }),
    );
  }

  async definition(
    repository: Repository,
    sha: string,
    path: string,
  ): Promise<WorkflowDefinition | undefined> {
    const definitions = await this.definitions(repository, sha);
    return definitions.find(definition => definition.path === path);
  }

  /** GitHub makes an environment when a job first names it. */
  environment(repository: Repository, name: string): Environment {
    const key = name.toLowerCase();
    const known = repository.environments.get(key);
    if (known) return known;
    const environment: Environment = {
      id: this.ids.next(),
      name,
      createdAt: this.now,
      updatedAt: this.now,
      protectionRules: [],
      reviewers: [],
      preventSelfReview: false,
      teams: [],
      waitMinutes: 0,
      branchPolicy: 'any',
      branches: [],
    };
    repository.environments.set(key, environment);
    return environment;
  }

  setOutcomes(repository: Repository, outcomes: Outcomes): void {
    repository.outcomes = outcomes;
  }

  headCommit(run: WorkflowRun): Promise<CommitInfo> {
    return run.repository.git.info(run.headSha);
  }

  run(repository: Repository, id: number): WorkflowRun | undefined {
    return repository.runs.find(run => run.id === id);
  }

  job(repository: Repository, id: number): WorkflowJob | undefined {
    for (const run of repository.runs) {
      for (const attempt of run.attempts) {
        const job = attempt.jobs.find(candidate => candidate.id === id);
        if (job) return job;
      }
    }
    return undefined;
  }

  /** Runs that have not ended. */
  openRuns(): WorkflowRun[] {
    return [...this.repositories.values()].flatMap(repository =>
      repository.runs.filter(run => latestAttempt(run).status !== 'completed'),
    );
  }
}
