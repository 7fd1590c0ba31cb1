import { useApi } from '@backstage/core-plugin-api';
import { useEffect, useState } from 'react';
import { deployApiRef } from '../api';
import { failureKind } from '../logic/failure';

/**
 * Id of the operation that runs or waits in an environment, once a request was refused as a conflict.
 *
 * @internal
 */
export function useBlockingOperation(
  entityRef: string,
  environment: string,
  error: Error | undefined,
): string | undefined {
  const deployApi = useApi(deployApiRef);
  const [found, setFound] = useState<{ error: Error; id?: string }>();
  useEffect(() => {
    if (!error || failureKind(error) !== 'conflict') {
      return undefined;
    }
    let wanted = true;
    deployApi
      .listOperations(entityRef, {
        environment,
        status: ['queued', 'running'],
        limit: 1,
      })
      .then(({ items }) => {
        if (wanted) {
          setFound({ error, id: items.at(0)?.id });
        }
      })
      // The message is there all the same, only without the link.
      .catch(() => undefined);
    return () => {
      wanted = false;
    };
  }, [deployApi, entityRef, environment, error]);
  return found && found.error === error ? found.id : undefined;
}
