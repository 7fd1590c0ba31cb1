import { JsonObject } from '@backstage/types';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { servingRevision, sharedTraffic, trafficEntries } from '../traffic';
import { bringTraffic, giveTrafficBack, toJson } from './bringTraffic';
import { revisionIn } from './input';
import { requireMultiple } from './mode';
import { StepKind } from './types';

/** Gives a revision that is up a part of the traffic, and what ran before it the rest. */
export const splitTraffic: StepKind = {
  async execute(context) {
    const { api, control, memory } = context;
    const { revision, stable, percent } = splitIn(context.input);
    const app = await api.app();
    requireMultiple(app);
    if (memory.values.before === undefined) {
      const serving = servingRevision({ app, revisions: [] });
      if (serving !== stable && serving !== revision) {
        throw new TargetError(
          'invalid',
          `${
            serving ?? 'Nothing'
          } serves meanwhile, so ${revision} is no longer compared with ${stable}.`,
          { remedy: 'Deploy the release again.' },
        );
      }
      await memory.add({ before: toJson(trafficEntries(app)) });
    }
    control.log(
      `Giving ${revision} ${percent} % of the traffic, and ${stable} the rest`,
    );
    await bringTraffic(context, traffic =>
      sharedTraffic(traffic, [
        { revision, percent },
        { revision: stable, percent: 100 - percent },
      ]),
    );
    return {};
  },

  compensate: giveTrafficBack,
};

interface Split {
  revision: string;
  /** What gets the rest. */
  stable: string;
  /** Of `revision`. */
  percent: number;
}

function splitIn(input: JsonObject): Split {
  const { stable, percent } = input;
  if (typeof stable !== 'string' || typeof percent !== 'number') {
    throw new TargetError(
      'invalid',
      'The stored step does not say how the traffic is to be split: another version of the portal planned it.',
      { remedy: 'Start the operation again.' },
    );
  }
  return { revision: revisionIn(input), stable, percent };
}
