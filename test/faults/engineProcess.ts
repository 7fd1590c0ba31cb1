import { JsonObject } from '@backstage/types';
import { OperationEngine } from '@vvp/backstage-plugin-deploy-backend/src/operations/engine/OperationEngine';
import knexFactory, { Knex } from 'knex';
import { FaultScenario } from './FaultScenario';
import { silentLogger } from './silentLogger';
import { watchDatabase, watchRequests, watchRunner } from './moments';

/**
 * A process with nothing but an engine. It kills itself by SIGKILL at the so-manieth moment, which no code
 * can catch nor clean up after; without such a number it runs to the end and tells all moments.
 */

/** What the process is told over its channel. */
export interface VictimOrder {
  state: JsonObject;
  database: Knex.Config;
  operationId: string;
  dieAt?: Death;
}

/** The so-manieth moment of all, or of those that are called so. */
export interface Death {
  nth: number;
  name?: string;
}

/** Longer than any test: nothing happens by the clock, so that moments are the same each time. */
const NEVER_MS = 10 * 60_000;

/** The file that exports `scenario`, loaded before there is an order; see `bundleProcess`. */
const loaded: Promise<{ scenario: FaultScenario }> = import(
  process.env.FAULT_SCENARIO!
);

// Nobody is left to tell.
process.once('disconnect', () => process.exit(1));
process.once('message', (order: VictimOrder) => {
  run(order).then(
    moments => process.send?.({ moments }, () => process.exit(0)),
    error => {
      process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
      process.exit(1);
    },
  );
});

async function run(order: VictimOrder): Promise<string[]> {
  const moments: string[] = [];
  const { dieAt } = order;
  // Before the first step, and from then on within or after the one that was told of last.
  let stage = 'start';
  const listener = (told: string, nextStage?: string) => {
    stage = nextStage ?? stage;
    const name = nextStage ?? `${stage}: ${told}`;
    moments.push(name);
    const count =
      dieAt?.name === undefined
        ? moments.length
        : moments.filter(each => each === dieAt.name).length;
    if (
      count === dieAt?.nth &&
      (dieAt.name === undefined || dieAt.name === name)
    ) {
      process.kill(process.pid, 'SIGKILL');
    }
  };
  const { scenario } = await loaded;
  const runners = await scenario.runners(order.state, order.database);
  const knex = knexFactory(order.database);
  const watcher = knexFactory(order.database);
  watchDatabase(knex, listener);
  watchRequests(listener);
  const engine = new OperationEngine({
    knex,
    runners: Object.fromEntries(
      Object.entries(runners).map(([name, runner]) => [
        name,
        watchRunner(runner, listener),
      ]),
    ),
    hooks: {
      admit: async () => undefined,
      onTransition: async () => {},
      onChange: () => {},
    },
    logger: silentLogger,
    limits: {
      heartbeatMs: NEVER_MS,
      pollMs: NEVER_MS,
      logMs: NEVER_MS,
      firstRetryMs: 5,
      busyMs: 5,
    },
  });
  engine.start();
  for (;;) {
    const row = await watcher('operations')
      .where('id', order.operationId)
      .first('status');
    if (!['queued', 'running'].includes(row?.status)) {
      return moments;
    }
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}
