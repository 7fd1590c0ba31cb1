import {
  ActionContext,
  TemplateAction,
} from '@backstage/plugin-scaffolder-node';
import { mockServices } from '@backstage/backend-test-utils';
import { JsonObject } from '@backstage/types';

/** What an action did. */
export interface ActionRun {
  output: Record<string, unknown>;
  /** Keys of the checkpoints that were passed, in order. */
  checkpoints: string[];
  /** Everything that was logged. */
  log: string[];
}

/** How an action is run. */
export interface ActionOptions {
  input: JsonObject;
  workspacePath: string;
  isDryRun?: boolean;
  signal?: AbortSignal;
}

/** Runs an action as the scaffolder does: its input is in the shape of its schema, checkpoints are passed once. */
export async function runAction(
  action: TemplateAction<any, any, any>,
  options: ActionOptions,
): Promise<ActionRun> {
  const run: ActionRun = { output: {}, checkpoints: [], log: [] };
  const note = (message: string) => run.log.push(message);
  const context = {
    logger: mockServices.logger.mock({
      info: note,
      warn: note,
      error: note,
      debug: note,
    }),
    workspacePath: options.workspacePath,
    input: options.input,
    isDryRun: options.isDryRun,
    signal: options.signal,
    task: { id: 'task' },
    output: (name: string, value: unknown) => {
      run.output[name] = value;
    },
    checkpoint: async ({ key, fn }: { key: string; fn(): unknown }) => {
      run.checkpoints.push(key);
      return await fn();
    },
    createTemporaryDirectory: () => Promise.reject(new Error('not needed')),
    getInitiatorCredentials: () => Promise.reject(new Error('not needed')),
  } as unknown as ActionContext<any, any, any>;
  await action.handler(context);
  return run;
}
