import { LoggerService } from '@backstage/backend-plugin-api';
import { ScmIntegrationRegistry } from '@backstage/integration';
import { Knex } from 'knex';
import { ProblemLog } from '../store/ProblemLog';
import { GithubAccess } from '../workflows/RepositoryClient';
import { ProtectionAnswers } from './ProtectionAnswers';
import { IsReviewed, ProtectionCallbacks } from './ProtectionCallbacks';
import { ProtectionLoop } from './ProtectionLoop';
import { Ingest } from './refreshRun';
import { RunReviews } from './RunReviews';
import { ProtectionDecider } from './types';

/** What answers GitHub's protection rules. */
export interface Protection {
  callbacks: ProtectionCallbacks;
  /** What people answer in their own name. */
  reviews: RunReviews;
  /** Begins to answer. Until then callbacks are kept, and wait. */
  start(options: {
    decider: ProtectionDecider;
    /** The ingestor's. */
    ingest: Ingest;
    /** Default: nowhere. */
    isReviewed?: IsReviewed;
  }): void;
  /** Looks at what is due; for the schedule. */
  run(signal: AbortSignal): Promise<void>;
  /** Something that decides may have changed: looks at what is due, in the background. */
  wake(): void;
  stop(): Promise<void>;
}

/** Puts together what keeps GitHub's questions and what answers them. */
export function assembleProtection(options: {
  knex: Knex;
  access: GithubAccess;
  problems: ProblemLog;
  integrations: ScmIntegrationRegistry;
  logger: LoggerService;
  now?: () => Date;
}): Protection {
  const { knex, access, problems, integrations, logger, now } = options;
  let loop: ProtectionLoop | undefined;
  let isReviewed: IsReviewed = async () => false;
  let ingest: Ingest = async () => 'postponed';
  const callbacks = new ProtectionCallbacks({
    knex,
    services: access.services,
    problems,
    integrations,
    logger,
    isReviewed: place => isReviewed(place),
    onOpen: () => loop?.wake(),
    now,
  });
  return {
    callbacks,
    reviews: new RunReviews({
      knex,
      access,
      ingest: (topic, payload) => ingest(topic, payload),
      now,
    }),
    start({ decider, ...given }) {
      ingest = given.ingest;
      isReviewed = given.isReviewed ?? isReviewed;
      const answers = new ProtectionAnswers({
        knex,
        access,
        decider,
        ingest,
        problems,
        logger,
        now,
      });
      loop = new ProtectionLoop({ answers, logger });
      loop.wake();
    },
    run: async signal => loop?.run(signal),
    wake: () => loop?.wake(),
    stop: async () => loop?.stop(),
  };
}
