import { Knex } from 'knex';
import { userRef } from './githubPayloads';
import { LifeWorld } from './LifeWorld';

/**
 * One replica answers a run that needs no approval; another one is told to cancel its promotion after so many
 * turns of the first.
 *
 * @returns how both ended, and how many turns the answer took
 */
export async function raceAt(
  knex: Knex,
  turn: number,
): Promise<{ promotion: string; job: string; turns: number }> {
  const policy = { rules: [], order: 'none' as const };
  const world = await LifeWorld.create(knex, [policy, policy]);
  const [answering, cancelling] = world.replicas;
  const sha = 'c'.repeat(40);
  world.commits.push({ sha, author: 'paul' });
  const run = world.github.start({
    commit: sha,
    starter: 'paul',
    services: ['verifier'],
  });
  for (const webhook of world.github.outbox.splice(0)) {
    await answering.take(webhook);
  }

  let turns = 0;
  await world.turns.race(
    [
      { process: answering, run: () => answering.answer() },
      {
        process: cancelling,
        run: async () => {
          // Its first turn comes when it is to begin.
          const row = await world.turns.through(cancelling, () =>
            knex('promotions').first('id'),
          );
          if (row) {
            await cancelling.desk
              .cancel(row.id, { by: userRef('paul') })
              // It may be too late.
              .catch(() => {});
          }
        },
      },
    ],
    (_count, waiting) => {
      const isTurnOfOther = turns >= turn;
      const other = waiting.indexOf(isTurnOfOther ? cancelling : answering);
      const next = other >= 0 ? other : 0;
      turns += waiting[next] === answering ? 1 : 0;
      return next;
    },
  );
  // What the answer left open is looked at once more.
  for (let look = 0; look < 3; look++) {
    world.later(150);
    for (const webhook of world.github.outbox.splice(0)) {
      await answering.take(webhook);
    }
    await answering.progress();
    await answering.answer();
  }

  const promotion = await knex('promotions').first('status');
  return {
    promotion: promotion.status,
    job: run.jobs.find(job => job.isProduction)!.status,
    turns,
  };
}
