import { ContainerAppApi } from '../ContainerAppApi';
import { hasIngress, trafficShares } from '../traffic';
import { awaitReady } from './awaitReady';
import { revisionIn } from './input';
import { requireMultiple } from './mode';
import { StepKind } from './types';

/** Brings a revision up beside the one that serves; nothing is asked of it yet. */
export const activateRevision: StepKind = {
  async execute(context) {
    const { api, control, memory } = context;
    const revision = revisionIn(context.input);
    const app = await api.app();
    requireMultiple(app);
    if (memory.values.wasActive === undefined) {
      const { active } = await api.revision(revision);
      await memory.add({ wasActive: active === true });
    }
    const { active } = await api.revision(revision);
    if (!active) {
      control.log(`Activating ${revision}`);
      await api.activate(revision);
    }
    await awaitReady(context, revision, hasIngress(app));
    return { skipped: memory.values.wasActive === true };
  },

  async compensate({ api, control, memory, input }) {
    const revision = revisionIn(input);
    if (memory.values.wasActive !== false) {
      return;
    }
    const { active } = await api.revision(revision);
    if (!active || (await hasTraffic(api, revision))) {
      return;
    }
    control.log(`Deactivating ${revision} again`);
    await api.deactivate(revision);
  },
};

/** Somebody else may have given it traffic in the meantime: then it has to stay. */
async function hasTraffic(
  api: ContainerAppApi,
  revision: string,
): Promise<boolean> {
  const state = { app: await api.app(), revisions: [] };
  return trafficShares(state).some(share => share.revision === revision);
}
