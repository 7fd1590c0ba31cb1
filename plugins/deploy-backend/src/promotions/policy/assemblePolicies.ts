import { AuthService, LoggerService } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { Knex } from 'knex';
import { CommitRanges } from '../../commits/CommitRanges';
import { ProblemLog } from '../../store/ProblemLog';
import { SpecStore } from '../../store/SpecStore';
import { People } from './People';
import { PolicyCheck } from './PolicyCheck';
import { PromotionPolicies } from './PromotionPolicies';
import { readOpenApprovals, readPromotionConfig } from './readPromotionConfig';
import { ReleaseAuthors, releaseAuthors, ReleaseStep } from './releaseAuthors';

/** Puts together what says which voices a promotion needs, and whose they are. */
export function assemblePolicies(options: {
  knex: Knex;
  config: Config;
  auth: AuthService;
  catalog: CatalogService;
  specs: SpecStore;
  ranges: Pick<CommitRanges, 'peopleBetween' | 'peopleUpTo'>;
  problems: ProblemLog;
  logger: LoggerService;
}) {
  const { knex, config, auth, catalog, specs, ranges, problems, logger } =
    options;
  const openApprovals = readOpenApprovals(config);
  const people = new People({
    auth,
    catalog,
    ...(openApprovals && { openApprovals }),
  });
  const policies = new PromotionPolicies({
    knex,
    specs,
    configured: readPromotionConfig(config),
  });
  return {
    policies,
    people,
    policyCheck: new PolicyCheck({ policies, people, problems, logger }),
    authorsOf: (step: ReleaseStep): Promise<ReleaseAuthors> =>
      releaseAuthors(step, ranges, people),
  };
}
