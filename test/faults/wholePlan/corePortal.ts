import { ConfigReader } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import { JsonObject } from '@backstage/types';
import { CommitChanges } from '@vvp/backstage-plugin-deploy-backend/src/changes/CommitChanges';
import { ServicePolicies } from '@vvp/backstage-plugin-deploy-backend/src/gates/ServicePolicies';
import { GithubClients } from '@vvp/backstage-plugin-deploy-backend/src/github/GithubClients';
import { assembleOperations } from '@vvp/backstage-plugin-deploy-backend/src/operations/assembleOperations';
import { AuditedRestrictions } from '@vvp/backstage-plugin-deploy-backend/src/operations/AuditedRestrictions';
import {
  NewStep,
  StepRunner,
} from '@vvp/backstage-plugin-deploy-backend/src/operations/engine/types';
import { readIdempotency } from '@vvp/backstage-plugin-deploy-backend/src/operations/requests/idempotency';
import { StopRunsRunner } from '@vvp/backstage-plugin-deploy-backend/src/operations/StopRunsRunner';
import { TargetRunner } from '@vvp/backstage-plugin-deploy-backend/src/operations/TargetRunner';
import { ServiceStore } from '@vvp/backstage-plugin-deploy-backend/src/store/ServiceStore';
import { SpecStore } from '@vvp/backstage-plugin-deploy-backend/src/store/SpecStore';
import { TargetRegistry } from '@vvp/backstage-plugin-deploy-backend/src/targets/TargetRegistry';
import { VerificationRunner } from '@vvp/backstage-plugin-deploy-backend/src/verification/VerificationRunner';
import { WorkflowsRunner } from '@vvp/backstage-plugin-deploy-backend/src/workflows';
import { StepControl } from '@vvp/backstage-plugin-deploy-node';
import { Knex } from 'knex';
import { MomentListener, watchRunner } from '../moments';
import { silentLogger } from '../silentLogger';
import { fileAuditor } from './fileAuditor';
import { FilePlatform } from './FilePlatform';

/** What a process needs to know to operate one environment; JSON. */
export interface PortalOrder {
  entityRef: string;
  /** Of its {@link FilePlatform}. */
  platform: string;
  auditLog: string;
  /** `integrations.github` of app-config. */
  github: JsonObject[];
  /**
   * What the process has of the platform: all it takes, a connection without credentials, or not even the
   * module that drives it. Default: `credentials`.
   */
  access?: 'credentials' | 'none' | 'no-module';
}

export const REASON = 'It answers 500 to every second request';
export const PERSON = 'user:default/dana';

/** Longest wait of a step: neither GitHub nor the platform is kept from anything by looks here. */
const LONGEST_WAIT_MS = 20;

let listen: MomentListener = () => {};

watchRunners({
  target: TargetRunner,
  'stop-runs': StopRunsRunner,
  verification: VerificationRunner,
  workflows: WorkflowsRunner,
  restrictions: AuditedRestrictions,
});

/**
 * All that operates environments, put together as the plugin does it. What plans and runs operations, and
 * the database and GitHub, are real; the platform is a folder.
 *
 * @param options - `listener`: is told of what steps do and of what is audited
 */
export function openPortal(
  knex: Knex,
  order: PortalOrder,
  options: { listener?: MomentListener; onChange?: () => void } = {},
) {
  const { listener = () => {}, onChange = () => {} } = options;
  listen = listener;
  const registry = new TargetRegistry();
  if (order.access !== 'no-module') {
    const hasCredentials = order.access !== 'none';
    registry.add(new FilePlatform(order.platform).target({ hasCredentials }));
  }
  const github = new GithubClients({
    logger: silentLogger,
    integrations: ScmIntegrations.fromConfig(
      new ConfigReader({ integrations: { github: order.github } }),
    ),
  });
  const services = new ServiceStore(knex);
  const parts = assembleOperations({
    knex,
    config: new ConfigReader({}),
    registry,
    github,
    services,
    policies: new ServicePolicies({
      knex,
      specs: new SpecStore(knex),
      configured: [],
    }),
    gates: { of: async () => new Map() },
    changes: new CommitChanges({
      knex,
      github,
      services,
      logger: silentLogger,
    }),
    auditor: fileAuditor(order.auditLog, listener),
    logger: silentLogger,
    freezes: { activeIn: async () => new Map() },
    onChange,
    onWatched: () => {},
  });
  return {
    engine: parts.engine,
    reader: parts.reader,
    cancel: parts.cancel,
    /** The request for the rollback; a client that had no answer repeats it with its key. */
    async ask(): Promise<string> {
      const known = await parts.environments.find({
        entityRef: order.entityRef,
        name: 'production',
      });
      if (!known) {
        throw new Error(`There is no production of ${order.entityRef}.`);
      }
      const request = {
        revision: 'v2',
        reason: REASON,
        confirm: known.serviceName,
      };
      const { id } = await parts.requests.rollBack(
        known,
        request,
        {
          by: PERSON,
          automatic: false,
          permission: { name: 'deploy.rollback', allowed: true },
        },
        readIdempotency(known.serviceName, PERSON, {
          path: '/rollbacks',
          body: request,
        }),
      );
      return id;
    },
  };
}

/**
 * Watches the runners wherever they are put together, and hurries them. A runner that another one calls is
 * part of that one's step.
 */
function watchRunners(
  runners: Record<string, { readonly prototype: StepRunner }>,
): void {
  Object.entries(runners).forEach(([name, { prototype }]) => {
    const { execute, compensate } = prototype;
    const watched = (own: StepRunner, step: NewStep): StepRunner =>
      step.runner === name
        ? watchRunner(own, (...told) => listen(...told))
        : own;
    prototype.execute = function watchedExecute(operation, step, control) {
      const own = { execute: execute.bind(this), compensate };
      return watched(own, step).execute(operation, step, hurried(control));
    };
    prototype.compensate = function watchedUndo(operation, step, control) {
      const own = { execute, compensate: compensate.bind(this) };
      return watched(own, step).compensate(operation, step, hurried(control));
    };
  });
}

function hurried(control: StepControl): StepControl {
  return {
    operationId: control.operationId,
    fence: control.fence,
    attempt: control.attempt,
    signal: control.signal,
    outputs: control.outputs,
    get memory() {
      return control.memory;
    },
    log: (text, level) => control.log(text, level),
    remember: memory => control.remember(memory),
    wait: milliseconds => control.wait(Math.min(milliseconds, LONGEST_WAIT_MS)),
  };
}
