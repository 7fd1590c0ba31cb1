import { TrafficWeight } from '@azure/arm-appcontainers';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { JsonArray } from '@backstage/types';
import {
  sameTraffic,
  shiftedTraffic,
  trafficEntries,
  trafficShares,
} from '../traffic';
import { revisionIn } from './input';
import { requireMultiple } from './mode';
import { StepContext, StepKind } from './types';

/** Somebody else may shift it at the same time; more often than this it is not shifted back. */
const MOST_ORDERS = 5;

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

  async compensate(context) {
    const before = fromJson(context.memory.values.before);
    if (!before) {
      return;
    }
    context.control.log('Giving the traffic back as it was');
    await bringTraffic(context, () => before);
  },
};

/** Orders a split until the app has it and Azure is done. */
async function bringTraffic(
  { api, control, pollIntervalMs }: StepContext,
  wanted: (present: readonly TrafficWeight[]) => TrafficWeight[],
): Promise<void> {
  for (let orders = 0; ; ) {
    const app = await api.app();
    const present = trafficEntries(app);
    const split = wanted(present);
    const isThere = sameTraffic(present, split);
    if (isThere && app.provisioningState !== 'InProgress') {
      return;
    }
    if (!isThere) {
      orders += 1;
      if (orders > MOST_ORDERS) {
        throw new TargetError(
          'invalid',
          `Somebody else keeps shifting the traffic of ${api.name}.`,
          { remedy: 'Stop the pipeline that deploys it, and try again.' },
        );
      }
      const order = await api.setTraffic(app, split);
      while (!(await order.isDone())) {
        await control.wait(pollIntervalMs);
      }
    } else {
      await control.wait(pollIntervalMs);
    }
  }
}

function toJson(traffic: readonly TrafficWeight[]): JsonArray {
  return JSON.parse(JSON.stringify(traffic));
}

function fromJson(value: unknown): TrafficWeight[] | undefined {
  return Array.isArray(value) ? (value as TrafficWeight[]) : undefined;
}
