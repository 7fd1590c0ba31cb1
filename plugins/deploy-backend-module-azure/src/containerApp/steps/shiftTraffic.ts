import { shiftedTraffic, trafficEntries, trafficShares } from '../traffic';
import { bringTraffic, giveTrafficBack, toJson } from './bringTraffic';
import { revisionIn } from './input';
import { requireMultiple } from './mode';
import { StepKind } from './types';

/** Gives all of the traffic to a revision that is up. */
export const shiftTraffic: StepKind = {
  async execute(context) {
    const { api, control, memory } = context;
    const revision = revisionIn(context.input);
    const app = await api.app();
    requireMultiple(app);
    if (memory.values.before === undefined) {
      const shares = trafficShares({ app, revisions: [] });
      await memory.add({
        before: toJson(trafficEntries(app)),
        lost: shares
          .map(share => share.revision)
          .filter(name => name !== revision),
      });
    }
    control.log(`Shifting all of the traffic to ${revision}`);
    await bringTraffic(context, traffic => shiftedTraffic(traffic, revision));
    return { output: { lost: memory.texts('lost') } };
  },

  compensate: giveTrafficBack,
};
