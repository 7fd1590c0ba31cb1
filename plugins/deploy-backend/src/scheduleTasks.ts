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
  feedback: SchedulerServiceTaskScheduleDefinition;
  watch: SchedulerServiceTaskScheduleDefinition;
  promotions: SchedulerServiceTaskScheduleDefinition;
  canaries: SchedulerServiceTaskScheduleDefinition;
  automaticPromotions: SchedulerServiceTaskScheduleDefinition;
  prune: SchedulerServiceTaskScheduleDefinition;
  retention: HumanDuration;
  /** Of the details of reports. */
  evidenceRetention: HumanDuration;
  /** Of operations that are over. */
  operationRetention: HumanDuration;
}

/** Reads `deploy.schedule` and `deploy.retention`, with their defaults. */
export function readSchedule(config: Config): DeploySchedule {
  return {
    catalog: scheduleOf(config, 'catalog', { seconds: 60 }),
    specs: scheduleOf(config, 'specs', { minutes: 10 }),
    retry: scheduleOf(config, 'retry', { seconds: 15 }),
    poll: scheduleOf(config, 'poll', { minutes: 5 }),
    feedback: scheduleOf(config, 'feedback', { minutes: 1 }),
    watch: scheduleOf(config, 'watch', { seconds: 5 }),
    promotions: scheduleOf(config, 'promotions', { seconds: 5 }),
    canaries: scheduleOf(config, 'canaries', { seconds: 10 }),
    automaticPromotions: scheduleOf(config, 'automaticPromotions', {
      seconds: 30,
    }),
    prune: scheduleOf(config, 'prune', { hours: 1 }),
    retention: retentionOf(config, 'events', { days: 90 }),
    evidenceRetention: retentionOf(config, 'evidence', { days: 90 }),
    operationRetention: retentionOf(config, 'operations', { days: 400 }),
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
  feedback: (signal: AbortSignal) => Promise<void>;
  watch: (signal: AbortSignal) => Promise<void>;
  promotions: (signal: AbortSignal) => Promise<void>;
  canaries: (signal: AbortSignal) => Promise<void>;
  automaticPromotions: (signal: AbortSignal) => Promise<void>;
  prune: (before: Date) => Promise<void>;
  pruneEvidence: (before: Date) => Promise<void>;
  pruneOperations: (before: Date) => Promise<unknown>;
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
    id: 'deploy-feedback',
    ...schedule.feedback,
    fn: options.feedback,
  });
  await scheduler.scheduleTask({
    id: 'deploy-watch',
    ...schedule.watch,
    fn: options.watch,
  });
  await scheduler.scheduleTask({
    id: 'deploy-promotions',
    ...schedule.promotions,
    fn: options.promotions,
  });
  await scheduler.scheduleTask({
    id: 'deploy-canaries',
    ...schedule.canaries,
    fn: options.canaries,
  });
  await scheduler.scheduleTask({
    id: 'deploy-automatic-promotions',
    ...schedule.automaticPromotions,
    fn: options.automaticPromotions,
  });
  await scheduler.scheduleTask({
    id: 'deploy-event-prune',
    ...schedule.prune,
    fn: () => options.prune(ago(schedule.retention)),
  });
  await scheduler.scheduleTask({
    id: 'deploy-evidence-prune',
    ...schedule.prune,
    fn: () => options.pruneEvidence(ago(schedule.evidenceRetention)),
  });
  await scheduler.scheduleTask({
    id: 'deploy-operation-prune',
    ...schedule.prune,
    fn: async () => {
      await options.pruneOperations(ago(schedule.operationRetention));
    },
  });
}

function ago(duration: HumanDuration): Date {
  return new Date(Date.now() - durationToMilliseconds(duration));
}

function retentionOf(
  config: Config,
  name: string,
  byDefault: HumanDuration,
): HumanDuration {
  const key = `deploy.retention.${name}`;
  return config.has(key) ? readDurationFromConfig(config, { key }) : byDefault;
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
