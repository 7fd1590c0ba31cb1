import {
  readSchedulerServiceTaskScheduleDefinitionFromConfig,
  SchedulerService,
  SchedulerServiceTaskScheduleDefinition,
} from '@backstage/backend-plugin-api';
import { Config, readDurationFromConfig } from '@backstage/config';
import { durationToMilliseconds, HumanDuration } from '@backstage/types';

/** When the recurring work is done. */
export interface DeploySchedule {
  catalog: SchedulerServiceTaskScheduleDefinition;
  specs: SchedulerServiceTaskScheduleDefinition;
  retry: SchedulerServiceTaskScheduleDefinition;
  poll: SchedulerServiceTaskScheduleDefinition;
  prune: SchedulerServiceTaskScheduleDefinition;
  retention: HumanDuration;
}

/** Reads `deploy.schedule` and `deploy.retention`, with their defaults. */
export function readSchedule(config: Config): DeploySchedule {
  return {
    catalog: scheduleOf(config, 'catalog', { seconds: 60 }),
    specs: scheduleOf(config, 'specs', { minutes: 10 }),
    retry: scheduleOf(config, 'retry', { seconds: 15 }),
    poll: scheduleOf(config, 'poll', { minutes: 5 }),
    prune: scheduleOf(config, 'prune', { hours: 1 }),
    retention: config.has('deploy.retention.events')
      ? readDurationFromConfig(config, { key: 'deploy.retention.events' })
      : { days: 90 },
  };
}

/** Starts the recurring work; one replica does it at a time. */
export async function scheduleTasks(options: {
  scheduler: SchedulerService;
  schedule: DeploySchedule;
  catalogSync: () => Promise<void>;
  retryEvents: (signal: AbortSignal) => Promise<unknown>;
  refreshSpecs: () => Promise<void>;
  poll: (signal: AbortSignal) => Promise<void>;
  prune: (before: Date) => Promise<void>;
}): Promise<void> {
  const { scheduler, schedule } = options;
  await scheduler.scheduleTask({
    id: 'deploy-catalog-sync',
    ...schedule.catalog,
    fn: options.catalogSync,
  });
  await scheduler.scheduleTask({
    id: 'deploy-event-retry',
    ...schedule.retry,
    fn: async signal => {
      await options.retryEvents(signal);
    },
  });
  await scheduler.scheduleTask({
    id: 'deploy-spec-refresh',
    ...schedule.specs,
    fn: options.refreshSpecs,
  });
  await scheduler.scheduleTask({
    id: 'deploy-poll',
    ...schedule.poll,
    fn: options.poll,
  });
  await scheduler.scheduleTask({
    id: 'deploy-event-prune',
    ...schedule.prune,
    fn: () =>
      options.prune(
        new Date(Date.now() - durationToMilliseconds(schedule.retention)),
      ),
  });
}

function scheduleOf(
  config: Config,
  name: string,
  frequency: HumanDuration,
): SchedulerServiceTaskScheduleDefinition {
  const key = `deploy.schedule.${name}`;
  return config.has(key)
    ? readSchedulerServiceTaskScheduleDefinitionFromConfig(
        config.getConfig(key),
      )
    : { frequency, timeout: { minutes: 10 } };
}
