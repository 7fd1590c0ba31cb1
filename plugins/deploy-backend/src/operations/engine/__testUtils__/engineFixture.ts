import { mockServices } from '@backstage/backend-test-utils';
import { JsonObject } from '@backstage/types';
import {
  Failure,
  Operation,
  OperationStatus,
} from '@vvp/backstage-plugin-deploy-common';
import { StepControl, StepResult } from '@vvp/backstage-plugin-deploy-node';
import { Knex } from 'knex';
import { v4 as uuid } from 'uuid';
import { operationOver } from '../../__testUtils__/operationOver';
import { OperationReader } from '../../reading/OperationReader';
import { EngineLimits } from '../limits';
import { EngineOptions, OperationEngine } from '../OperationEngine';
import {
  EngineHooks,
  NewOperation,
  NewStep,
  OperationTransition,
  RunningOperation,
  StepRunner,
} from '../types';

/**
 * Short times, so that a test waits for nothing. Not the lease: a machine that stands still for a short one
 * would let the operation be taken over, and rightly so.
 */
export const quickLimits: Partial<EngineLimits> = {
  pollMs: 20,
  heartbeatMs: 50,
  leaseMs: 120_000,
  graceMs: 200,
  firstRetryMs: 1,
  maxRetryMs: 5,
  busyMs: 5,
  parkMs: 10,
  logMs: 5,
};

/** What a scripted step does; left out, it succeeds. */
export type Script = (
  control: StepControl,
  operation: RunningOperation,
) => Promise<StepResult | void> | StepResult | void;

export type EngineFixture = Awaited<ReturnType<typeof engineFixture>>;

/** Engines on a migrated database of their own, with steps that a test scripts. */
export async function engineFixture(knex: Knex) {
  const calls: string[] = [];
  const scripts = new Map<string, Script>();
  const transitions: OperationTransition[] = [];
  const changes: string[] = [];
  const engines: OperationEngine[] = [];
  const logger = mockServices.logger.mock();
  let refusal: Failure | undefined;

  const hooks: EngineHooks = {
    admit: async () => refusal,
    onTransition: async (_tx, transition) => {
      transitions.push(transition);
    },
    onChange: ({ id }) => {
      changes.push(id);
    },
  };

  async function play(
    what: 'do' | 'undo',
    operation: RunningOperation,
    step: NewStep,
    control: StepControl,
  ) {
    const label = String(operation.context.label ?? '');
    calls.push(`${label}${what} ${step.name}`);
    const script =
      scripts.get(`${label}${what} ${step.name}`) ??
      scripts.get(`${what} ${step.name}`);
    return (await script?.(control, operation)) ?? {};
  }

  const scripted: StepRunner = {
    execute: (operation, step, control) => play('do', operation, step, control),
    compensate: async (operation, step, control) => {
      await play('undo', operation, step, control);
    },
  };

  const fixture = {
    knex,
    /** What runners were asked for, such as `do shift` and `undo shift`, after the operation's label. */
    calls,
    transitions,
    changes,
    logger,
    hooks,

    engine(options: Partial<EngineOptions> = {}) {
      const engine = new OperationEngine({
        knex,
        hooks,
        logger,
        runners: { target: scripted, restrictions: scripted },
        ...options,
        limits: { ...quickLimits, ...options.limits },
      });
      engines.push(engine);
      return engine;
    },

    /** @param what - such as `do shift`, or with a label before it for one operation only */
    script(what: string, script: Script) {
      scripts.set(what, script);
    },

    refuse(failure: Failure) {
      refusal = failure;
    },

    /** A service with an environment. */
    async environment() {
      const serviceId = uuid();
      const environmentId = uuid();
      await knex('services').insert({
        id: serviceId,
        entity_ref: `component:default/${serviceId}`,
        repository: 'example-org/vvp',
        service_key: serviceId,
        name: serviceId,
        annotations: '{}',
      });
      await knex('environments').insert({
        id: environmentId,
        service_id: serviceId,
        name: 'production',
        tier: 'production',
        position: 0,
        declared: true,
        enforced: false,
      });
      return { serviceId, environmentId };
    },

    async operation(
      overrides: Partial<NewOperation> & { label?: string } = {},
    ): Promise<NewOperation> {
      const { label = '', ...rest } = overrides;
      return {
        ...(await fixture.environment()),
        kind: 'rollback',
        lockKey: `test:${uuid()}`,
        requestedBy: 'user:default/dana',
        automatic: false,
        reason: 'errors',
        context: { label },
        steps: plan('activate', 'shift', 'retire'),
        ...rest,
      };
    },

    async read(id: string): Promise<Operation> {
      const operation = await new OperationReader(knex).get(id, {
        everything: true,
      });
      if (!operation) {
        throw new Error(`No operation ${id}`);
      }
      return operation;
    },

    /** Waits until operations are over. */
    async ended(...ids: string[]): Promise<Operation[]> {
      await operationOver(knex, ...ids);
      return Promise.all(ids.map(id => fixture.read(id)));
    },

    async end(id: string): Promise<Operation> {
      const [operation] = await fixture.ended(id);
      return operation;
    },

    async status(id: string): Promise<OperationStatus> {
      return (await fixture.read(id)).status;
    },

    async stop() {
      await Promise.all(engines.map(engine => engine.stop()));
    },
  };
  return fixture;
}

/** Steps that are undone, one after the other. */
export function plan(...names: string[]): NewStep[] {
  return names.map(name => ({
    runner: 'target',
    name,
    title: `Step ${name}`,
    input: { name } as JsonObject,
    compensates: true,
    timeoutSeconds: 60,
  }));
}

/** Steps after the proof, which are not undone. */
export function keepingPlan(...names: string[]): NewStep[] {
  return plan(...names).map(step => ({
    ...step,
    runner: 'restrictions',
    compensates: false,
  }));
}

/**
 * For an engine whose time passes with what it does, half a second at each look at its clock, however long the
 * machine takes: a limit ends after so many attempts.
 */
export function countedTime(): Partial<EngineOptions> {
  let time = Date.UTC(2026, 0, 5, 12);
  return {
    now: () => {
      time += 500;
      return new Date(time);
    },
    // These look at it as often as the machine takes long.
    limits: { pollMs: 1e8, heartbeatMs: 1e8 },
  };
}

/** A promise that a test resolves. */
export function gate() {
  let open: () => void = () => {};
  const opened = new Promise<void>(resolve => {
    open = resolve;
  });
  return { open, opened };
}
