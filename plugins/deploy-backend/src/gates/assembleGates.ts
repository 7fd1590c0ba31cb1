import { LoggerService } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { Knex } from 'knex';
import { CommitChanges } from '../changes/CommitChanges';
import { PullRequestBases } from '../changes/PullRequestBases';
import { FeedbackWriter } from '../feedback/FeedbackWriter';
import { GithubClients } from '../github/GithubClients';
import { ServiceStore } from '../store/ServiceStore';
import { SpecStore } from '../store/SpecStore';
import { FeedbackLoader } from './FeedbackLoader';
import { FeedbackLoop } from './FeedbackLoop';
import { Gates } from './Gates';
import { GateWaivers } from './GateWaivers';
import { readGateConfig } from './readGateConfig';
import { ServicePolicies } from './ServicePolicies';
import { WaiverStore } from './WaiverStore';

/** Puts together what judges gates and tells GitHub of them. */
export function assembleGates(options: {
  knex: Knex;
  config: Config;
  github: GithubClients;
  services: ServiceStore;
  specs: SpecStore;
  logger: LoggerService;
  /** Services may look different now. */
  onChange: (serviceIds: readonly string[]) => void;
}) {
  const { knex, config, github, services, specs, logger, onChange } = options;
  // The two know each other: judging wants to know of changes, and is done again when they are known.
  let wake = () => {};
  const changes = new CommitChanges({
    knex,
    github,
    services,
    logger,
    onWanted: () => wake(),
  });
  const policies = new ServicePolicies({
    knex,
    specs,
    configured: readGateConfig(config),
  });
  const waiverStore = new WaiverStore(knex);
  const bases = new PullRequestBases({
    knex,
    changes,
    github,
    services,
    logger,
  });
  const gates = new Gates({
    knex,
    changes,
    bases,
    policies,
    waivers: waiverStore,
  });
  const loader = new FeedbackLoader({
    knex,
    policies,
    gates,
    portalUrl: config.getOptionalString('app.baseUrl'),
  });
  const writer = new FeedbackWriter({
    knex,
    github,
    services,
    load: subject => loader.load(subject),
    logger,
  });
  const feedback = new FeedbackLoop({
    knex,
    changes,
    bases,
    writer,
    logger,
    onChange,
  });
  wake = () => feedback.wake();
  return {
    gates,
    changes,
    policies,
    waivers: new GateWaivers({ gates, waivers: waiverStore }),
    feedback,
    pruneGates: async (before: Date) => {
      await changes.prune(before);
      await writer.prune(before);
    },
  };
}
