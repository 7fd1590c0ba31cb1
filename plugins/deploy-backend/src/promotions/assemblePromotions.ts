import {
  AuditorService,
  AuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { Knex } from 'knex';
import { assembleCanaries } from '../canaries/assembleCanaries';
import { ServicePolicies } from '../gates/ServicePolicies';
import { Freezes } from '../freezes/Freezes';
import { OperationParts } from '../operations/assembleOperations';
import { findRepeated } from '../operations/requests/findRepeated';
import { Protection } from '../protection/assembleProtection';
import { ProblemLog } from '../store/ProblemLog';
import { ServiceRow } from '../store/rows';
import { SpecStore } from '../store/SpecStore';
import { KnownEnvironment } from '../targets/TargetEnvironments';
import { ApprovalDesk } from './ApprovalDesk';
import { AutomaticPromotions } from './AutomaticPromotions';
import { CarryOut } from './CarryOut';
import { dispatchPromotion } from './dispatchPromotion';
import { endHold } from './endHold';
import { explainPermitted } from './explainPermitted';
import { acceptPolicy } from './policy/acceptPolicy';
import { assemblePolicies } from './policy/assemblePolicies';
import { withPipelineFiles } from './policy/pipelineFiles';
import { PromotionDecider } from './PromotionDecider';
import { PromotionDesk } from './PromotionDesk';
import { PromotionProgress } from './PromotionProgress';
import { PromotionReader } from './PromotionReader';
import { PromotionStore } from './PromotionStore';
import { ReadinessDesk } from './ReadinessDesk';
import { ReleaseArtifacts } from './ReleaseArtifacts';
import { seamOf } from './seamOf';
import { specStateOf } from './specStateOf';

/** What lets releases into environments, put together. */
export type PromotionParts = ReturnType<typeof assemblePromotions>;

/** Puts together what judges readiness and moves promotions. */
export function assemblePromotions(options: {
  knex: Knex;
  config: Config;
  auth: AuthService;
  auditor: AuditorService;
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
  const { knex, specs, services, operations, protection } = options;
  const { auditor, logger } = options;
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
  const specUrlOf = async ({ serviceId }: KnownEnvironment) => {
    const row = await knex<ServiceRow>('services')
      .where({ id: serviceId })
      .first('spec_url');
    return row?.spec_url ?? undefined;
  };
  const commitsBetween = async (
    environment: KnownEnvironment,
    range: { from: string; to: string },
  ) => commits.between({ service: await pathsOf(environment), ...range });

  const regularSeamOf = async (place: { serviceId: string; name: string }) =>
    (await policies.ofService(place.serviceId))?.environments.find(
      ({ name }) => name === place.name,
    )?.regular.seam;

  const store = new PromotionStore(knex);
  const artifacts = new ReleaseArtifacts({
    environments,
    revisions: operations.revisions,
  });
  const readiness = new ReadinessDesk({
    knex,
    locks: operations.locks,
    holds: operations.holds,
    logger,
    sources: {
      policyOf: ({ serviceId, name }, kind, overridden) =>
        policies.of(serviceId, name, kind, overridden),
      poolsOf: ({ approvals }) => people.poolsFor(approvals),
      gatesOf: operations.gatesOf,
      freezesOf: async ({ id }, at) =>
        (await options.freezes.activeIn([id], at)).get(id) ?? [],
      commitsBetween,
      authorsOf: async (environment, range) =>
        authorsOf({
          service: withPipelineFiles(
            await pathsOf(environment),
            await specUrlOf(environment),
          ),
          ...range,
        }),
      usersOfLogin: login => people.usersOfLogin(login),
      specOf: (environment, commit) =>
        specStateOf({ knex, specs, commitsBetween }, environment, commit),
      refOf: async ({ repository }, { ref, commit }) => {
        const name = ref.replace(/^refs\/(heads|tags)\//, '');
        return (await commits.refOf({ repository, name, commit })) ?? 'unknown';
      },
      artifactOf: (environment, { commit, earlier }) =>
        artifacts.of(environment, earlier, commit),
      seamOf,
    },
  });
  const goAhead = new CarryOut({
    knex,
    store,
    dispatch: (environment, promotion, commit) =>
      dispatchPromotion(
        {
          desk: operations.desk,
          earlier: idempotency => findRepeated(knex, idempotency),
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
  });
  const canaries = assembleCanaries({
    ...options,
    promotions: store,
    outcomeOf: (promotion, environment) =>
      goAhead.outcomeOf(promotion, environment),
    onChange: promotion => options.onChange([promotion.service_id]),
  });
  const progress = new PromotionProgress({
    store,
    desk: readiness,
    environments,
    goAhead,
    canaryOf: (promotion, environment) =>
      canaries.loop.standingOf(promotion, environment),
    onChange: async promotion => {
      await acceptPolicy(policies, promotion);
      await endHold(
        { holds: operations.holds, environments, auditor, logger },
        promotion,
      );
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
  canaries.loop.whenOver(id => progress.lookAt(id));
  const desk = new PromotionDesk({
    store,
    readiness,
    progress,
    environments,
    commitsBetween,
  });
  const decider = new PromotionDecider({
    store,
    desk,
    readiness,
    environments,
    history: operations.history,
    userOfLogin: login => people.userOfLogin(login),
    seamOf: regularSeamOf,
  });
  return {
    store,
    reader: new PromotionReader(knex),
    readiness,
    desk,
    progress,
    canaries,
    policyCheck,
    automatic: new AutomaticPromotions({
      knex,
      policies,
      environments,
      store,
      desk,
      readiness,
      logger,
    }),
    decider,
    approvals: new ApprovalDesk({
      store,
      desk,
      decider,
      readiness,
      progress,
      environments,
      reviews: protection.reviews,
    }),
    /** Whether the policy has approvals given as reviews at GitHub. */
    isReviewed: async (place: { serviceId: string; environment: string }) =>
      (await regularSeamOf({
        serviceId: place.serviceId,
        name: place.environment,
      })) === 'review',
    explain: explainPermitted,
  };
}
