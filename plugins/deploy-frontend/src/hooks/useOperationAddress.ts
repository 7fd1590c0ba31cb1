import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';

/**
 * Keeps the operation that is looked at in the address, so that it survives a reload and can be sent to a
 * colleague.
 *
 * @internal
 */
export function useOperationAddress(): [
  string | undefined,
  (operationId: string | undefined) => void,
] {
  const [params, setParams] = useSearchParams();
  const open = useCallback(
    (operationId: string | undefined) =>
      setParams(previous => {
        const next = new URLSearchParams(previous);
        next.delete('operation');
        if (operationId) next.set('operation', operationId);
        return next;
      }),
    [setParams],
  );
  return [params.get('operation') || undefined, open];
}
