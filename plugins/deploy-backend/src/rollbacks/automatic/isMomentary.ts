import { findDatabaseError } from '../../operations/engine/databaseError';
import { OperationRunningError } from '../../operations/engine/submitOperation';
import {
  PlatformBusyError,
  RefusedError,
} from '../../operations/requests/toHttpError';

/** Whether what stands in the way of an automatic rollback may be over at the next look. */
export function isMomentary(error: Error): boolean {
  return (
    error.name === 'ServiceUnavailableError' ||
    error instanceof PlatformBusyError ||
    error instanceof OperationRunningError ||
    (error instanceof RefusedError &&
      error.refusals.every(({ code }) => code === 'operation-running')) ||
    findDatabaseError(error) !== undefined
  );
}
