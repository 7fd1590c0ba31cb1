import {
  Evidence,
  evidenceKind,
  GateEvidence,
  GateFacts,
  GateRule,
  GateState,
  metricValue,
  selects,
  Waiver,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { CommitChanges } from '../changes/CommitChanges';
import { PullRequestBases } from '../changes/PullRequestBases';
import { touchesService } from '../changes/touchesService';
import {
  Deployed,
  isOfRepository,
  loadDeployed,
  loadRelease,
  loadReports,
} from './releaseQueries';
import { ChangedLines, ReleaseLines } from './ReleaseLines';
import { ServicePolicy } from './ServicePolicies';
import { StoredWaiver, WaiverStore } from './WaiverStore';

/** How many earlier commits may serve a release whose own was not measured. */
const EARLIER_COMMITS = 5;

/** What a gate may be judged for: a release, or a pull request that wants to become one. */
export interface GateSubject {
  commit: string;
  pullRequest?: number;
}

/** Gathers what the gates of one service and commit are judged on; each thing is asked for once. */
export class ReleaseFacts {
  readonly #knex: Knex;
  readonly #changes: Pick<CommitChanges, 'get' | 'parentOf'>;
  readonly #policy: ServicePolicy;
  readonly #subject: GateSubject;
  readonly #reports: readonly Evidence[];
  readonly #waivers: readonly StoredWaiver[];
  readonly #since: string;
  readonly #version: string | undefined;
  readonly #relations = new Map<string, Promise<GateEvidence['relation']>>();
  readonly #lines: ReleaseLines;
  readonly #isKnown: boolean;
  #deployed: Promise<Deployed> | undefined;

  private constructor(options: {
    knex: Knex;
    changes: Pick<CommitChanges, 'get' | 'parentOf'>;
    bases: Pick<PullRequestBases, 'baseOf'>;
    policy: ServicePolicy;
    subject: GateSubject;
    reports: readonly Evidence[];
    pruned: ReadonlySet<string>;
    waivers: readonly StoredWaiver[];
    since: string;
    version: string | undefined;
    isKnown: boolean;
  }) {
    this.#lines = new ReleaseLines(options);
    this.#isKnown = options.isKnown;
    this.#knex = options.knex;
    this.#changes = options.changes;
    this.#policy = options.policy;
    this.#subject = options.subject;
    this.#reports = options.reports;
    this.#waivers = options.waivers;
    this.#since = options.since;
    this.#version = options.version;
  }

  static async load(options: {
    knex: Knex;
    changes: Pick<CommitChanges, 'get' | 'parentOf'>;
    bases: Pick<PullRequestBases, 'baseOf'>;
    waivers: WaiverStore;
    policy: ServicePolicy;
    subject: GateSubject;
    now: Date;
  }): Promise<ReleaseFacts> {
    const { knex, policy, subject } = options;
    const { reports, pruned } = await loadReports(knex, policy, subject);
    const release = await loadRelease(knex, policy.serviceId, subject.commit);
    const times = [
      release?.since,
      ...reports
        .filter(({ commit }) => commit === subject.commit)
        .map(({ receivedAt }) => receivedAt),
    ].flatMap(time => time ?? []);
    return new ReleaseFacts({
      ...options,
      reports,
      pruned,
      waivers: await options.waivers.ofRelease(
        policy.serviceId,
        subject.commit,
      ),
      since: times.sort()[0] ?? options.now.toISOString(),
      version: release?.version,
      // Anybody may ask for any commit; GitHub is asked about those that exist only.
      isKnown:
        times.length > 0 ||
        (await isOfRepository(knex, policy.repository, subject.commit)),
    });
  }

  get version(): string | undefined {
    return this.#version;
  }

  /** Reports about the very commit, last measured first. */
  get own(): readonly Evidence[] {
    return this.#reports.filter(
      ({ commit }) => commit === this.#subject.commit,
    );
  }

  /**
   * Coverage of the lines that the release changes; nothing while the change is not known.
   *
   * @param environment - compared with what it replaces there; else with the commit before it
   */
  async changedLinesOf(
    evidence: Evidence,
    environment?: string,
  ): Promise<ChangedLines> {
    return this.#lines.of(evidence, environment);
  }

  /** What a rule is judged on. */
  async of(
    rule: GateRule,
    environment: string,
    elsewhere: GateFacts['elsewhere'],
    now: Date,
  ): Promise<GateFacts> {
    const names = this.#policy.environments.map(({ name }) => name);
    const previous = names[names.indexOf(environment) - 1];
    const matching = this.#matching(rule, environment, previous);
    return {
      now: now.toISOString(),
      release: {
        commit: this.#subject.commit,
        ...(this.#version && { version: this.#version }),
        since: this.#since,
      },
      environment,
      ...(this.#subject.pullRequest && {
        pullRequest: this.#subject.pullRequest,
      }),
      ...(previous && { previousEnvironment: previous }),
      evidence: await this.#candidates(rule, matching, environment),
      elsewhere,
      deployed: asksWhereDeployed(rule) ? await this.#whereDeployed() : {},
    };
  }

  /**
   * The waiver that lets a release pass a gate which stands so. One that was granted while evidence was
   * missing does not cover what the evidence then shows.
   */
  waiverOf(
    gate: string,
    environment: string,
    state: GateState,
    now: Date,
  ): Waiver | undefined {
    return this.#waivers.find(
      one =>
        one.key.gate === gate &&
        one.key.environment === environment &&
        Date.parse(one.waiver.expiresAt) > now.getTime() &&
        (one.state === 'fail' || one.state === state),
    )?.waiver;
  }

  #matching(
    { evidence }: GateRule,
    environment: string,
    previous: string | undefined,
  ): Evidence[] {
    const place =
      evidence?.environment === 'previous' ? previous : evidence?.environment;
    if (!evidence || (evidence.environment === 'previous' && !place)) {
      return [];
    }
    const selector = { ...evidence, environment: place };
    return this.#reports.filter(report =>
      selects(selector, report, environment),
    );
  }

  /** Of each kind of report those of the commit; without any, those of the last commits before it. */
  async #candidates(
    rule: GateRule,
    matching: readonly Evidence[],
    environment: string,
  ): Promise<GateEvidence[]> {
    const found: GateEvidence[] = [];
    for (const reports of byKind(matching)) {
      const own = reports.filter(
        ({ commit }) => commit === this.#subject.commit,
      );
      const commits = own.length > 0 ? [own] : earlierCommits(reports);
      for (const measured of commits) {
        const relation = await this.#relationOf(measured[0].commit);
        for (const evidence of measured) {
          found.push({
            evidence,
            relation,
            ...this.#history(rule, reports, evidence),
            ...(rule.metric?.name === 'changed-lines' &&
              (await this.changedLinesOf(evidence, environment))),
          });
        }
        if (relation === 'unchanged') {
          break;
        }
      }
    }
    return found;
  }

  /** Values before this one, of reports of the same kind on other commits. */
  #history(
    { metric, baseline }: GateRule,
    reports: readonly Evidence[],
    evidence: Evidence,
  ): Pick<GateEvidence, 'history'> {
    if (!metric || !baseline) {
      return {};
    }
    const history = reports
      .filter(
        report =>
          report.commit !== evidence.commit &&
          report.pullRequest === undefined &&
          report.measuredAt < evidence.measuredAt,
      )
      .flatMap(report => metricValue(report, metric) ?? [])
      .slice(0, baseline.over);
    return { history };
  }

  #relationOf(commit: string): Promise<GateEvidence['relation']> {
    const known = this.#relations.get(commit);
    if (known) {
      return known;
    }
    const asked = this.#relate(commit);
    this.#relations.set(commit, asked);
    return asked;
  }

  async #relate(commit: string): Promise<GateEvidence['relation']> {
    if (commit === this.#subject.commit) {
      return 'same';
    }
    if (!this.#isKnown) {
      return 'changed';
    }
    const { spec, repository } = this.#policy;
    // Without paths nobody can say that a change is none of the service's.
    if (!spec || spec.paths.length === 0) {
      return 'changed';
    }
    const change = await this.#changes.get(
      repository,
      commit,
      this.#subject.commit,
    );
    if (change.state === 'unknown') {
      return 'unknown';
    }
    return change.state === 'known' && !touchesService(change.files, spec)
      ? 'unchanged'
      : 'changed';
  }

  #whereDeployed(): Promise<Deployed> {
    this.#deployed ??= loadDeployed(
      this.#knex,
      this.#policy.serviceId,
      this.#subject.commit,
    );
    return this.#deployed;
  }
}

/** What is measured in an environment is awaited from the deployment there on. */
function asksWhereDeployed(rule: GateRule): boolean {
  return Boolean(rule.soak ?? rule.succeededIn ?? rule.evidence?.environment);
}

function byKind(reports: readonly Evidence[]): Evidence[][] {
  const kinds = new Map<string, Evidence[]>();
  for (const report of reports) {
    const kind = evidenceKind(report);
    kinds.set(kind, [...(kinds.get(kind) ?? []), report]);
  }
  return [...kinds.values()];
}

/** The reports of each of the last commits that were measured. */
function earlierCommits(matching: readonly Evidence[]): Evidence[][] {
  const commits = new Map<string, Evidence[]>();
  for (const report of matching) {
    if (report.pullRequest === undefined) {
      const reports = commits.get(report.commit) ?? [];
      commits.set(report.commit, [...reports, report]);
    }
  }
  return [...commits.values()].slice(0, EARLIER_COMMITS);
}
