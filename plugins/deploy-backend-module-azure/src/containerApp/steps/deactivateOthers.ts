import { hasIngress, labelledRevisions, trafficShares } from '../traffic';
import { awaitReady } from './awaitReady';
import { revisionIn } from './input';
import { StepContext, StepKind } from './types';

/** Takes down what lost its traffic, so that nobody shifts it back by mistake and nobody pays for it. */
export const deactivateOthers: StepKind = {
  async execute(context) {
    const { api, control, memory } = context;
    const others = await revisionsToDeactivate(context);
    for (const revision of others) {
      await memory.add({
        deactivated: [...new Set([...memory.texts('deactivated'), revision])],
      });
      control.log(`Deactivating ${revision}`);
      await api.deactivate(revision);
    }
    return { skipped: memory.texts('deactivated').length === 0 };
  },

  async compensate(context) {
    const { api, control, memory } = context;
    const app = await api.app();
    for (const revision of memory.texts('deactivated')) {
      const { active } = await api.revision(revision);
      if (!active) {
        control.log(`Activating ${revision} again`);
        await api.activate(revision);
      }
      // It gets its traffic back next, whether it is healthy or not: so it was before.
      await awaitReady(
        context,
        revision,
        hasIngress(app),
        'restoresSince',
      ).catch(error => {
        if (error?.kind !== 'unhealthy') {
          throw error;
        }
        control.log(error.message, 'warn');
      });
    }
  },
};

async function revisionsToDeactivate({
  api,
  control,
  input,
}: StepContext): Promise<string[]> {
  const keep = revisionIn(input);
  const app = await api.app();
  const active = (await api.revisions()).flatMap(revision =>
    revision.active && revision.name !== undefined && revision.name !== keep
      ? revision.name
      : [],
  );
  if (!hasIngress(app)) {
    return active;
  }
  const lost = control.outputs['shift-traffic']?.lost;
  const labelled = labelledRevisions(app);
  const serving = trafficShares({ app, revisions: [] }).map(
    share => share.revision,
  );
  return active.filter(name => {
    if (!Array.isArray(lost) || !lost.includes(name)) {
      return false;
    }
    if (labelled.includes(name)) {
      control.log(`${name} stays active: it has a label`);
      return false;
    }
    return !serving.includes(name);
  });
}
