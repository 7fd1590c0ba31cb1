import {
  OperationKind,
  OperationStatus,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
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

  constructor(options: {
    knex: Knex;
    locks: LockStore;
    holds: HoldStore;
    environments: TargetEnvironments;
  }) {
    this.#knex = options.knex;
    this.#locks = options.locks;
    this.#holds = options.holds;
    this.#environments = options.environments;
  }

  /** By id of the environment. */
  async of(
    environmentIds: readonly string[],
  ): Promise<ReadonlyMap<string, EnvironmentState>> {
    const [locks, holds, running, driven] = await Promise.all([
      this.#locks.currentOf(environmentIds, new Date()),
      this.#holds.currentOf(environmentIds),
      this.#running(environmentIds),
      this.#environments.drivenAmong(environmentIds),
    ]);
    return new Map(
      environmentIds.map(id => {
        const lock = locks.get(id);
        const hold = holds.get(id);
        const runningOperation = running.get(id);
        return [
          id,
          {
            ...(driven.has(id) && { operable: true }),
            ...(lock && { lock }),
            ...(hold && { hold }),
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
