import {
  EvidenceType,
  GateResult,
  GateSummary,
  summariseGates,
  TrendThreshold,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { CommitChanges } from '../changes/CommitChanges';
import { PullRequestBases } from '../changes/PullRequestBases';
import { Judging } from './Judging';
import { GateSubject, ReleaseFacts } from './ReleaseFacts';
import { ServicePolicies, ServicePolicy } from './ServicePolicies';
import { thresholdsOf } from './thresholdsOf';
import { WaiverStore } from './WaiverStore';

/**
 * Judges gates by what is known now. Results are not kept: a report that is deleted, a rule that is
 * changed or a time that has passed shows at once.
 */
export class Gates {
  readonly #knex: Knex;
  readonly #changes: Pick<CommitChanges, 'get' | 'parentOf'>;
  readonly #bases: Pick<PullRequestBases, 'baseOf'>;
  readonly #policies: ServicePolicies;
  readonly #waivers: WaiverStore;
  readonly #now: () => Date;

  constructor(options: {
    knex: Knex;
    changes: Pick<CommitChanges, 'get' | 'parentOf'>;
    bases: Pick<PullRequestBases, 'baseOf'>;
    policies: ServicePolicies;
    waivers: WaiverStore;
    now?: () => Date;
  }) {
    this.#knex = options.knex;
    this.#changes = options.changes;
    this.#bases = options.bases;
    this.#policies = options.policies;
    this.#waivers = options.waivers;
    this.#now = options.now ?? (() => new Date());
  }

  /** The gates between releases of a service and its environments, one summary for each pair. */
  async of(
    serviceId: string,
    wanted: readonly { environment: string; commit: string }[],
  ): Promise<Map<string, GateSummary>> {
    const policy = await this.#policies.of(serviceId);
    const summaries = new Map<string, GateSummary>();
    const commits = new Set(wanted.map(({ commit }) => commit));
    for (const commit of policy ? commits : []) {
      const judged = await this.judge(policy!, { commit });
      for (const { environment } of wanted.filter(
        one => one.commit === commit,
      )) {
        const summary = judged.summaries.get(environment);
        if (summary) {
          summaries.set(environment, summary);
        }
      }
    }
    return summaries;
  }

  /** Every gate of a service for one commit, by environment, with the facts they were judged on. */
  async judge(
    policy: ServicePolicy,
    subject: GateSubject,
  ): Promise<{ summaries: Map<string, GateSummary>; facts: ReleaseFacts }> {
    const now = this.#now();
    const facts = await ReleaseFacts.load({
      knex: this.#knex,
      changes: this.#changes,
      bases: this.#bases,
      waivers: this.#waivers,
      policy,
      subject,
      now,
    });
    const judging = new Judging({ policy, subject, facts, now });
    const summaries = new Map<string, GateSummary>();
    for (const { name, rules } of policy.environments) {
      const results: GateResult[] = [];
      for (const rule of rules) {
        results.push(await judging.result(rule, name));
      }
      summaries.set(
        name,
        summariseGates(
          {
            commit: subject.commit,
            ...(facts.version && { version: facts.version }),
          },
          results,
        ),
      );
    }
    return { summaries, facts };
  }

  /** The limits that a service's gates set, to be drawn into charts of a type of evidence. */
  async thresholdsOf(
    serviceId: string,
    type: EvidenceType,
  ): Promise<TrendThreshold[]> {
    const policy = await this.#policies.of(serviceId);
    return policy ? thresholdsOf(type, policy.environments) : [];
  }
}
