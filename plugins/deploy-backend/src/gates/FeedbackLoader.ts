import { parseEntityRef } from '@backstage/catalog-model';
import {
  Evidence,
  GateResult,
  GateRule,
  metricValue,
  SecuritySummary,
  severities,
  Severity,
  TestSummary,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import {
  FeedbackInput,
  FeedbackSubject,
  ServiceFeedback,
} from '../feedback/types';
import { EvidenceRow, EvidenceTestRow, GithubFeedbackRow } from '../store/rows';
import { Gates } from './Gates';
import { ReleaseFacts } from './ReleaseFacts';
import { ServicePolicies, ServicePolicy } from './ServicePolicies';

/** How many failed tests GitHub is told of; nobody reads more. */
const FAILURES = 1_000;

/** Gathers what GitHub is told about commits. */
export class FeedbackLoader {
  readonly #knex: Knex;
  readonly #policies: ServicePolicies;
  readonly #gates: Pick<Gates, 'judge'>;
  readonly #portalUrl: string | undefined;

  /** @param options - `portalUrl`: where people open the portal */
  constructor(options: {
    knex: Knex;
    policies: ServicePolicies;
    gates: Pick<Gates, 'judge'>;
    portalUrl: string | undefined;
  }) {
    this.#knex = options.knex;
    this.#policies = options.policies;
    this.#gates = options.gates;
    this.#portalUrl = options.portalUrl;
  }

  /** Nothing for a commit that no report is about. */
  async load(subject: FeedbackSubject): Promise<FeedbackInput | undefined> {
    const services: ServiceFeedback[] = [];
    for (const policy of await this.#policies.ofRepository(
      subject.repository,
    )) {
      const feedback = await this.#ofService(policy, subject);
      if (feedback) {
        services.push(feedback);
      }
    }
    return services.length > 0 ? { ...subject, services } : undefined;
  }

  async #ofService(
    policy: ServicePolicy,
    subject: FeedbackSubject,
  ): Promise<ServiceFeedback | undefined> {
    const pullRequest =
      subject.pullRequest ??
      (await this.#pullRequestOf(policy, subject.commit));
    const { summaries, facts } = await this.#gates.judge(
      pullRequest === undefined ? policy : pullRequestPolicy(policy),
      { commit: subject.commit, ...(pullRequest && { pullRequest }) },
    );
    const own = facts.own;
    if (own.length === 0 && !(await this.#hasTold(policy, subject))) {
      return undefined;
    }
    const results = [...summaries.values()].flatMap(summary => summary.results);
    return {
      entityRef: policy.entityRef,
      title: policy.spec?.key ?? parseEntityRef(policy.entityRef).name,
      ...(this.#portalUrl && {
        detailsUrl: pageOf(this.#portalUrl, policy.entityRef),
      }),
      gates: results,
      ...(await this.#coverage(policy, facts, own)),
      ...(await this.#tests(own, results)),
      ...securityOf(own),
    };
  }

  /** Reports may have been deleted since: then the checks have to say so. */
  async #hasTold(
    policy: ServicePolicy,
    { repository, commit }: FeedbackSubject,
  ): Promise<boolean> {
    const key = policy.spec?.key ?? parseEntityRef(policy.entityRef).name;
    const row = await this.#knex<GithubFeedbackRow>('github_feedback')
      .where({ repository })
      .andWhere(either =>
        either
          .whereLike('subject', `check:${commit}:%/ ${key} /%`)
          .orWhereLike('subject', `status:${commit}:%/ ${key} /%`),
      )
      .first('subject');
    return row !== undefined;
  }

  /** The pull request that all reports of a commit are about, if so: its checks are those of the pull request. */
  async #pullRequestOf(
    policy: ServicePolicy,
    commit: string,
  ): Promise<number | undefined> {
    const rows = await this.#knex<EvidenceRow>('evidence')
      .where({ service_id: policy.serviceId, commit_sha: commit })
      .orderBy('received_at', 'desc')
      .select('pull_request');
    return rows.some(row => !row.pull_request)
      ? undefined
      : rows[0]?.pull_request ?? undefined;
  }

  async #coverage(
    policy: ServicePolicy,
    facts: ReleaseFacts,
    own: readonly Evidence[],
  ): Promise<Pick<ServiceFeedback, 'coverage'>> {
    const newest = own.find(({ type }) => type === 'coverage');
    if (newest?.summary.type !== 'coverage') {
      return {};
    }
    const { changedLines, uncovered } = await facts.changedLinesOf(newest);
    const before = await this.#coverageBefore(policy, newest);
    return {
      coverage: {
        lines: newest.summary.lines,
        ...(changedLines && { changed: changedLines }),
        ...(uncovered && { uncovered }),
        ...(before !== undefined && { base: before }),
      },
    };
  }

  /** Line coverage of the newest report before this one that is not about a pull request. */
  async #coverageBefore(
    policy: ServicePolicy,
    newest: Evidence,
  ): Promise<number | undefined> {
    const row = await this.#knex<EvidenceRow>('evidence')
      .where({
        service_id: policy.serviceId,
        type: 'coverage',
        suite: newest.suite ?? '',
        mode: newest.mode ?? '',
      })
      .whereNull('pull_request')
      .whereNot({ commit_sha: newest.commit })
      .where('measured_at', '<', newest.measuredAt)
      .orderBy([
        { column: 'measured_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .first('summary');
    return (
      row &&
      metricValue(
        { ...newest, summary: JSON.parse(row.summary) },
        { name: 'lines' },
      )?.value
    );
  }

  async #tests(
    own: readonly Evidence[],
    gates: readonly GateResult[],
  ): Promise<Pick<ServiceFeedback, 'tests'>> {
    const reports = newestOfEachSuite(
      own.filter(({ type }) => type === 'test'),
    );
    if (reports.length === 0) {
      return {};
    }
    const rows = await this.#knex<EvidenceTestRow>('evidence_tests')
      .whereIn(
        'evidence_id',
        reports.map(({ id }) => id),
      )
      .where({ outcome: 'failed' })
      .orderBy('id')
      .limit(FAILURES);
    const sum = (key: 'passed' | 'failed' | 'skipped' | 'flaky') =>
      reports.reduce(
        (total, { summary }) => total + (summary as TestSummary)[key],
        0,
      );
    const judged = new Set(gates.flatMap(({ evidenceIds }) => evidenceIds));
    return {
      tests: {
        passed: sum('passed'),
        failed: sum('failed'),
        skipped: sum('skipped'),
        flaky: sum('flaky'),
        failures: rows.map(row => ({
          ...JSON.parse(row.detail),
          ...(judged.has(row.evidence_id) && { evidenceId: row.evidence_id }),
        })),
      },
    };
  }
}

function pageOf(portalUrl: string, entityRef: string): string {
  const { kind, namespace, name } = parseEntityRef(entityRef);
  const path = [namespace, kind, name].map(encodeURIComponent).join('/');
  return `${portalUrl.replace(/\/$/, '')}/catalog/${path}/evidence`;
}

/**
 * What a pull request is asked: the rules of the last environment that can be judged before anything is
 * deployed.
 */
export function pullRequestPolicy(policy: ServicePolicy): ServicePolicy {
  const last = policy.environments.at(-1);
  const isAsked = ({ evidence, passedIn, succeededIn, soak }: GateRule) =>
    evidence !== undefined &&
    evidence.environment === undefined &&
    !passedIn &&
    !succeededIn &&
    !soak;
  return {
    ...policy,
    environments: last ? [{ ...last, rules: last.rules.filter(isAsked) }] : [],
  };
}

function newestOfEachSuite(reports: readonly Evidence[]): Evidence[] {
  const seen = new Set<string>();
  return reports.filter(({ suite, mode, environment }) => {
    const key = JSON.stringify([suite, mode, environment]);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

function securityOf(
  own: readonly Evidence[],
): Pick<ServiceFeedback, 'security'> {
  const seen = new Set<string>();
  const summaries = own.flatMap(({ summary, suite, tool }) => {
    // A tool that scanned twice is counted once, last measured first.
    const key = JSON.stringify([suite, tool]);
    if (summary.type !== 'security' || seen.has(key)) {
      return [];
    }
    seen.add(key);
    return [summary];
  });
  return summaries.length === 0
    ? {}
    : {
        security: {
          completed: summaries.every(({ completed }) => completed),
          bySeverity: addUp(summaries),
        },
      };
}

function addUp(
  summaries: readonly SecuritySummary[],
): Record<Severity, number> {
  return Object.fromEntries(
    severities.map(severity => [
      severity,
      summaries.reduce(
        (total, { bySeverity }) => total + bySeverity[severity],
        0,
      ),
    ]),
  ) as Record<Severity, number>;
}
