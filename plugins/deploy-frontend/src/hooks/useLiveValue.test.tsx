import { act, renderHook, waitFor } from '@testing-library/react';
import { useLiveValue } from './useLiveValue';

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>(settle => {
    resolve = settle;
  });
  return { promise, resolve };
}

describe('useLiveValue', () => {
  it('drops an answer for an earlier key', async () => {
    const slow = deferred<string>();
    const load = (key: string) =>
      key === 'slow' ? slow.promise : Promise.resolve(`value of ${key}`);
    const { result, rerender } = renderHook(
      ({ key }) => useLiveValue({ key, load: () => load(key) }),
      { initialProps: { key: 'slow' } },
    );

    rerender({ key: 'quick' });
    await waitFor(() => expect(result.current.value).toBe('value of quick'));
    await act(async () => slow.resolve('value of slow'));

    expect(result.current.value).toBe('value of quick');
  });

  it('never shows the value of one key under another', async () => {
    const { result, rerender } = renderHook(
      ({ key }) =>
        useLiveValue({
          key,
          load: () =>
            key === 'first'
              ? Promise.resolve('first')
              : new Promise<string>(() => undefined),
        }),
      { initialProps: { key: 'first' } },
    );
    await waitFor(() => expect(result.current.value).toBe('first'));

    rerender({ key: 'second' });

    expect(result.current.value).toBeUndefined();
    expect(result.current.busy).toBe(true);
  });

  it('turns any number of requests during a load into one more load', async () => {
    const first = deferred<number>();
    const load = jest
      .fn<Promise<number>, []>()
      .mockReturnValueOnce(first.promise)
      .mockResolvedValue(2);
    const { result } = renderHook(() => useLiveValue({ key: 'a', load }));

    act(() => {
      result.current.reload();
      result.current.reload();
      result.current.reload();
    });
    await act(async () => first.resolve(1));

    await waitFor(() =>
      expect(result.current).toMatchObject({ value: 2, busy: false }),
    );
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('keeps the value through an error and forgets the error after success', async () => {
    const load = jest
      .fn<Promise<number>, []>()
      .mockResolvedValueOnce(1)
      .mockRejectedValueOnce(new Error('away'))
      .mockResolvedValueOnce(3);
    const { result } = renderHook(() => useLiveValue({ key: 'a', load }));
    await waitFor(() => expect(result.current.value).toBe(1));

    act(() => result.current.reload());
    await waitFor(() => expect(result.current.error?.message).toBe('away'));
    expect(result.current.value).toBe(1);

    act(() => result.current.reload());
    await waitFor(() => expect(result.current.value).toBe(3));
    expect(result.current.error).toBeUndefined();
  });

  it('changes the value in place for its own key alone', async () => {
    const { result } = renderHook(() =>
      useLiveValue({ key: 'a', load: async () => 1 }),
    );
    await waitFor(() => expect(result.current.value).toBe(1));

    act(() => result.current.update('b', () => 9));
    expect(result.current.value).toBe(1);
    act(() => result.current.update('a', previous => (previous ?? 0) + 1));
    expect(result.current.value).toBe(2);
  });
});
