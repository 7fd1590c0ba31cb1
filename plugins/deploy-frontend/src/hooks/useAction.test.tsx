import { act, renderHook } from '@testing-library/react';
import { useAction } from './useAction';

function pending<T>() {
  let settle: { resolve(value: T): void; reject(error: Error): void };
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, settle: settle! };
}

describe('useAction', () => {
  it('sends once however often it is asked, and again after that', async () => {
    const first = pending<string>();
    const send = jest
      .fn<Promise<string>, [string]>()
      .mockReturnValueOnce(first.promise)
      .mockResolvedValueOnce('second');
    const onDone = jest.fn();
    const { result } = renderHook(() =>
      useAction({ send, onDone, onFailed: jest.fn() }),
    );

    await act(async () => {
      result.current.start('a');
      result.current.start('b');
    });
    expect(send.mock.calls).toEqual([['a']]);
    expect(result.current.busy).toBe(true);

    await act(async () => first.settle.resolve('first'));
    expect(result.current.busy).toBe(false);

    await act(() => result.current.start('c'));
    expect(send.mock.calls).toEqual([['a'], ['c']]);
    expect(onDone.mock.calls).toEqual([['first'], ['second']]);
  });

  it('says why it failed, till it is tried again', async () => {
    const send = jest
      .fn<Promise<string>, [string]>()
      .mockRejectedValueOnce(new Error('not now'))
      .mockResolvedValueOnce('done');
    const onFailed = jest.fn();
    const { result } = renderHook(() =>
      useAction({ send, onDone: jest.fn(), onFailed }),
    );

    await act(() => result.current.start('a'));
    expect(result.current.error?.message).toBe('not now');
    expect(onFailed).toHaveBeenCalledTimes(1);

    await act(() => result.current.start('a'));
    expect(result.current.error).toBeUndefined();
  });

  it.each([
    [
      'an answer',
      (answer: ReturnType<typeof pending<string>>) =>
        answer.settle.resolve('late'),
    ],
    [
      'a failure',
      (answer: ReturnType<typeof pending<string>>) =>
        answer.settle.reject(new Error('late')),
    ],
  ])('drops %s that comes after the page was left', async (_, end) => {
    const answer = pending<string>();
    const onDone = jest.fn();
    const onFailed = jest.fn();
    const { result, unmount } = renderHook(() =>
      useAction({ send: () => answer.promise, onDone, onFailed }),
    );

    let sent: Promise<void> | undefined;
    act(() => {
      sent = result.current.start('a');
    });
    unmount();
    end(answer);
    await sent;

    expect(onDone).not.toHaveBeenCalled();
    expect(onFailed).not.toHaveBeenCalled();
  });
});
