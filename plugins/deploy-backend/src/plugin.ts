import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { ScmIntegrations } from '@backstage/integration';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import {
  DeployEventSource,
  deployEventSourcesExtensionPoint,
  deployTargetsExtensionPoint,
} from '@vvp/backstage-plugin-deploy-node';
import { CatalogSync } from './catalog/CatalogSync';
import { ConfigurationReader } from './configuration/ConfigurationReader';
import { DeploySignals } from './DeploySignals';
import { assembleEvidence } from './evidence/assembleEvidence';
import { pruneDetails } from './evidence/store/pruneDetails';
import { Freezes } from './freezes/Freezes';
import { readFreezeConfig } from './freezes/readFreezeConfig';
import { assembleGates } from './gates/assembleGates';
import { GithubClients } from './github/GithubClients';
import { GithubEventSource } from './github/GithubEventSource';
import { UNREADABLE_BODY_TOPIC } from './ingest/eventsModule';
import { Ingestor } from './ingest/Ingestor';
import { assertSignedWebhooks } from './ingest/webhookGuard';
import { readMappingRules } from './mapping/mappingRules';
import { RepositoryMapper } from './mapping/RepositoryMapper';
import { assembleOperations } from './operations/assembleOperations';
import { Authorizer } from './permissions/Authorizer';
import { registerPermissions } from './permissions/registerPermissions';
import { seesIn } from './permissions/sees';
import { RepositoryPoller } from './poll/RepositoryPoller';
import { assemblePromotions } from './promotions/assemblePromotions';
import { assembleProtection } from './protection';
import { DeploymentReader } from './reading/DeploymentReader';
import { ServiceReader } from './reading/ServiceReader';
import { createRouter } from './router/createRouter';
import { readSchedule, scheduleTasks } from './scheduleTasks';
import { SpecRefresher } from './spec/SpecRefresher';
import { openDatabase } from './store/applyMigrations';
import { EventLog } from './store/EventLog';
import { PollMarks } from './store/PollMarks';
import { ProblemLog } from './store/ProblemLog';
import { ServiceStore } from './store/ServiceStore';
import { SpecStore } from './store/SpecStore';
import { TraceStore } from './store/TraceStore';
import { TargetRegistry } from './targets/TargetRegistry';
import { fillClaims } from './targets/twinClaims';

/**
 * Tracks what runs where.
 *
 * @public
 */
export const deployPlugin = createBackendPlugin({
  pluginId: 'deploy',
  register(env) {
    const sources = new Map<string, DeployEventSource>();
    const addEventSource = (source: DeployEventSource) => {
      if (sources.has(source.id)) {
        throw new Error(`There already is an event source "${source.id}"`);
      }
      sources.set(source.id, source);
    };
    addEventSource(new GithubEventSource());
    env.registerExtensionPoint(deployEventSourcesExtensionPoint, {
      addEventSource,
    });

    const targets = new TargetRegistry();
    env.registerExtensionPoint(deployTargetsExtensionPoint, {
      addTarget: target => targets.add(target),
    });

    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        events: eventsServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
        signals: signalsServiceRef,
        urlReader: coreServices.urlReader,
      },
      async init(deps) {
        const { config, logger } = deps;
        assertSignedWebhooks(config);
        const schedule = readSchedule(config);
        const rules = readMappingRules(config);
        const integrations = ScmIntegrations.fromConfig(config);
        const github = new GithubClients({ integrations, logger });

        const knex = await openDatabase(deps.database);
        await fillClaims(knex, new Date());
        const services = new ServiceStore(knex);
        const specs = new SpecStore(knex);
        const traces = new TraceStore(knex);
        const eventLog = new EventLog(knex);
        const problems = new ProblemLog(knex);
        const signals = new DeploySignals({
          signals: deps.signals,
          services,
          logger,
        });
        let checkPolicies: (
          repository: string,
        ) => Promise<void> = async () => {};
        let notePolicies: typeof checkPolicies = async () => {};
        let beforePages: (ids: readonly string[]) => void = () => {};
        const onChange = (ids: readonly string[]) => {
          beforePages(ids);
          signals.servicesChanged(ids);
        };

        const mapper = new RepositoryMapper({
          services,
          specs,
          traces,
          events: eventLog,
          problems,
          rules,
        });
        const specRefresher = new SpecRefresher({
          reader: deps.urlReader,
          github,
          services,
          specs,
          logger,
          beforeChange: repository => notePolicies(repository),
        });
        const refreshSpecs = async (repository: string) => {
          if (await specRefresher.refreshRepository(repository)) {
            onChange(await mapper.remap(repository, new Date()));
          }
          // Groups change, too, whether the file does or not.
          await checkPolicies(repository);
        };
        const protection = assembleProtection({
          knex,
          access: { github, services },
          problems,
          integrations,
          logger,
        });
        const ingestor = new Ingestor({
          sources: [...sources.values()],
          events: eventLog,
          problems,
          traces,
          mapper,
          logger,
          onPush: refreshSpecs,
          onChange,
          onFolded: (repository, facts) =>
            protection.callbacks.onFolded(repository, facts),
        });
        const catalogSync = new CatalogSync({
          auth: deps.auth,
          catalog: deps.catalog,
          services,
          specs: specRefresher,
          mapper,
          logger,
          onChange,
        });

        const poller = new RepositoryPoller({
          github,
          services,
          traces,
          marks: new PollMarks(knex),
          ingestor,
          logger,
        });

        registerPermissions(deps.permissionsRegistry, knex);
        const { gates, waivers, feedback, pruneGates, changes, policies } =
          assembleGates({
            knex,
            config,
            github,
            services,
            specs,
            logger,
            onChange,
          });
        const freezes = new Freezes({
          knex,
          configured: readFreezeConfig(config, new Date()),
        });
        const operations = assembleOperations({
          knex,
          config,
          registry: targets,
          github,
          services,
          policies,
          gates,
          changes,
          auditor: deps.auditor,
          logger,
          freezes,
          onChange,
          onWatched: ids => signals.servicesChanged(ids),
        });
        const promotions = assemblePromotions({
          knex,
          config,
          auth: deps.auth,
          auditor: deps.auditor,
          catalog: deps.catalog,
          specs,
          services: policies,
          operations,
          freezes,
          protection,
          problems,
          logger,
          onChange: ids => signals.servicesChanged(ids),
        });
        checkPolicies = repository =>
          promotions.policyCheck.checkRepository(repository, new Date());
        notePolicies = repository =>
          promotions.policyCheck.noteRepository(repository, new Date());
        beforePages = ids => {
          operations.revisions.forget(ids);
          promotions.progress.wake(ids);
        };
        protection.start({
          decider: promotions.decider,
          ingest: (topic, payload) => ingestor.receive(topic, payload),
          isReviewed: promotions.isReviewed,
        });
        const authorizer = new Authorizer({
          permissions: deps.permissions,
          registry: deps.permissionsRegistry,
          sees: seesIn(knex),
        });
        const evidence = assembleEvidence({
          knex,
          config,
          httpAuth: deps.httpAuth,
          auditor: deps.auditor,
          logger,
          authorizer,
          github,
          integrations,
          services,
          specs,
          thresholdsOf: (serviceId, type) =>
            gates.thresholdsOf(serviceId, type),
          onEvidence: change => feedback.noteChange(change),
        });
        // The jobs of a pipeline have no token of Backstage; these routes check what they have.
        for (const path of ['/evidence', '/admin/deployment-tests']) {
          deps.httpRouter.addAuthPolicy({ path, allow: 'unauthenticated' });
        }
        deps.httpRouter.use(
          await createRouter({
            httpAuth: deps.httpAuth,
            auditor: deps.auditor,
            authorizer,
            evidence,
            gates,
            waivers,
            onGatesChanged: change => feedback.noteChange(change),
            operations,
            promotions,
            configuration: new ConfigurationReader({
              knex,
              github,
              services,
              changes,
              logger,
            }),
            freezes,
            services: new ServiceReader({
              knex,
              specs,
              gates,
              stateOf: operations.stateOf,
            }),
            deployments: new DeploymentReader(knex),
            problems,
          }),
        );
        await deps.events.subscribe({
          id: 'deploy',
          topics: ingestor.topics,
          onEvent: async ({ topic, eventPayload }) => {
            await ingestor.receive(topic, eventPayload);
          },
        });
        await deps.events.subscribe({
          id: 'deploy-unreadable-bodies',
          topics: [UNREADABLE_BODY_TOPIC],
          onEvent: async ({ eventPayload }) => {
            await ingestor.countUnreadable(eventPayload);
          },
        });
        deps.lifecycle.addShutdownHook(async () => {
          signals.stop();
          await operations.engine.stop();
          await feedback.stop();
          await promotions.canaries.loop.stop();
          await promotions.progress.stop();
          await protection.stop();
        });
        deps.lifecycle.addStartupHook(() => operations.engine.start());
        deps.lifecycle.addStartupHook(() =>
          scheduleTasks({
            scheduler: deps.scheduler,
            schedule,
            catalogSync: () => catalogSync.run(),
            retryEvents: signal => ingestor.retryDue(signal),
            refreshSpecs: async () => {
              await fillClaims(knex, new Date());
              for (const repository of await services.listRepositories()) {
                await refreshSpecs(repository);
              }
            },
            poll: signal => poller.run(signal),
            feedback: signal => feedback.run(signal),
            watch: signal => operations.automaticRollbacks.run(signal),
            promotions: async signal => {
              // Neither waits for the other: GitHub may be slow.
              await Promise.all([
                promotions.progress.run(signal),
                protection.run(signal),
              ]);
            },
            canaries: signal => promotions.canaries.loop.run(signal),
            automaticPromotions: signal => promotions.automatic.run(signal),
            prune: async before => {
              await eventLog.pruneAll(before);
              await problems.prune(before);
              await operations.pruneOperations(before);
              await protection.callbacks.prune(before);
            },
            pruneEvidence: async before => {
              await pruneDetails(knex, before);
              await pruneGates(before);
            },
            pruneOperations: before => operations.forgetOperations(before),
          }),
        );
      },
    });
  },
});
