import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { OperationEngine } from '@vvp/backstage-plugin-deploy-backend/src/operations/engine/OperationEngine';
import { OperationReader } from '@vvp/backstage-plugin-deploy-backend/src/operations/reading/OperationReader';
import { Operation } from '@vvp/backstage-plugin-deploy-common';
import knexFactory, { Knex } from 'knex';
import { bundleProcess } from '../processes/bundleProcess';
import { chooseDeaths } from './chooseDeaths';
import type { Death, VictimOrder } from './engineProcess';
import { FaultPlatform, FaultScenario } from './FaultScenario';
import { silentLogger } from './silentLogger';
import { runVictim, Victims } from './victims';

/**
 * The process that finishes lives in the future, where the victim's lease is over, but no step's time limit
 * is: give steps a minute at least.
 */
const LATER_MS = 40_000;

/** What a series of kills came to. */
export interface KillReport {
  kills: number;
  /** Moments of a whole run. */
  moments: string[];
  /** How the operations ended after the kills. */
  outcomes: Record<string, number>;
}

/** What is killed, and where. */
export interface KillOptions {
  /** File that exports `scenario`, with its path. */
  file: string;
  scenario: FaultScenario;
  /** A migrated database that nobody else uses; both processes connect to it. */
  database: Knex.Config;
  /** Kills at most, spread evenly over all moments. Default 60. */
  maxKills?: number;
  /**
   * The platform takes its time, so that each run looks at it another number of times: moments are known by
   * what happens and in which step, and of those that come again and again, the first ones count.
   */
  takesItsTime?: boolean;
}

const bundles = new Map<string, Promise<string>>();

/** The process that is killed in a scenario. Series of one scenario may run side by side. */
function victimOf(scenario: string): Promise<string> {
  const known = bundles.get(scenario);
  if (known) {
    return known;
  }
  const bundle = bundleProcess(require.resolve('./engineProcess.ts'), scenario);
  bundles.set(scenario, bundle);
  return bundle;
}

/**
 * Runs an operation once in a process of its own, and then again and again, killing the process at
 * another moment each time, and lets another process finish. Throws unless each ends as the plan promises,
 * and the platform is as the operation says.
 */
export async function killEverywhere(
  options: KillOptions,
): Promise<KillReport> {
  const victim = await victimOf(options.file);
  const knex = knexFactory(options.database);
  const victims = new Victims(victim);
  try {
    const moments = (await runOnce(options, knex, victims)).moments ?? [];
    const outcomes: Record<string, number> = {};
    let kills = 0;
    for (const dieAt of chooseDeaths(moments, options)) {
      const { killed, operation } = await runOnce(
        options,
        knex,
        victims,
        dieAt,
      );
      if (!killed && options.takesItsTime) {
        // This time it did not have to look so often.
        continue;
      }
      if (!killed) {
        throw new Error(
          `The process was to die at moment ${dieAt.nth} (${
            moments[dieAt.nth - 1]
          }) of ${moments.length}, but reached its end.`,
        );
      }
      kills += 1;
      const end = `${operation.status}, ${operation.outcome}`;
      outcomes[end] = (outcomes[end] ?? 0) + 1;
    }
    return { kills, moments, outcomes };
  } finally {
    victims.stop();
    await knex.destroy();
  }
}

async function runOnce(
  options: KillOptions,
  knex: Knex,
  victims: Victims,
  dieAt?: Death,
): Promise<{ killed: boolean; moments?: string[]; operation: Operation }> {
  const platform = await options.scenario.startPlatform(options.database);
  try {
    const operationId = await submit(knex, platform);
    const { killed, moments } = await runVictim(victims.take(), {
      state: platform.state,
      database: options.database,
      operationId,
      dieAt,
    } satisfies VictimOrder);
    const operation = await finish(options, knex, platform, operationId);
    try {
      expectClear(operation);
      await platform.check(operation);
    } catch (error) {
      throw new Error(
        `After the death at moment ${dieAt?.nth} ${
          dieAt?.name
        }: ${error}\n${JSON.stringify(operation, undefined, 1)}`,
      );
    }
    return { killed, moments, operation };
  } finally {
    await platform.stop();
  }
}

/** The operation says what it left, and why. */
function expectClear(operation: Operation): void {
  const isDone =
    operation.status === 'succeeded' && operation.outcome === 'done';
  const isUndone =
    operation.status === 'failed' &&
    operation.outcome === 'as-before' &&
    /\S/.test(operation.failure?.message ?? '');
  if (!isDone && !isUndone) {
    throw new Error('It is neither done, nor as before with a clear failure.');
  }
}

async function submit(knex: Knex, platform: FaultPlatform): Promise<string> {
  const { place, ...plan } = await platform.plan();
  const submitted = await engineOf(knex, {}, { laterMs: 0 }).submit({
    ...(place ?? (await addPlace(knex))),
    kind: 'rollback',
    requestedBy: 'user:default/dana',
    automatic: false,
    reason: 'errors',
    context: {},
    ...plan,
  });
  return submitted.id;
}

/** An environment that nobody else operates. */
async function addPlace(
  knex: Knex,
): Promise<{ serviceId: string; environmentId: string }> {
  const serviceId = randomUUID();
  const environmentId = randomUUID();
  await knex('services').insert({
    id: serviceId,
    entity_ref: `component:default/${serviceId}`,
    repository: 'example-org/vvp',
    service_key: serviceId,
    name: serviceId,
    annotations: '{}',
  });
  await knex('environments').insert({
    id: environmentId,
    service_id: serviceId,
    name: 'production',
    tier: 'production',
    position: 0,
    declared: true,
    enforced: false,
  });
  return { serviceId, environmentId };
}

/** This process takes over what is left. */
async function finish(
  options: KillOptions,
  knex: Knex,
  platform: FaultPlatform,
  operationId: string,
): Promise<Operation> {
  const reader = new OperationReader(knex);
  const changes = new EventEmitter();
  const engine = engineOf(
    knex,
    await options.scenario.runners(platform.state, options.database),
    { laterMs: LATER_MS, onChange: () => changes.emit('change') },
  );
  engine.start();
  try {
    for (;;) {
      const next = once(changes, 'change');
      const operation = await reader.get(operationId, { everything: true });
      if (operation && !['queued', 'running'].includes(operation.status)) {
        return operation;
      }
      await next;
    }
  } finally {
    await engine.stop();
  }
}

function engineOf(
  knex: Knex,
  runners: Awaited<ReturnType<FaultScenario['runners']>>,
  options: { laterMs: number; onChange?: () => void },
): OperationEngine {
  return new OperationEngine({
    knex,
    runners,
    hooks: {
      admit: async () => undefined,
      onTransition: async () => {},
      onChange: () => options.onChange?.(),
    },
    logger: silentLogger,
    now: () => new Date(Date.now() + options.laterMs),
    limits: { pollMs: 20, firstRetryMs: 5, busyMs: 5, logMs: 10 },
  });
}
