import { TrafficWeight } from '@azure/arm-appcontainers';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { JsonArray } from '@backstage/types';
import { sameTraffic, trafficEntries } from '../traffic';
import { StepContext } from './types';

/** Somebody else may shift it at the same time; more often than this it is not shifted back. */
const MOST_ORDERS = 5;

/** Undoes a step that remembered the split `before` it changed anything. */
export async function giveTrafficBack(context: StepContext): Promise<void> {
  const before = fromJson(context.memory.values.before);
  if (!before) {
    return;
  }
  context.control.log('Giving the traffic back as it was');
  await bringTraffic(context, () => before);
}

/** Orders a split until the app has it and Azure is done. */
export async function bringTraffic(
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

/** To be remembered as `before`, for {@link giveTrafficBack}. */
export function toJson(traffic: readonly TrafficWeight[]): JsonArray {
  return JSON.parse(JSON.stringify(traffic));
}

function fromJson(value: unknown): TrafficWeight[] | undefined {
  return Array.isArray(value) ? (value as TrafficWeight[]) : undefined;
}
