import {
  CommitRange,
  GateSummary,
  MigrationsBetween,
  MigrationsSpec,
  RevisionEntry,
  RollbackPreview,
  RunInFlight,
  ServiceSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { findDatabaseError } from '../operations/engine/databaseError';
import { RollbackPlan } from '../operations/requests/rollbackPlan';
import { Caller } from '../operations/requests/types';
import { KnownEnvironment } from '../targets/TargetEnvironments';
import { ReleaseHistory } from './ReleaseHistory';

/** What the preview asks besides the target. Each may fail without the preview failing. */
export interface PreviewSources {
  specOf(serviceId: string): Promise<ServiceSpec | undefined>;
  commitsBetween(options: {
    repository: string;
    spec: ServiceSpec | undefined;
    from: string;
    to: string;
  }): Promise<CommitRange>;
  migrationsBetween(options: {
    repository: string;
    migrations: MigrationsSpec;
    from: string;
    to: string;
  }): Promise<MigrationsBetween>;
  gatesOf(
    serviceId: string,
    environment: string,
    commit: string,
  ): Promise<GateSummary | undefined>;
  sameRun(
    deploymentId: string,
  ): Promise<{ entityRef: string; environment: string }[]>;
  runsInFlight(environmentId: string): Promise<RunInFlight[]>;
}

/** Tells what a rollback would do. */
export class RollbackPreviewer {
  readonly #plan: (
    known: KnownEnvironment,
    revision: string,
    caller: Caller,
  ) => Promise<RollbackPlan>;
  readonly #history: ReleaseHistory;
  readonly #sources: PreviewSources;
  readonly #now: () => Date;

  constructor(options: {
    plan: (
      known: KnownEnvironment,
      revision: string,
      caller: Caller,
    ) => Promise<RollbackPlan>;
    history: ReleaseHistory;
    sources: PreviewSources;
    now?: () => Date;
  }) {
    this.#plan = options.plan;
    this.#history = options.history;
    this.#sources = options.sources;
    this.#now = options.now ?? (() => new Date());
  }

  async preview(
    known: KnownEnvironment,
    revision: string,
    caller: Caller,
  ): Promise<RollbackPreview> {
    const plan = await this.#plan(known, revision, caller);
    const [to, from] = await this.#history.describe(
      { serviceId: known.serviceId, environmentId: known.id },
      [plan.to, ...(plan.from ? [plan.from] : [])],
    );
    const problems: string[] = plan.warning ? [plan.warning] : [];
    const attempt = async <T>(
      what: string,
      question: () => Promise<T>,
    ): Promise<T | undefined> => {
      try {
        return await question();
      } catch (error) {
        problems.push(`${what}: ${reasonOf(error)}`);
        return undefined;
      }
    };
    const sources = this.#sources;
    const spec = await attempt('deploy.yaml', () =>
      sources.specOf(known.serviceId),
    );
    const commits = {
      from: plan.fromRelease?.commit ?? fullSha(from?.commit),
      to: plan.toRelease?.commit ?? fullSha(to.commit),
    };
    const range = async () => {
      if (!commits.from || !commits.to) {
        return undefined;
      }
      return sources.commitsBetween({
        repository: known.repository,
        spec,
        from: commits.from,
        to: commits.to,
      });
    };
    const migrations = async () => {
      if (!commits.from || !commits.to || !spec?.migrations) {
        return undefined;
      }
      return sources.migrationsBetween({
        repository: known.repository,
        migrations: spec.migrations,
        // What the release that runs brought, seen from the one that comes back.
        from: commits.to,
        to: commits.from,
      });
    };
    const gates = async () =>
      commits.to
        ? sources.gatesOf(known.serviceId, known.name, commits.to)
        : undefined;
    const sameRun = async () =>
      known.currentDeploymentId
        ? sources.sameRun(known.currentDeploymentId)
        : [];
    const [changes, migrated, judged, others, runs] = await Promise.all([
      attempt('Commits', range),
      attempt('Migrations', migrations),
      attempt('Gates', gates),
      attempt('Services of the same run', sameRun),
      attempt('Runs in flight', () => sources.runsInFlight(known.id)),
    ]);
    const age = ageSeconds(to, this.#now());
    return {
      entityRef: known.entityRef,
      environment: known.name,
      tier: known.tier,
      admission: plan.admission,
      ...(from && { from }),
      to,
      alreadyThere: plan.target.alreadyThere,
      ...(age !== undefined && { ageSeconds: age }),
      ...(changes && { changes }),
      configuration: plan.target.configuration,
      notRestored: plan.target.notRestored,
      artifact: plan.target.artifact,
      ...(migrated && { migrations: migrated }),
      ...(judged && { gates: judged }),
      sameRun: others ?? [],
      runsInFlight: runs ?? [],
      steps: plan.steps.map(({ name, title }) => ({ name, title })),
      ...(plan.confirmation && { confirmation: plan.confirmation }),
      problems,
    };
  }
}

/** What a database says holds the statement. */
function reasonOf(error: unknown): string {
  if (findDatabaseError(error)) {
    return 'not known, as the database or a connection did not do its part. Try again.';
  }
  return error instanceof Error ? error.message : String(error);
}

function fullSha(commit: string | undefined): string | undefined {
  return commit && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)
    ? commit
    : undefined;
}

function ageSeconds(entry: RevisionEntry, now: Date): number | undefined {
  const at = Date.parse(entry.lastDeployedAt ?? entry.createdAt ?? '');
  return Number.isNaN(at)
    ? undefined
    : Math.max(0, Math.round((now.getTime() - at) / 1000));
}
