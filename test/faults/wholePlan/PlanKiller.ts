import { EventEmitter, once } from 'node:events';
import type { Operation } from '@vvp/backstage-plugin-deploy-common';
import type { Knex } from 'knex';
import type { GithubSimulator } from '../../simulators/github/client';
import type { Death } from '../engineProcess';
import { runVictim, Victims } from '../victims';
import { openPortal, PortalOrder } from './corePortal';
import type { PlanOrder } from './planProcess';
import { PlanWorld, SmokeTest } from './PlanWorld';

/** Until a victim's lease is over half a minute passes, for which nobody waits here. */
const LONG_AGO = new Date(0).toISOString();

const CANCEL = 'actions/cancel-workflow-run';

/** What a rollback came to whose process was killed. */
export interface Aftermath {
  world: PlanWorld;
  operation: Operation;
  /** How often GitHub was asked to cancel a run. */
  cancels: number;
}

/** Kills processes that roll back, in one database. */
export class PlanKiller {
  readonly #github: GithubSimulator;
  readonly #database: Knex.Config;
  readonly #victims: Victims;
  readonly #knex: Knex;
  readonly #prefix: string;
  readonly #folder: string;
  #count = 0;

  constructor(options: PlanKillerOptions) {
    this.#github = options.github;
    this.#database = options.database;
    this.#knex = options.knex;
    this.#prefix = options.prefix;
    this.#folder = options.folder;
    this.#victims = new Victims(options.process);
  }

  stop(): void {
    this.#victims.stop();
  }

  /**
   * Kills a process at a moment, and lets this one finish what it left. Throws if it reached its end.
   *
   * @param meanwhile - happens after the death, before anybody takes over
   */
  async killAt(
    dieAt: Required<Death>,
    options: {
      smokeTest?: SmokeTest;
      meanwhile?: (world: PlanWorld) => Promise<void>;
    } = {},
  ): Promise<Aftermath> {
    this.#count += 1;
    const world = await PlanWorld.open(this.#github, this.#knex, {
      name: `${this.#prefix}-${this.#count}`,
      folder: this.#folder,
    });
    const before = await this.#cancels();
    world.start(options.smokeTest);
    try {
      await this.dieIn(world, dieAt);
      await options.meanwhile?.(world);
      const operation = await this.finish(world);
      const cancels = (await this.#cancels()) - before;
      return { world, operation, cancels };
    } finally {
      await world.stop();
    }
  }

  /** Has a process take over what there is, and die. */
  async dieIn(world: PlanWorld, dieAt: Required<Death>): Promise<void> {
    await this.#expireLease(world);
    const { killed, moments } = await runVictim(
      this.#victims.take(),
      this.#orderFor(world, { dieAt }),
    );
    if (!killed) {
      throw new Error(
        `The process was to die at ${dieAt.name} (${
          dieAt.nth
        }), but reached its end by ${moments?.join(', ')}.`,
      );
    }
  }

  /** Has a process take over that lacks something, and kills it once it waits for that, or all is over. */
  async parkIn(
    world: PlanWorld,
    lacking: Partial<PortalOrder>,
  ): Promise<Operation> {
    await this.#expireLease(world);
    const child = this.#victims.take();
    const exited = once(child, 'exit');
    child.send(this.#orderFor(world, lacking));
    const { portal, id } = await this.#find(world);
    for (;;) {
      const operation = await portal.reader.get(id, { everything: true });
      if (operation && (operation.parked || isOver(operation))) {
        child.kill('SIGKILL');
        await exited;
        return operation;
      }
      await new Promise(resolve => setTimeout(resolve, 25));
    }
  }

  /** This process takes over what there is, and leads it to its end. The client repeats its request. */
  async finish(world: PlanWorld): Promise<Operation> {
    await this.#expireLease(world);
    const changes = new EventEmitter();
    const portal = openPortal(this.#knex, world.order, {
      onChange: () => changes.emit('change'),
    });
    const id = await portal.ask();
    portal.engine.start();
    try {
      for (;;) {
        const next = once(changes, 'change');
        const operation = await portal.reader.get(id, { everything: true });
        if (operation && isOver(operation)) {
          return operation;
        }
        await next;
      }
    } finally {
      await portal.engine.stop();
    }
  }

  async cancel(world: PlanWorld, by: string): Promise<void> {
    const { portal, id } = await this.#find(world);
    await portal.cancel(id, by);
  }

  async #find(world: PlanWorld) {
    const portal = openPortal(this.#knex, world.order);
    const { id } = await this.#knex('operations')
      .where('environment_id', world.service.environmentId)
      .first('id');
    return { portal, id: String(id) };
  }

  /** Its time comes, and what it waits for. */
  async #expireLease({ service }: PlanWorld): Promise<void> {
    const rows = () =>
      this.#knex('operations')
        .where('environment_id', service.environmentId)
        .whereIn('status', ['queued', 'running']);
    await rows().whereNotNull('lease_until').update({ lease_until: LONG_AGO });
    await rows().whereNotNull('parked').update({ due_at: LONG_AGO });
  }

  #orderFor(world: PlanWorld, more: Partial<PlanOrder>): PlanOrder {
    return { ...world.order, database: this.#database, ...more };
  }

  async #cancels(): Promise<number> {
    return (await this.#github.validation()).rest[CANCEL] ?? 0;
  }
}

/** What a {@link PlanKiller} works with. */
export interface PlanKillerOptions {
  /** File of the process that is killed, see `planProcess.ts`. */
  process: string;
  github: GithubSimulator;
  /** Migrated, and what leads to it. */
  knex: Knex;
  database: Knex.Config;
  /** Of the names of services; nobody else's. */
  prefix: string;
  /** For what outlives the processes. */
  folder: string;
}

function isOver({ status }: Operation): boolean {
  return status !== 'queued' && status !== 'running';
}
