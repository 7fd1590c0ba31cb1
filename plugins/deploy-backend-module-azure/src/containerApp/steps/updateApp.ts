import { ContainerApp, Revision, Template } from '@azure/arm-appcontainers';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { readinessOf } from '../readiness';
import { freeSuffix } from '../revisionName';
import { runsTheSame, templateToRestore } from '../template';
import { hasIngress } from '../traffic';
import { isOverdue, notHealthy } from './awaitReady';
import { revisionIn } from './input';
import { requireSingle } from './mode';
import { StepContext, StepKind } from './types';

/** A pipeline may push at the same time; more often than this it is not overtaken. */
const MOST_ORDERS = 5;

/** Single-revision mode: makes a new revision of what an old one runs. Azure switches when it is ready. */
export const updateApp: StepKind = {
  async execute(context) {
    const { api, memory } = context;
    const app = await api.app();
    requireSingle(app);
    if (memory.text('before') === undefined) {
      const before = app.latestReadyRevisionName || app.latestRevisionName;
      await memory.add({ before: before ?? '' });
    }
    const revision = await bringTemplate(context, {
      template: await templateOf(context, revisionIn(context.input)),
      prefix: 'r',
      orders: 'orders',
      ordered: 'ordered',
      clock: 'waitsSince',
    });
    return { output: { revision } };
  },

  async compensate(context) {
    const before = context.memory.text('before');
    if (!before) {
      return;
    }
    context.control.log(`Putting back what ${before} runs`);
    await bringTemplate(context, {
      template: await templateOf(context, before),
      prefix: 'c',
      orders: 'compensationOrders',
      ordered: 'compensationOrdered',
      clock: 'restoresSince',
    });
  },
};

interface WantedTemplate {
  template: Template;
  /** Tells the revisions of a rollback from those of its undoing. */
  prefix: 'r' | 'c';
  /** Under which the step remembers how many updates it has ordered. */
  orders: string;
  /** Under which the step remembers the revision that it ordered last. */
  ordered: string;
  /** Under which the step remembers since when it waits. */
  clock: string;
}

/** Orders a template until it is what the latest revision runs, and that one is ready. */
async function bringTemplate(
  context: StepContext,
  wanted: WantedTemplate,
): Promise<string> {
  const { api, control, pollIntervalMs } = context;
  let told = '';
  for (;;) {
    const lookedAt = Date.now();
    const app = await api.app();
    const latest = await api.revision(app.latestRevisionName ?? '');
    const next = decide(app, latest, {
      template: wanted.template,
      ordered: context.memory.text(wanted.ordered),
    });
    if (next.do === 'finish') {
      control.log(`${latest.name} runs it: ${next.reason}`);
      return latest.name ?? '';
    }
    if (next.do === 'order') {
      await order(context, app, wanted);
      continue;
    }
    if (next.reason !== told) {
      told = next.reason;
      control.log(`${latest.name}: ${told}`);
    }
    const overdue = await isOverdue(context, wanted.clock, lookedAt);
    if (next.do === 'fail' || overdue) {
      throw await notHealthy(context, latest.name ?? '', {
        state: next.do === 'fail' ? 'failed' : 'waiting',
        reason: next.reason,
      });
    }
    await control.wait(pollIntervalMs);
  }
}

/** What to do next, from how the app stands. */
export function decide(
  app: ContainerApp,
  latest: Revision,
  wanted: {
    template: Template;
    /** The revision that was ordered last. */
    ordered?: string;
  },
): { do: 'finish' | 'order' | 'wait' | 'fail'; reason: string } {
  if (app.provisioningState === 'InProgress') {
    return { do: 'wait', reason: 'Azure still works on an update' };
  }
  const isOrdered = latest.name === wanted.ordered;
  const isLatest = isOrdered || runsTheSame(latest.template, wanted.template);
  // A failed update brings no revision, but the app keeps its template.
  const isLeftOver =
    !isOrdered &&
    app.provisioningState === 'Failed' &&
    !runsTheSame(app.template, wanted.template);
  if (!isLatest || isLeftOver) {
    return { do: 'order', reason: 'something else is the latest revision' };
  }
  const { state, reason } = readinessOf(latest, hasIngress(app));
  if (state === 'failed') {
    return { do: 'fail', reason };
  }
  return state === 'ready' && app.latestReadyRevisionName === latest.name
    ? { do: 'finish', reason }
    : { do: 'wait', reason };
}

async function order(
  { api, control, memory, pollIntervalMs }: StepContext,
  app: ContainerApp,
  { template, prefix, orders, ordered }: WantedTemplate,
): Promise<void> {
  const count = (memory.number(orders) ?? 0) + 1;
  if (count > MOST_ORDERS) {
    throw new TargetError(
      'invalid',
      `Somebody else keeps updating ${api.name}.`,
      { remedy: 'Stop the pipeline that deploys it, and try again.' },
    );
  }
  const suffix = freeSuffix(
    api.name,
    `${prefix} ${control.operationId} ${count}`,
    (await api.revisions()).map(revision => revision.name),
  );
  const name = `${api.name.toLowerCase()}--${suffix}`;
  await memory.add({ [orders]: count, [ordered]: name });
  control.log(`Ordering revision ${name}`);
  const taken = await api.setTemplate(
    app,
    templateToRestore(template, app.template, suffix),
  );
  while (!(await taken.isDone())) {
    await control.wait(pollIntervalMs);
  }
}

/** Read anew in each process: templates hold values that may be secrets, and are never stored. */
async function templateOf(
  { api }: StepContext,
  revision: string,
): Promise<Template> {
  const { template } = await api.revision(revision);
  if (!template) {
    throw new TargetError('invalid', `Revision ${revision} has no template.`, {
      remedy: 'Choose another revision.',
    });
  }
  return template;
}
