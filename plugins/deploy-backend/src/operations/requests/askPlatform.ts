import { DrivenEnvironment } from '../../targets/TargetEnvironments';
import { inTime } from '../../targets/inTime';
import { toHttpError } from './toHttpError';

/** How long a platform may take to answer before anything is stored. */
const PLAN_MS = 30_000;

/** Asks a platform something; it changes nothing. Throws what its error means to a caller of the API. */
export async function askPlatform<T>(
  { target, environment }: DrivenEnvironment,
  question: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  try {
    return await inTime(
      PLAN_MS,
      question,
      target.describe(environment).resource,
    );
  } catch (error) {
    throw toHttpError(error);
  }
}
