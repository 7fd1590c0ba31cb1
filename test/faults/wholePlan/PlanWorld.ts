import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import {
  deploymentId,
  ensureRelease,
  projectEnvironment,
} from '@vvp/backstage-plugin-deploy-backend/src/store/DeploymentWriter';
import { DeploymentRow } from '@vvp/backstage-plugin-deploy-backend/src/store/rows';
import type { Knex } from 'knex';
import type { GithubSimulator, Outcomes } from '../../simulators/github/client';
import {
  GithubWorkflowWorld,
  PORTAL_TOKEN,
  WorldService,
} from '../../targets/githubWorkflowWorld';
import type { PortalOrder } from './corePortal';
import { AuditLine, readAuditLog } from './fileAuditor';
import { FilePlatform } from './FilePlatform';

/** A run of a repository, as GitHub tells of it. */
export interface SeenRun {
  id: number;
  event: string;
  head_sha: string;
  status: string;
  conclusion: string | null;
}

/** What becomes of the smoke test. */
export type SmokeTest = 'success' | 'failure' | 'goes on';

/** How long the bad release has been in place when it is taken out. */
export const BAD_FOR_SECONDS = 1_800;

/** A job that goes on until somebody ends it. */
const held: Outcomes = { deploy: { hold: true } };

/** How often it is looked whether the portal has done something. */
const LOOK_MS = 25;

/**
 * A service whose pipeline keeps deploying while it is rolled back: a run is under way when that is asked
 * for, a second one begins while the platform changes, and a third one while the smoke test runs, which puts
 * its release in place before it can be stopped. It has a repository and a platform of its own.
 */
export class PlanWorld {
  readonly #world: GithubWorkflowWorld;
  readonly service: WorldService;
  readonly platform: FilePlatform;
  readonly order: PortalOrder;
  /** Id of the release that is taken out. */
  readonly badReleaseId: string;
  /** Commits of the runs that have to be stopped, as far as they have begun. */
  readonly toStop: string[] = [];
  readonly #over = new AbortController();
  #living: Promise<void> | undefined;

  private constructor(options: {
    world: GithubWorkflowWorld;
    service: WorldService;
    directory: string;
    commits: { good: string; bad: string };
    badReleaseId: string;
  }) {
    const { world, service, directory, commits, badReleaseId } = options;
    const { host, apiUrl } = world.github;
    this.#world = world;
    this.service = service;
    this.badReleaseId = badReleaseId;
    this.platform = new FilePlatform(directory);
    this.platform.create([
      { id: 'v3', commit: commits.bad },
      { id: 'v2', commit: commits.good },
    ]);
    this.order = {
      entityRef: service.entityRef,
      platform: directory,
      auditLog: join(directory, 'audit.log'),
      github: [{ host, apiBaseUrl: apiUrl, token: PORTAL_TOKEN }],
    };
  }

  /**
   * @param name - of the service, and of its repository
   * @param folder - for its platform
   */
  static async open(
    github: GithubSimulator,
    knex: Knex,
    { name, folder }: { name: string; folder: string },
  ): Promise<PlanWorld> {
    const world = new GithubWorkflowWorld(github, knex);
    const repository = await world.addRepository(name);
    const service = await world.addService(repository, name, {
      name: 'production',
      jobs: [{ workflow: 'deploy.yml', job: 'deploy', commit: 'run' }],
      target: { type: 'azure-container-app', resourceGroup: 'VVP', name },
      workflows: { smokeTest: { workflow: 'smoke.yml' } },
      rollback: { checks: 4, secondsBetweenChecks: 0 },
    });
    const directory = await mkdtemp(join(folder, `${name}-`));
    const history = await deployTwo(knex, service);
    const opened = new PlanWorld({ world, service, directory, ...history });
    await github.setOutcomes(repository, { 'Smoke/smoke': { hold: true } });
    await opened.#pushHeld('before it is rolled back');
    return opened;
  }

  /** Lets happen what happens outside, until {@link PlanWorld.stop}. */
  start(smokeTest: SmokeTest = 'success'): void {
    this.#living = this.#live(smokeTest);
    // Said by stop().
    this.#living.catch(() => {});
  }

  /** Throws if something outside did not happen as it should. */
  async stop(): Promise<void> {
    this.#over.abort();
    await this.#living;
  }

  /** By GitHub's own API, newest first. */
  async runs(): Promise<SeenRun[]> {
    const runs = await this.#world.runs(this.service.repository);
    return runs as unknown as SeenRun[];
  }

  async smokeTests(): Promise<SeenRun[]> {
    const runs = await this.runs();
    return runs.filter(({ event }) => event === 'workflow_dispatch');
  }

  audited(): AuditLine[] {
    return readAuditLog(this.order.auditLog);
  }

  async #live(smokeTest: SmokeTest): Promise<void> {
    const { github } = this.#world;
    const { repository } = this.service;
    if (!(await this.#until(async () => this.platform.isAsked))) {
      return;
    }
    await this.#pushHeld('while it switches');
    this.platform.letGo();
    const isTested = async () => (await this.smokeTests()).length > 0;
    if (smokeTest === 'goes on' || !(await this.#until(isTested))) {
      return;
    }
    if (smokeTest === 'success') {
      const commit = await this.#pushHeld('while it is tested');
      this.platform.displace({ id: 'v4', commit });
    }
    for (const { id } of await this.smokeTests()) {
      const { attempts } = await github.run(repository, id);
      const job = attempts[0].jobs.find(({ name }) => name === 'smoke');
      await github.completeJob(repository, job!.id, smokeTest);
    }
  }

  /** A push whose run deploys until it is stopped. */
  async #pushHeld(message: string): Promise<string> {
    const { sha } = await this.#world.github.push(this.service.repository, {
      message,
      files: { 'README.md': `${message}\n` },
      outcomes: held,
    });
    this.toStop.push(sha);
    return sha;
  }

  /** Whether it came true before the end. */
  async #until(isTrue: () => Promise<boolean>): Promise<boolean> {
    while (!this.#over.signal.aborted) {
      // A look that is not answered, as on a busy machine, is made again.
      if (await isTrue().catch(() => false)) {
        return true;
      }
      await new Promise(resolve => setTimeout(resolve, LOOK_MS));
    }
    return false;
  }
}

/** What the portal knows from before: a good release, and then the bad one. */
async function deployTwo(knex: Knex, service: WorldService) {
  const { id: serviceId, environmentId } = service;
  const badSince = Date.now() - BAD_FOR_SECONDS * 1_000;
  const commits = {
    good: randomBytes(20).toString('hex'),
    bad: randomBytes(20).toString('hex'),
  };
  const deploy = async (
    tx: Knex.Transaction,
    commit: string,
    milliseconds: number,
  ) => {
    const finished = new Date(milliseconds);
    const at = finished.toISOString();
    const source = `observed:${commit}`;
    const release = await ensureRelease(tx, { serviceId, commit }, finished);
    await tx<DeploymentRow>('deployments').insert({
      id: deploymentId(environmentId, source),
      service_id: serviceId,
      environment_id: environmentId,
      release_id: release,
      source,
      outcome: 'succeeded',
      status: 'succeeded',
      asked_first: false,
      guessed: false,
      created_at: at,
      started_at: at,
      finished_at: at,
    });
    return release;
  };
  const badReleaseId = await knex.transaction(async tx => {
    await deploy(tx, commits.good, badSince - 60_000);
    const bad = await deploy(tx, commits.bad, badSince);
    await projectEnvironment(tx, environmentId);
    return bad;
  });
  return { commits, badReleaseId };
}
