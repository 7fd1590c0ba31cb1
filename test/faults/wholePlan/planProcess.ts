import knexFactory, { Knex } from 'knex';
import type { Death } from '../engineProcess';
import { watchDatabase, watchRequests, watchWrites } from '../moments';
import { openPortal, PortalOrder } from './corePortal';

/**
 * A process that asks for a rollback and runs it as the plugin does. It kills itself by SIGKILL at a
 * moment, which no code can catch nor clean up after; without one it runs to the end and tells all moments.
 */

/** What the process is told over its channel. */
export interface PlanOrder extends PortalOrder {
  database: Knex.Config;
  dieAt?: Death;
}

// Nobody is left to tell.
process.once('disconnect', () => process.exit(1));
process.once('message', (order: PlanOrder) => {
  run(order).then(
    moments => process.send?.({ moments }, () => process.exit(0)),
    error => {
      process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
      process.exit(1);
    },
  );
});

async function run(order: PlanOrder): Promise<string[]> {
  const { dieAt } = order;
  const moments: string[] = [];
  // Before the first step, and from then on within or after the one that was told of last.
  let stage = 'asking';
  const listener = (told: string, nextStage?: string) => {
    stage = nextStage ?? stage;
    const name = nextStage ?? `${stage}: ${told}`;
    moments.push(name);
    if (
      name === dieAt?.name &&
      moments.filter(each => each === name).length === dieAt.nth
    ) {
      process.kill(process.pid, 'SIGKILL');
    }
  };
  const knex = knexFactory(order.database);
  const watcher = knexFactory(order.database);
  watchDatabase(knex, listener);
  watchWrites(knex, listener);
  watchRequests(listener);
  const portal = openPortal(knex, order, { listener });
  const id = await portal.ask();
  listener('asked', 'asked');
  portal.engine.start();
  for (;;) {
    const row = await watcher('operations').where('id', id).first('status');
    if (!['queued', 'running'].includes(row?.status)) {
      return moments;
    }
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}
