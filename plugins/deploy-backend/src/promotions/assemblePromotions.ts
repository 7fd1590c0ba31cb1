import { AuthService, LoggerService } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { Knex } from 'knex';
import { ServicePolicies } from '../gates/ServicePolicies';
import { Freezes } from '../freezes/Freezes';
import { OperationParts } from '../operations/assembleOperations';
import { Protection } from '../protection/assembleProtection';
import { ProblemLog } from '../store/ProblemLog';
import { SpecStore } from '../store/SpecStore';
import { KnownEnvironment } from '../targets/TargetEnvironments';
import { AutomaticPromotions } from './AutomaticPromotions';
import { CarryOut } from './CarryOut';
import { dispatchPromotion } from './dispatchPromotion';
import { explainPermitted } from './explainPermitted';
import { assemblePolicies } from './policy/assemblePolicies';
import { PromotionDecider } from './PromotionDecider';
import { PromotionDesk } from './PromotionDesk';
import { PromotionProgress } from './PromotionProgress';
import { PromotionReader } from './PromotionReader';
import { PromotionStore } from './PromotionStore';
import { ReadinessDesk } from './ReadinessDesk';
import { seamOf } from './seamOf';
import { specStateOf } from './specStateOf';

/** What lets releases into environments, put together. */
export type PromotionParts = ReturnType<typeof assemblePromotions>;

/** Puts together what judges readiness and moves promotions. */
export function assemblePromotions(options: {
  knex: Knex;
  config: Config;
  auth: AuthService;
  catalog: CatalogService;
  specs: SpecStore;
  /** Of gates; for the paths of services. */
  services: ServicePolicies;
  operations: OperationParts;
  freezes: Pick<Freezes, 'activeIn'>;
  protection: Protection;
  problems: ProblemLog;
  logger: LoggerService;
  /** Services may look different now. */
  onChange: (serviceIds: readonly string[]) => void;
}) {
  const { knex, specs, services, operations, protection, logger } = options;
  const { environments, commits } = operations;
  const { policies, people, policyCheck, authorsOf } = assemblePolicies({
    ...options,
    ranges: commits,
  });
  const pathsOf = async ({ serviceId, repository }: KnownEnvironment) => {
    const spec = (await services.of(serviceId))?.spec;
    return {
      repository,
      paths: spec?.paths ?? [],
      sharedPaths: spec?.sharedPaths ?? [],
    };
  };
  const commitsBetween = async (
    environment: KnownEnvironment,
    range: { from: string; to: string },
  ) => commits.between({ service: await pathsOf(environment), ...range });

  const store = new PromotionStore(knex);
  const readiness = new ReadinessDesk({
    knex,
    locks: operations.locks,
    holds: operations.holds,
    logger,
    sources: {
      policyOf: ({ serviceId, name }, kind) =>
        policies.of(serviceId, name, kind),
      poolsOf: ({ approvals }) => people.poolsFor(approvals),
      gatesOf: operations.gatesOf,
      freezesOf: async ({ id }, at) =>
        (await options.freezes.activeIn([id], at)).get(id) ?? [],
      commitsBetween,
      authorsOf: async (environment, range) =>
        authorsOf({ service: await pathsOf(environment), ...range }),
      specOf: (environment, commit) =>
        specStateOf({ knex, specs, commitsBetween }, environment, commit),
      seamOf,
    },
  });
  const progress = new PromotionProgress({
    store,
    desk: readiness,
    environments,
    goAhead: new CarryOut({
      knex,
      store,
      dispatch: (environment, promotion, commit) =>
        dispatchPromotion(
          {
            desk: operations.desk,
            submit: operation => operations.engine.submit(operation),
          },
          environment,
          promotion,
          commit,
        ),
      wakeAnswers: () => protection.wake(),
      isWatched: environment =>
        Boolean(environment.definition?.rollback?.automatic) &&
        environments.isDriven(environment),
    }),
    onChange: async promotion => {
      if (promotion.run_id) {
        await protection.callbacks.changed({
          repository: promotion.repository,
          runIds: [promotion.run_id],
        });
      }
      options.onChange([promotion.service_id]);
    },
    logger,
  });
  const desk = new PromotionDesk({
    store,
    readiness,
    progress,
    environments,
    commitsBetween,
  });
  return {
    store,
    reader: new PromotionReader(knex),
    readiness,
    desk,
    progress,
    policyCheck,
    automatic: new AutomaticPromotions({
      knex,
      policies,
      environments,
      store,
      desk,
      logger,
    }),
    decider: new PromotionDecider({
      store,
      desk,
      readiness,
      environments,
      history: operations.history,
      userOfLogin: login => people.userOfLogin(login),
    }),
    explain: explainPermitted,
  };
}
