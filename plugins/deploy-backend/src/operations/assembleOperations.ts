import { AuditorService, LoggerService } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { NotFoundError } from '@backstage/errors';
import {
  CommitRange,
  GateSummary,
  ServiceSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { CommitChanges } from '../changes/CommitChanges';
import { CommitRanges } from '../commits/CommitRanges';
import { migrationsBetween } from '../commits/migrationsBetween';
import { Freezes } from '../freezes/Freezes';
import { Gates } from '../gates/Gates';
import { ServicePolicies } from '../gates/ServicePolicies';
import { GithubClients } from '../github/GithubClients';
import { AdmissionDesk } from '../restrictions/AdmissionDesk';
import { HoldStore } from '../restrictions/HoldStore';
import { LockStore } from '../restrictions/LockStore';
import { QuarantinedRevisionStore } from '../restrictions/QuarantinedRevisionStore';
import { QuarantineStore } from '../restrictions/QuarantineStore';
import { AutomaticRollbacks } from '../rollbacks/automatic/AutomaticRollbacks';
import { WatchStore } from '../rollbacks/automatic/WatchStore';
import { ReleaseHistory } from '../rollbacks/ReleaseHistory';
import { RevisionReader } from '../rollbacks/RevisionReader';
import { RollbackPreviewer } from '../rollbacks/RollbackPreviewer';
import { ServiceStore } from '../store/ServiceStore';
import { TargetEnvironments } from '../targets/TargetEnvironments';
import { TargetRegistry } from '../targets/TargetRegistry';
import { reapplyTargetSteps } from '../verification/reapplyTargetSteps';
import { VerificationRunner } from '../verification/VerificationRunner';
import { readVersionConfig } from '../version/readVersionConfig';
import {
  createGithubWorkflowTarget,
  loadFailedRun,
  runsInFlight,
  sameRunServices,
  WorkflowsRunner,
} from '../workflows';
import { admitAtStart } from './admitAtStart';
import { AuditedRestrictions } from './AuditedRestrictions';
import { OperationEngine } from './engine/OperationEngine';
import { RunningOperation } from './engine/types';
import { EnvironmentStates } from './EnvironmentStates';
import { projectOperation } from './projectOperation';
import { assertNotProven } from './assertNotProven';
import { lookAtLeft } from './lookAtLeft';
import { pruneLogs } from './pruneLogs';
import { pruneOperations } from './pruneOperations';
import { OperationReader } from './reading/OperationReader';
import { checkVersion } from './requests/checkVersion';
import { findRepeated } from './requests/findRepeated';
import { OperationRequests } from './requests/OperationRequests';
import { RestrictionsRunner } from './RestrictionsRunner';
import { serviceOfRelease } from './serviceOfRelease';
import { StopRunsRunner } from './StopRunsRunner';
import { TargetRunner } from './TargetRunner';

/** What operates environments, put together. */
export type OperationParts = ReturnType<typeof assembleOperations>;

/** Puts together what plans, admits and runs operations. */
export function assembleOperations(options: {
  knex: Knex;
  config: Config;
  registry: TargetRegistry;
  github: GithubClients;
  services: ServiceStore;
  policies: ServicePolicies;
  gates: Pick<Gates, 'of'>;
  changes: CommitChanges;
  auditor: AuditorService;
  logger: LoggerService;
  freezes: Pick<Freezes, 'activeIn'>;
  /** Services may look different now. */
  onChange: (serviceIds: readonly string[]) => void;
  /** Only what is told of a watched deployment changed. */
  onWatched: (serviceIds: readonly string[]) => void;
}) {
  const { knex, registry, github, services, policies } = options;
  const { auditor, logger, onChange } = options;
  registry.add(createGithubWorkflowTarget({ knex, github, services }));
  const locks = new LockStore(knex);
  const holds = new HoldStore(knex);
  const quarantines = new QuarantineStore(knex);
  const quarantinedRevisions = new QuarantinedRevisionStore(knex);
  const environments = new TargetEnvironments({ knex, registry, logger });
  const history = new ReleaseHistory({
    knex,
    quarantines,
    quarantinedRevisions,
  });
  const desk = new AdmissionDesk({
    knex,
    locks,
    holds,
    quarantines,
    quarantinedRevisions,
    freezesOf: async (id, at) =>
      (await options.freezes.activeIn([id], at)).get(id) ?? [],
  });
  const commits = new CommitRanges({ knex, github, services, logger });

  const versionConfig = readVersionConfig(options.config);
  const target = new TargetRunner(registry, logger);
  const targetOf = async (operation: RunningOperation) =>
    target.targetOf(operation);
  const workflows = new WorkflowsRunner({
    knex,
    github,
    services,
    lookAtLeft: (id, signal) =>
      lookAtLeft(
        environments,
        environmentId => history.knownThere(environmentId),
        versionConfig,
        id,
        signal,
      ),
  });
  const engine = new OperationEngine({
    knex,
    runners: {
      target,
      workflows,
      'stop-runs': new StopRunsRunner({ workflows }),
      verification: new VerificationRunner({
        targetOf,
        reapply: reapplyTargetSteps(targetOf),
        version: versionConfig,
      }),
      restrictions: new AuditedRestrictions({
        runner: new RestrictionsRunner({
          holds,
          quarantines,
          quarantinedRevisions,
        }),
        auditor,
        logger,
      }),
    },
    hooks: {
      admit: operation => admitAtStart(desk, environments, operation),
      onTransition: projectOperation,
      onChange: ({ serviceId }) => onChange([serviceId]),
    },
    logger,
  });
  const requests = new OperationRequests({
    environments,
    history,
    desk,
    askVersion: known => checkVersion(known, versionConfig),
    findRepeated: idempotency => findRepeated(knex, idempotency),
    submit: operation => engine.submit(operation),
  });

  const commitsBetween = (
    service: { repository: string; spec?: ServiceSpec },
    range: { from: string; to: string },
  ): Promise<CommitRange> =>
    commits.between({
      service: {
        repository: service.repository,
        paths: service.spec?.paths ?? [],
        sharedPaths: service.spec?.sharedPaths ?? [],
      },
      ...range,
    });
  const gatesOf = async (
    serviceId: string,
    environment: string,
    commit: string,
  ): Promise<GateSummary | undefined> =>
    (await options.gates.of(serviceId, [{ environment, commit }])).get(
      environment,
    );
  const previewer = new RollbackPreviewer({
    plan: (known, revision, caller) =>
      requests.planRollback(known, revision, caller),
    history,
    sources: {
      specOf: async serviceId => (await policies.of(serviceId))?.spec,
      commitsBetween: ({ repository, spec, from, to }) =>
        commitsBetween({ repository, spec }, { from, to }),
      migrationsBetween: query => migrationsBetween(options.changes, query),
      gatesOf,
      sameRun: deploymentId => sameRunServices(knex, deploymentId),
      runsInFlight: environmentId => runsInFlight(knex, environmentId),
    },
  });
  const revisions = new RevisionReader({ environments, history });
  const automaticRollbacks = new AutomaticRollbacks({
    watches: new WatchStore(knex),
    environments,
    revisions,
    requests,
    gatesOf: async known => {
      const release = await history.currentRelease(known.id);
      return release && gatesOf(known.serviceId, known.name, release.commit);
    },
    auditor,
    logger,
    // What a platform was asked a moment ago still holds: each question may be a command on a machine.
    onChange: options.onWatched,
  });
  const states = new EnvironmentStates({
    knex,
    locks,
    holds,
    environments,
    freezes: options.freezes,
  });

  return {
    engine,
    environments,
    desk,
    history,
    commits,
    gatesOf,
    requests,
    previewer,
    revisions,
    automaticRollbacks,
    reader: new OperationReader(knex),
    locks,
    holds,
    quarantines,
    quarantinedRevisions,
    stateOf: (ids: readonly string[]) => states.of(ids),
    cancel: async (id: string, by: string) => {
      await engine.requestCancel(id, by, tx => assertNotProven(tx, id));
    },
    commitsOf: async (
      serviceId: string,
      range: { from: string; to: string },
    ) => {
      const service = await policies.of(serviceId);
      if (!service) {
        throw new NotFoundError('This service is no longer in the catalog.');
      }
      return commitsBetween(service, range);
    },
    failedRunOf: (deploymentId: string) => loadFailedRun(knex, deploymentId),
    serviceOfRelease: (releaseId: string) => serviceOfRelease(knex, releaseId),
    onRestrictionsChanged: (serviceId: string) => onChange([serviceId]),
    /** Those that are over since before a time. */
    forgetOperations: (before: Date) => pruneOperations(knex, before),
    pruneOperations: async (before: Date) => {
      await pruneLogs(knex, before);
      await commits.prune(before);
      await automaticRollbacks.prune(before);
    },
  };
}
