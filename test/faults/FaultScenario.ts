import { JsonObject } from '@backstage/types';
import {
  NewStep,
  StepRunner,
} from '@vvp/backstage-plugin-deploy-backend/src/operations/engine/types';
import { Operation } from '@vvp/backstage-plugin-deploy-common';
import {
  DeployTarget,
  TargetEnvironment,
} from '@vvp/backstage-plugin-deploy-node';
import { Knex } from 'knex';

/** A platform that outlives the processes which drive it. */
export interface FaultPlatform {
  /** What a process needs to know to reach it; JSON. */
  state: JsonObject;
  /** The operation to kill processes in. */
  plan(): Promise<{
    lockKey: string;
    steps: NewStep[];
    /** Where the operation belongs; rows of its own, unless the platform needs to know them. */
    place?: { serviceId: string; environmentId: string };
  }>;
  /**
   * Reads the platform without the code that drives it, and throws if it is not in the state that the
   * operation claims.
   */
  check(operation: Operation): Promise<void>;
  stop(): Promise<void>;
}

/**
 * What a module exports as `scenario` to have processes killed in it. The module is loaded by the process
 * of the test, which starts the platform, and by each process that is killed, which drives it.
 */
export interface FaultScenario {
  /**
   * A platform of its own for each process that is killed.
   *
   * @param database - where the plugin keeps what it knows; migrated
   */
  startPlatform(database: Knex.Config): Promise<FaultPlatform>;
  /** Drives the platform that `state` leads to. */
  runners(
    state: JsonObject,
    database: Knex.Config,
  ): Promise<Record<string, StepRunner>>;
}

/** The runner of a target, without the rest of the plugin. */
export function targetRunner(
  target: DeployTarget,
  environment: TargetEnvironment,
): StepRunner {
  return {
    execute: (_operation, step, control) =>
      target.executeStep(environment, step, control),
    compensate: (_operation, step, control) =>
      target.compensateStep(environment, step, control),
  };
}

/** Fails always: what was done before is undone. Put a step of it at the end of a plan. */
export const failingRunner: StepRunner = {
  execute: async () => {
    throw new Error('This is meant to fail.');
  },
  compensate: async () => {},
};
