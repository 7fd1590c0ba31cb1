import type { ValidationReport, Violation } from '../../client/types';

/** Counts what was validated and keeps what was not as GitHub describes it. */
export class ValidationLedger {
  readonly #rest = new Map<string, number>();
  readonly #webhooks = new Map<string, number>();
  #violations: Violation[] = [];
  #unvalidated: string[] = [];

  countRest(operationId: string): void {
    this.#rest.set(operationId, (this.#rest.get(operationId) ?? 0) + 1);
  }

  countWebhook(name: string): void {
    this.#webhooks.set(name, (this.#webhooks.get(name) ?? 0) + 1);
  }

  addViolation(violation: Violation): void {
    this.#violations.push(violation);
  }

  /** A call that GitHub's description does not know. */
  addUnvalidated(call: string): void {
    this.#unvalidated.push(call);
    this.addViolation({
      kind: 'unvalidated',
      where: call,
      errors: ['not in the description that the simulator validates against'],
    });
  }

  report(): ValidationReport {
    const sorted = (counts: Map<string, number>) =>
      Object.fromEntries(
        [...counts].sort(([one], [other]) => one.localeCompare(other)),
      );
    return {
      rest: sorted(this.#rest),
      webhooks: sorted(this.#webhooks),
      violations: [...this.#violations],
      unvalidated: [...this.#unvalidated],
    };
  }

  reset(): void {
    this.#rest.clear();
    this.#webhooks.clear();
    this.#violations = [];
    this.#unvalidated = [];
  }
}
