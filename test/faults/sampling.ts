/** `npm run test:faults` kills at every moment; within all other tests a few of each series are enough. */
export const everyMoment = process.env.FAULTS === 'all';

/** How many of a series of kills are carried out. */
export function sampled(kills: number, few = 3): number {
  return everyMoment ? kills : Math.min(kills, few);
}

/** How the kit kills targets, which it does with each of them; see `describeTarget`. */
export const deaths = { mostDeaths: sampled(16, 4) };
