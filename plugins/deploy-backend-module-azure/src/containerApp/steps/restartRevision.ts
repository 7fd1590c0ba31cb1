import { hasIngress } from '../traffic';
import { awaitReady } from './awaitReady';
import { revisionIn } from './input';
import { StepKind } from './types';

/** Starts the replicas of a revision anew; once more after a crash does no harm. */
export const restartRevision: StepKind = {
  async execute(context) {
    const { api, control, memory } = context;
    const revision = revisionIn(context.input);
    const app = await api.app();
    if (memory.values.restarted !== true) {
      control.log(`Restarting ${revision}`);
      await api.restart(revision);
      await memory.add({ restarted: true });
    }
    await awaitReady(context, revision, hasIngress(app));
    return {};
  },
};
