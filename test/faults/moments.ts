import { subscribe } from 'node:diagnostics_channel';
import { StepControl } from '@vvp/backstage-plugin-deploy-node';
import {
  NewStep,
  StepRunner,
} from '@vvp/backstage-plugin-deploy-backend/src/operations/engine/types';
import { Knex } from 'knex';

/** Told of each moment at which the process could die; a step that begins or ends is a stage by itself. */
export type MomentListener = (name: string, stage?: string) => void;

/** Requests of any HTTP client of Node: about to be sent, and answered. */
const channels = [
  'http.client.request.start',
  'http.client.response.finish',
  'undici:request:create',
  'undici:request:trailers',
];

/**
 * Tells of the transactions of a process: before each, which is after the one before it, and before its
 * commit, when all its writes are made but none holds.
 */
export function watchDatabase(knex: Knex, listener: MomentListener): void {
  knex.on('query', ({ sql }: { sql: string }) => {
    const verb = /^\s*(begin|commit)/i.exec(sql)?.[1];
    if (verb) {
      listener(`before ${verb.toLowerCase()}`);
    }
  });
}

/** Tells of each statement that writes into a table, before it is sent and when it was done. */
export function watchWrites(knex: Knex, listener: MomentListener): void {
  const tell = (when: string, sql: string) => {
    const [, verb, table] =
      /^\s*(insert|update|delete)\s+(?:into\s+|from\s+)?[`"]?(\w+)/i.exec(
        sql,
      ) ?? [];
    if (verb) {
      listener(`${when} ${verb.toLowerCase()} ${table}`);
    }
  };
  knex.on('query', ({ sql }: { sql: string }) => tell('before', sql));
  knex.on('query-response', (_response: unknown, { sql }: { sql: string }) => {
    tell('after', sql);
  });
}

/** Tells of the requests that a process makes, and by which verb. */
export function watchRequests(listener: MomentListener): void {
  for (const channel of channels) {
    subscribe(channel, message => {
      const { request } = message as { request: { method?: string } };
      listener(`${channel} ${request.method}`);
    });
  }
}

/** Tells of what steps do. */
export function watchRunner(
  runner: StepRunner,
  listener: MomentListener,
): StepRunner {
  const tellStage = (stage: string) => listener(stage, stage);
  return {
    async execute(operation, step, control) {
      tellStage(`before ${step.name}`);
      const result = await runner.execute(
        operation,
        step,
        watchControl(control, step, listener),
      );
      tellStage(`after ${step.name}`);
      return result;
    },
    async compensate(operation, step, control) {
      tellStage(`before undoing ${step.name}`);
      await runner.compensate(
        operation,
        step,
        watchControl(control, step, listener),
      );
      tellStage(`after undoing ${step.name}`);
    },
  };
}

function watchControl(
  control: StepControl,
  { name }: NewStep,
  listener: MomentListener,
): StepControl {
  return {
    operationId: control.operationId,
    fence: control.fence,
    attempt: control.attempt,
    signal: control.signal,
    outputs: control.outputs,
    get memory() {
      return control.memory;
    },
    log(text, level) {
      control.log(text, level);
      listener(`log in ${name}`);
    },
    async remember(memory) {
      await control.remember(memory);
      listener(`remembered in ${name}`);
    },
    async wait(milliseconds) {
      listener(`waiting in ${name}`);
      await control.wait(milliseconds);
    },
  };
}
