import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';

/**
 * Keeps the promotion that is looked at in the address, so that it survives a reload and can be sent to a
 * colleague.
 *
 * @internal
 */
export function usePromotionAddress(): [
  string | undefined,
  (promotionId: string | undefined) => void,
] {
  const [params, setParams] = useSearchParams();
  const open = useCallback(
    (promotionId: string | undefined) =>
      setParams(previous => {
        const next = new URLSearchParams(previous);
        next.delete('promotion');
        if (promotionId) next.set('promotion', promotionId);
        return next;
      }),
    [setParams],
  );
  return [params.get('promotion') || undefined, open];
}
