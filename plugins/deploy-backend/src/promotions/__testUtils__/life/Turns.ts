import { Knex } from 'knex';

/** A backend that may end at any moment. */
export interface Process {
  isDead: boolean;
}

/** Something that a process does beside others. */
export interface Task {
  process: Process;
  run: () => Promise<unknown>;
}

/**
 * Lets processes take turns at everything that they wait for: the test chooses whose turn it is, and where one
 * of them ends. Outside of a race everybody goes on at once.
 */
export class Turns {
  #waiting: { process: Process; go: () => void }[] = [];
  #inFlight = 0;
  #isRace = false;

  /** The database as a process has it. A transaction is one turn: it is done, or it is not. */
  knexOf(knex: Knex, process: Process): Knex {
    return new Proxy(knex, {
      apply: (target, _this, [table]: [string]) => {
        const builder = target(table);
        const { then } = builder;
        builder.then = ((...handlers: Parameters<typeof then>) =>
          this.through(process, () => then.call(builder)).then(
            ...(handlers as Parameters<Promise<unknown>['then']>),
          )) as unknown as typeof then;
        return builder;
      },
      get: (target, name) =>
        name === 'transaction'
          ? (run: (tx: Knex.Transaction) => Promise<unknown>) =>
              this.through(process, () => target.transaction(run))
          : Reflect.get(target, name),
    });
  }

  /** Does something that has to be waited for. */
  async through<T>(
    process: Process,
    work: () => PromiseLike<T> | T,
  ): Promise<Awaited<T>> {
    await this.#turn(process);
    this.#inFlight += 1;
    let result: Awaited<T>;
    try {
      result = await work();
    } finally {
      this.#inFlight -= 1;
    }
    await this.#turn(process);
    return result;
  }

  /**
   * Has tasks take turns until each is done, or its process ended.
   *
   * @param choose - one of those who wait for a turn, by its place among them
   * @param ends - after how many turns of all of them which process ends
   */
  async race(
    tasks: readonly Task[],
    choose: (count: number, waiting: readonly Process[]) => number,
    ends?: { process: Process; after: number },
  ): Promise<void> {
    const open = new Set(tasks);
    const failures: unknown[] = [];
    this.#isRace = true;
    for (const task of tasks) {
      task
        .run()
        .catch(error => failures.push(error))
        .finally(() => open.delete(task));
    }
    let idle = 0;
    for (let turn = 0; ; turn++) {
      await this.#rest();
      if (ends && turn >= ends.after && !ends.process.isDead) {
        ends.process.isDead = true;
        this.#waiting = this.#waiting.filter(({ process }) => !process.isDead);
      }
      for (const task of open) {
        if (task.process.isDead) {
          open.delete(task);
        }
      }
      if (open.size === 0) {
        break;
      }
      const [next] =
        this.#waiting.length > 0
          ? this.#waiting.splice(
              choose(
                this.#waiting.length,
                this.#waiting.map(({ process }) => process),
              ),
              1,
            )
          : [];
      next?.go();
      idle = next ? 0 : idle + 1;
      if (idle > 1_000) {
        throw new Error('Somebody waits for something that is no turn.');
      }
    }
    this.#isRace = false;
    this.#waiting = [];
    if (failures.length > 0) {
      throw failures[0];
    }
  }

  #turn(process: Process): Promise<void> | undefined {
    if (process.isDead) {
      return new Promise(() => {});
    }
    return this.#isRace
      ? new Promise(go => {
          this.#waiting.push({ process, go });
        })
      : undefined;
  }

  /** Until everybody waits for a turn. */
  async #rest(): Promise<void> {
    do {
      await new Promise(resolve => setImmediate(resolve));
    } while (this.#inFlight > 0);
  }
}
