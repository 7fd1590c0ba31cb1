import { Knex } from 'knex';
import { PolicyDemand } from './policyDemand';

/** A row of `policies_in_force`. */
interface PolicyInForceRow {
  environment_id: string;
  /** {@link PolicyDemand} list, JSON. */
  demands: string;
  updated_at: string;
}

/** What was asked of promotions before, until a release is let in under what is asked now. */
export class PoliciesInForce {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** By id of the environment; those of which nothing is known yet are left out. */
  async of(
    environmentIds: readonly string[],
  ): Promise<Map<string, PolicyDemand[]>> {
    const rows = await this.#rows().whereIn('environment_id', [
      ...environmentIds,
    ]);
    return new Map(
      rows.map(row => [row.environment_id, JSON.parse(row.demands)]),
    );
  }

  /** Keeps what is asked first; what is known already stays. */
  async begin(
    environmentId: string,
    demand: PolicyDemand,
    now: Date,
  ): Promise<void> {
    await this.#rows()
      .insert(toRow(environmentId, [demand], now))
      .onConflict('environment_id')
      .ignore();
  }

  /**
   * Puts other demands in the place of those that were read. Of two that do so at once one changes nothing,
   * and looks again later.
   */
  async replace(
    environmentId: string,
    known: readonly PolicyDemand[],
    demands: readonly PolicyDemand[],
    now: Date,
  ): Promise<void> {
    await this.#rows()
      .where({
        environment_id: environmentId,
        demands: JSON.stringify(known),
      })
      .update(toRow(environmentId, demands, now));
  }

  #rows() {
    return this.#knex<PolicyInForceRow>('policies_in_force');
  }
}

function toRow(
  environmentId: string,
  demands: readonly PolicyDemand[],
  now: Date,
): PolicyInForceRow {
  return {
    environment_id: environmentId,
    demands: JSON.stringify(demands),
    updated_at: now.toISOString(),
  };
}
