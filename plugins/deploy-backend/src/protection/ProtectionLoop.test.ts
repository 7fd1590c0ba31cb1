import { mockServices } from '@backstage/backend-test-utils';
import { ProtectionLoop } from './ProtectionLoop';

describe('ProtectionLoop', () => {
  it('looks once more at what came while it looked, and not at each of it', async () => {
    let looks = 0;
    let end = () => {};
    const loop = new ProtectionLoop({
      logger: mockServices.logger.mock(),
      answers: {
        answerDue: async () => {
          looks += 1;
          await new Promise<void>(done => {
            end = done;
          });
          return 0;
        },
      },
    });

    loop.wake();
    loop.wake();
    loop.wake();
    const first = looks;
    end();
    await new Promise(resolve => setImmediate(resolve));
    const second = looks;
    end();
    await loop.stop();
    loop.wake();

    expect([first, second, looks]).toEqual([1, 2, 2]);
  });

  it('goes on after a failure, and says it', async () => {
    const logger = mockServices.logger.mock();
    const answerDue = jest
      .fn()
      .mockRejectedValueOnce(new Error('database is away'))
      .mockResolvedValue(0);
    const loop = new ProtectionLoop({ logger, answers: { answerDue } });

    loop.wake();
    await new Promise(resolve => setImmediate(resolve));
    loop.wake();
    await loop.stop();

    expect(answerDue).toHaveBeenCalledTimes(2);
    expect(logger.warn).toHaveBeenCalledWith(
      'Protection rules could not be looked at',
      { cause: 'database is away' },
    );
  });

  it('tells who looks that it stops', async () => {
    const signals: AbortSignal[] = [];
    const loop = new ProtectionLoop({
      logger: mockServices.logger.mock(),
      answers: {
        answerDue: async signal => {
          signals.push(signal);
          return 0;
        },
      },
    });

    await loop.run(new AbortController().signal);
    const before = signals[0].aborted;
    await loop.stop();

    expect([before, signals[0].aborted]).toEqual([false, true]);
  });
});
