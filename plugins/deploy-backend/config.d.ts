import { SchedulerServiceTaskScheduleDefinitionConfig } from '@backstage/backend-plugin-api';
import { HumanDuration } from '@backstage/types';

export interface Config {
  deploy?: {
    /**
     * Which jobs deploy to which environment, for repositories whose deploy.yaml and
     * annotations say nothing about them.
     * @visibility backend
     */
    rules?: Array<{
      /**
       * `owner/name`; `*` stands for anything. Default: every repository.
       * @visibility backend
       */
      repository?: string;
      /**
       * File name of the workflow, such as `deploy.yml`. Default: any.
       * @visibility backend
       */
      workflow?: string;
      /**
       * Name of the job as GitHub shows it; `*` stands for anything.
       * @visibility backend
       */
      job: string;
      /**
       * Name of the environment it deploys to.
       * @visibility backend
       */
      environment: string;
      /**
       * Tier of the environment. Default: guessed from its name.
       * @visibility backend
       */
      tier?: 'development' | 'staging' | 'production' | 'preview';
      /**
       * Globs of branches or tags. Default: any.
       * @visibility backend
       */
      branches?: string[];
    }>;
    /** How long things are kept. */
    retention?: {
      /**
       * Raw events; what they said stays. Default: 90 days.
       * @visibility backend
       */
      events?: HumanDuration | string;
    };
    /** When recurring work is done. */
    schedule?: {
      /**
       * Reading the services of the catalog. Default: every 60 seconds.
       * @visibility backend
       */
      catalog?: SchedulerServiceTaskScheduleDefinitionConfig;
      /**
       * Reading every deploy.yaml again. Default: every 10 minutes; pushes are followed at once.
       * @visibility backend
       */
      specs?: SchedulerServiceTaskScheduleDefinitionConfig;
      /**
       * Asking GitHub for what missed webhooks left out. Default: every 5 minutes.
       * @visibility backend
       */
      poll?: SchedulerServiceTaskScheduleDefinitionConfig;
      /**
       * Events that wait or failed. Default: every 15 seconds.
       * @visibility backend
       */
      retry?: SchedulerServiceTaskScheduleDefinitionConfig;
      /**
       * Forgetting old events. Default: every hour.
       * @visibility backend
       */
      prune?: SchedulerServiceTaskScheduleDefinitionConfig;
    };
  };
}
