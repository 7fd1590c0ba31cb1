import {
  OperationKind,
  OperationStatus,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { Freezes } from '../freezes/Freezes';
import { PromotionReader } from '../promotions/PromotionReader';
import { EnvironmentState } from '../reading/ServiceReader';
import { HoldStore } from '../restrictions/HoldStore';
import { LockStore } from '../restrictions/LockStore';
import { TargetEnvironments } from '../targets/TargetEnvironments';

/** Tells of environments what stands in the way there, and what the portal does or could do. */
export class EnvironmentStates {
  readonly #knex: Knex;
  readonly #locks: LockStore;
  readonly #holds: HoldStore;
  readonly #environments: TargetEnvironments;
  readonly #freezes: Pick<Freezes, 'activeIn'>;

  constructor(options: {
    knex: Knex;
    locks: LockStore;
    holds: HoldStore;
    environments: TargetEnvironments;
    freezes: Pick<Freezes, 'activeIn'>;
  }) {
    this.#knex = options.knex;
    this.#locks = options.locks;
    this.#holds = options.holds;
    this.#environments = options.environments;
    this.#freezes = options.freezes;
  }

  /** By id of the environment. */
  async of(
    environmentIds: readonly string[],
  ): Promise<ReadonlyMap<string, EnvironmentState>> {
    const now = new Date();
    const [locks, holds, running, standing, freezes, promotions] =
      await Promise.all([
        this.#locks.currentOf(environmentIds, now),
        this.#holds.currentOf(environmentIds),
        this.#running(environmentIds),
        this.#environments.standingOf(environmentIds),
        this.#freezes.activeIn(environmentIds, now),
        new PromotionReader(this.#knex).pendingOf(environmentIds),
      ]);
    return new Map(
      environmentIds.map(id => {
        const lock = locks.get(id);
        const hold = holds.get(id);
        // The one that opens last.
        const freeze = [...(freezes.get(id) ?? [])].sort((a, b) =>
          a.nextOpen < b.nextOpen ? 1 : -1,
        )[0];
        const pendingPromotion = promotions.get(id);
        const runningOperation = running.get(id);
        return [
          id,
          {
            ...standing.get(id),
            ...(lock && { lock }),
            ...(hold && { hold }),
            ...(freeze && { freeze }),
            ...(pendingPromotion && { pendingPromotion }),
            ...(runningOperation && { runningOperation }),
          },
        ];
      }),
    );
  }

  async #running(environmentIds: readonly string[]) {
    const rows = await this.#knex('operations')
      .whereIn('environment_id', [...environmentIds])
      .whereIn('status', ['queued', 'running'])
      .select<
        {
          id: string;
          environment_id: string;
          kind: OperationKind;
          status: OperationStatus;
        }[]
      >('id', 'environment_id', 'kind', 'status');
    return new Map(
      rows.map(({ environment_id: environment, ...operation }) => [
        environment,
        operation,
      ]),
    );
  }
}
