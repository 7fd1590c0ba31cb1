import {
  StepControl,
  TargetError,
  TargetErrorKind,
} from '@vvp/backstage-plugin-deploy-node';
import { NewStep, RunningOperation } from './engine/types';
import { StopRunsRunner } from './StopRunsRunner';

const step: NewStep = {
  runner: 'stop-runs',
  name: 'stop-runs',
  title: 'Stop runs',
  input: { kind: 'stop-runs' },
};
const operation = { id: 'operation-1' } as RunningOperation;

function controlOf(signal = new AbortController().signal) {
  const log = jest.fn();
  const control: StepControl = {
    operationId: 'operation-1',
    fence: 1,
    attempt: 1,
    signal,
    memory: {},
    outputs: {},
    log,
    remember: async () => {},
    wait: () => new Promise(resolve => setImmediate(resolve)),
  };
  return { control, log };
}

describe('StopRunsRunner', () => {
  it('gives on what was stopped', async () => {
    const { control } = controlOf();
    const runner = new StopRunsRunner({
      workflows: { execute: async () => ({ output: { stopped: 2 } }) },
    });

    const result = await runner.execute(operation, step, control);

    expect(result).toEqual({ output: { stopped: 2 } });
  });

  it.each<TargetErrorKind>([
    'transient',
    'busy',
    'credentials',
    'denied',
    'not-found',
    'invalid',
  ])('lets the rollback go on when GitHub says %s, and says so', async kind => {
    const { control, log } = controlOf();
    const runner = new StopRunsRunner({
      workflows: {
        execute: async () => {
          throw new TargetError(kind, 'GitHub is away.');
        },
      },
    });

    const result = await runner.execute(operation, step, control);

    expect(result).toEqual({ skipped: true });
    expect(log).toHaveBeenCalledWith(
      expect.stringContaining('GitHub is away.'),
      'warn',
    );
  });

  it('lets the rollback go on when GitHub never comes to an end', async () => {
    const { control, log } = controlOf();
    const runner = new StopRunsRunner({
      stopMs: 20,
      workflows: {
        execute: async (_operation, _step, { wait }) => {
          for (;;) {
            await wait(1);
          }
        },
      },
    });

    const result = await runner.execute(operation, step, control);

    expect(result).toEqual({ skipped: true });
    expect(log).toHaveBeenCalledWith(
      expect.stringContaining('did not stop the runs in time'),
      'warn',
    );
  });

  it('stops when the operation is no longer this process’s', async () => {
    const abort = new AbortController();
    const { control } = controlOf(abort.signal);
    const runner = new StopRunsRunner({
      workflows: {
        execute: async () => {
          abort.abort(new Error('lease lost'));
          throw new TargetError('transient', 'cut off');
        },
      },
    });

    await expect(runner.execute(operation, step, control)).rejects.toThrow(
      'lease lost',
    );
  });

  it('lets the rollback go on when the portal itself fails at it, without telling how', async () => {
    const { control, log } = controlOf();
    const runner = new StopRunsRunner({
      workflows: {
        execute: async () => {
          throw new Error('select * from deployments: database is locked');
        },
      },
    });

    const result = await runner.execute(operation, step, control);

    expect(result).toEqual({ skipped: true });
    expect(JSON.stringify(log.mock.calls)).not.toContain('select');
  });
});
