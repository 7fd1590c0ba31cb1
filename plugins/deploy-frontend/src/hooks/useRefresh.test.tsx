import { act, renderHook } from '@testing-library/react';
import { usePolling } from './useRefresh';

function setVisibility(state: DocumentVisibilityState) {
  jest.spyOn(document, 'hidden', 'get').mockReturnValue(state === 'hidden');
}

describe('usePolling', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('calls back every half minute while the page can be seen', () => {
    const onRefresh = jest.fn();
    setVisibility('visible');
    const { unmount } = renderHook(() => usePolling(onRefresh));

    act(() => jest.advanceTimersByTime(29_000));
    expect(onRefresh).not.toHaveBeenCalled();
    act(() => jest.advanceTimersByTime(31_000));
    expect(onRefresh).toHaveBeenCalledTimes(2);

    unmount();
    jest.advanceTimersByTime(60_000);
    expect(onRefresh).toHaveBeenCalledTimes(2);
  });

  it('rests while the page is hidden and catches up when it is seen again', () => {
    const onRefresh = jest.fn();
    setVisibility('hidden');
    renderHook(() => usePolling(onRefresh));

    act(() => jest.advanceTimersByTime(120_000));
    expect(onRefresh).not.toHaveBeenCalled();
    setVisibility('visible');
    act(() => {
      document.dispatchEvent(new Event('visibilitychange'));
    });

    expect(onRefresh).toHaveBeenCalledTimes(1);
  });
});
