import { act, renderHook, waitFor } from '@testing-library/react';
import { useStart } from './useStart';

describe('useStart', () => {
  it('sends once, however often it is asked to', async () => {
    const send = jest.fn(() => new Promise<string>(() => undefined));
    const { result } = renderHook(() => useStart({ send, onDone: jest.fn() }));

    act(() => {
      result.current.start('a');
      result.current.start('a');
    });

    await waitFor(() => expect(result.current.busy).toBe(true));
    expect(send).toHaveBeenCalledTimes(1);
  });

  it('keeps its key when it is tried again, and is not used twice', async () => {
    const keys: string[] = [];
    const onDone = jest.fn();
    const send = jest.fn(async (_argument: string, key: string) => {
      keys.push(key);
      if (keys.length === 1) {
        throw new Error('Failed to fetch');
      }
      return 'operation-1';
    });
    const { result } = renderHook(() => useStart({ send, onDone }));

    await act(async () => result.current.start('a'));
    expect(result.current.error?.message).toBe('Failed to fetch');
    await act(async () => result.current.start('a'));
    await act(async () => result.current.start('a'));

    expect(keys).toHaveLength(2);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(onDone).toHaveBeenCalledTimes(1);
    expect(onDone).toHaveBeenCalledWith('operation-1');
  });

  it('has another key in another dialog', async () => {
    const send = jest.fn(async (_argument: string, _key: string) => 'done');
    const first = renderHook(() => useStart({ send, onDone: jest.fn() }));
    const second = renderHook(() => useStart({ send, onDone: jest.fn() }));

    await act(async () => first.result.current.start('a'));
    await act(async () => second.result.current.start('a'));

    expect(send.mock.calls[0][1]).not.toBe(send.mock.calls[1][1]);
  });
});
