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
    /** Who may bring reports. */
    evidence?: {
      /**
       * Issuers of the ID tokens by which jobs bring reports. Default: GitHub's cloud. An empty list: no
       * job may.
       * @visibility backend
       */
      oidc?: Array<{
        /**
         * As in the claim `iss`: `https://github.example.test/_services/token` for a GitHub Enterprise.
         * Default: `https://token.actions.githubusercontent.com`.
         * @visibility backend
         */
        issuer?: string;
        /**
         * What jobs have to ask a token for, best the address of this portal. Default: `deploy`.
         * @visibility backend
         */
        audience?: string;
        /**
         * Host of the repositories that it speaks for, such as `github.com`. Default: the issuer's.
         * @visibility backend
         */
        host?: string;
      }>;
    };
    /** The endpoint `/admin/deployment-tests`. */
    deploymentTests?: {
      /**
       * Who may post there, and read what was posted. Default: nobody.
       * @visibility backend
       */
      keys?: Array<{
        /**
         * Whom the key belongs to; stands in the evidence and in the audit.
         * @visibility backend
         */
        name: string;
        /**
         * What comes in the header `X-API-Key`.
         * @visibility secret
         */
        key: string;
      }>;
    };
    /**
     * Gates of every service that an entry matches, beside those of its deploy.yaml. Later entries replace
     * the gates of earlier ones of the same name, and a deploy.yaml replaces those of both.
     */
    gates?: Array<{
      /** Which services and environments; all that is given must hold, `*` stands for anything. Default: all. */
      match?: {
        /**
         * Reference of the entity, such as `component:default/vvp-*`.
         * @visibility backend
         */
        entity?: string;
        /**
         * Reference of the owner, such as `group:default/vvp-team`.
         * @visibility backend
         */
        owner?: string;
        /**
         * Reference of the system, such as `system:default/vvp`.
         * @visibility backend
         */
        system?: string;
        /**
         * `owner/name` of the repository.
         * @visibility backend
         */
        repository?: string;
        /**
         * Name of the environment.
         * @visibility backend
         */
        environment?: string;
        /**
         * Tier of the environment.
         * @visibility backend
         */
        tier?: string;
      };
      /**
       * Whether they are judged beside a gate of the same name in a deploy.yaml, which then replaces nothing;
       * their names begin with `required-`. Default: false.
       * @visibility backend
       */
      required?: boolean;
      /**
       * Rules by name, written as in a deploy.yaml; `false` switches off that of an earlier entry.
       * @visibility backend
       */
      gates: { [name: string]: boolean | { [key: string]: unknown } };
    }>;
    /**
     * What promotions need, for every service that an entry matches. Later entries replace earlier ones key
     * by key, and a deploy.yaml replaces both. Default: one approval and the environment before in
     * production, nothing elsewhere.
     */
    promotion?: Array<{
      /** Which services and environments; all that is given must hold, `*` stands for anything. Default: all. */
      match?: {
        /**
         * Reference of the entity, such as `component:default/vvp-*`.
         * @visibility backend
         */
        entity?: string;
        /**
         * Reference of the owner, such as `group:default/vvp-team`.
         * @visibility backend
         */
        owner?: string;
        /**
         * Reference of the system, such as `system:default/vvp`.
         * @visibility backend
         */
        system?: string;
        /**
         * `owner/name` of the repository.
         * @visibility backend
         */
        repository?: string;
        /**
         * Name of the environment.
         * @visibility backend
         */
        environment?: string;
        /**
         * Tier of the environment.
         * @visibility backend
         */
        tier?: string;
      };
      /**
       * Whether a deploy.yaml can only ask for more than this. Default: false.
       * @visibility backend
       */
      required?: boolean;
      /**
       * What a release has to meet besides its gates, written as `promotion` in a deploy.yaml: approvals,
       * selfApproval, order, soak, refs, automatic, expiresAfter, seam, hotfix. A required entry that does
       * not say selfApproval says false.
       * @visibility backend
       */
      policy: { [key: string]: unknown };
    }>;
    /**
     * Users and groups whose approval counts where a rule of a promotion policy names nobody; they need the
     * permission deploy.approve besides. Who leaves them takes their voices along, which nothing else can tell
     * of a permission. Default: whoever has deploy.approve.
     * @visibility backend
     */
    openApprovals?: string[];
    /**
     * Freezes that are always there, see docs/freezes.md; nobody can end them in the portal. What is wrong
     * with one stops the start.
     */
    freezes?: Array<{
      /**
       * What it is called; no two have the same.
       * @visibility backend
       */
      title: string;
      /**
       * Why, in 10 characters or more.
       * @visibility backend
       */
      reason: string;
      /** Which environments; all that is given must hold. Default: all. */
      scope?: {
        /**
         * @visibility backend
         */
        tiers?: Array<'development' | 'staging' | 'production' | 'preview'>;
        /**
         * Names of environments.
         * @visibility backend
         */
        environments?: string[];
        /**
         * Entity refs, such as `system:default/vvp`.
         * @visibility backend
         */
        systems?: string[];
        /**
         * Entity refs, such as `component:default/vvp-issuer`.
         * @visibility backend
         */
        services?: string[];
      };
      /** Either `from` and `to`, or `rrule`, `timeZone`, `start` and `duration`. */
      window: {
        /**
         * ISO 8601 with a zone.
         * @visibility backend
         */
        from?: string;
        /**
         * ISO 8601 with a zone, after `from` by 366 days at most.
         * @visibility backend
         */
        to?: string;
        /**
         * Rule of RFC 5545, such as `FREQ=WEEKLY;BYDAY=FR;BYHOUR=15;BYMINUTE=0`.
         * @visibility backend
         */
        rrule?: string;
        /**
         * IANA name, such as `Europe/Berlin`.
         * @visibility backend
         */
        timeZone?: string;
        /**
         * Local date and time, such as `2026-11-20T15:00`; no window begins before.
         * @visibility backend
         */
        start?: string;
        /**
         * Length on the clock there, such as `PT63H`.
         * @visibility backend
         */
        duration?: string;
      };
      /**
       * What is let through all the same. Default: rollbacks only.
       * @visibility backend
       */
      allows?: Array<'hotfix' | 'rollback'>;
    }>;
    /** How long things are kept. */
    retention?: {
      /**
       * Raw events, and logs of operations; what they said stays. Default: 90 days.
       * @visibility backend
       */
      events?: HumanDuration | string;
      /**
       * Details of reports: files, tests, findings. The newest report of each kind keeps them, and all
       * keep their numbers. Default: 90 days.
       * @visibility backend
       */
      evidence?: HumanDuration | string;
      /**
       * Operations that are over, with their steps; their logs go with the events. The history of deployments
       * stays, and so does the last operation that put something into an environment. Default: 400 days.
       * @visibility backend
       */
      operations?: HumanDuration | string;
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
       * Forgetting old events, details of reports and operations. Default: every hour.
       * @visibility backend
       */
      prune?: SchedulerServiceTaskScheduleDefinitionConfig;
      /**
       * Looking at fresh deployments that an automatic rollback watches. Default: every 5 seconds.
       * @visibility backend
       */
      watch?: SchedulerServiceTaskScheduleDefinitionConfig;
      /**
       * Looking at promotions whose time has come, and at what GitHub's protection rules ask. Default: every
       * 5 seconds.
       * @visibility backend
       */
      promotions?: SchedulerServiceTaskScheduleDefinitionConfig;
      /**
       * Looking at the canaries of promotions. Default: every 10 seconds.
       * @visibility backend
       */
      canaries?: SchedulerServiceTaskScheduleDefinitionConfig;
      /**
       * Asking for promotions where the policy says that nobody has to. Default: every 30 seconds.
       * @visibility backend
       */
      automaticPromotions?: SchedulerServiceTaskScheduleDefinitionConfig;
    };
    /**
     * Hosts, such as `api.example.test` or `api.example.test:8443`, that may be asked for the version of
     * what runs there, besides those of the environments themselves. Default: none.
     * @visibility backend
     */
    versionHosts?: string[];
    /**
     * Whether an environment may be asked for its version on this machine itself. Default: false.
     * @visibility backend
     */
    allowLoopback?: boolean;
  };
}
