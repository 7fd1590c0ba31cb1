import {
  GateFacts,
  GateResult,
  GateRule,
  GateState,
  judgeGate,
} from '@vvp/backstage-plugin-deploy-common';
import { encodeGateId } from './gateId';
import { GateSubject, ReleaseFacts } from './ReleaseFacts';
import { ServicePolicy } from './ServicePolicies';

/** One judgement: a gate that asks another environment's gate finds it judged already. */
export class Judging {
  readonly #policy: ServicePolicy;
  readonly #subject: GateSubject;
  readonly #facts: ReleaseFacts;
  readonly #now: Date;
  readonly #results = new Map<string, Promise<GateResult>>();
  readonly #asking = new Set<string>();

  constructor(options: {
    policy: ServicePolicy;
    subject: GateSubject;
    facts: ReleaseFacts;
    now: Date;
  }) {
    this.#policy = options.policy;
    this.#subject = options.subject;
    this.#facts = options.facts;
    this.#now = options.now;
  }

  async result(rule: GateRule, environment: string): Promise<GateResult> {
    const key = JSON.stringify([environment, rule.name]);
    const known = this.#results.get(key);
    if (known) {
      return known;
    }
    this.#asking.add(key);
    const asked = this.#judge(rule, environment);
    this.#results.set(key, asked);
    const result = await asked;
    this.#asking.delete(key);
    return result;
  }

  async #judge(rule: GateRule, environment: string): Promise<GateResult> {
    const facts = await this.#facts.of(
      rule,
      environment,
      await this.#elsewhere(rule, environment),
      this.#now,
    );
    const unwaived = judgeGate(rule, facts);
    const waiver = this.#facts.waiverOf(
      rule.name,
      environment,
      unwaived.state,
      this.#now,
    );
    return {
      id: encodeGateId({
        serviceId: this.#policy.serviceId,
        environment,
        gate: rule.name,
        commit: this.#subject.commit,
      }),
      ...(waiver ? judgeGate(rule, { ...facts, waiver }) : unwaived),
    };
  }

  /** How the gate of this name stands in the environment that the rule asks. */
  async #elsewhere(
    rule: GateRule,
    environment: string,
  ): Promise<GateFacts['elsewhere']> {
    const { environments } = this.#policy;
    const here = environments.findIndex(({ name }) => name === environment);
    const asked =
      rule.passedIn === 'previous'
        ? environments[here - 1]
        : environments.find(({ name }) => name === rule.passedIn);
    if (!rule.passedIn || !asked) {
      return {};
    }
    return { [asked.name]: await this.#stateOf(rule.name, asked.name) };
  }

  async #stateOf(gate: string, environment: string): Promise<GateState> {
    const rule = this.#policy.environments
      .find(({ name }) => name === environment)
      ?.rules.find(({ name }) => name === gate);
    if (!rule) {
      return 'none';
    }
    // Two environments that wait for each other would wait for ever.
    if (this.#asking.has(JSON.stringify([environment, gate]))) {
      return 'pending';
    }
    return (await this.result(rule, environment)).state;
  }
}
