import { CustomErrorBase, toError } from '@backstage/errors';

/**
 * What kind of failure it is, which decides what happens next.
 *
 * - `transient`: the platform is overloaded, throttles, or the connection broke: tried again with back-off.
 * - `busy`: somebody else uses the resource right now: waits its turn until the step's time limit.
 * - `credentials`: there are none, or the platform does not take them: the operation is parked.
 * - `denied`: the credentials are good, but may not do it: ends the operation.
 * - `not-found`: the resource or revision is gone.
 * - `unhealthy`: what came up does not work.
 * - `invalid`: the spec or the platform's answer cannot be used.
 *
 * @public
 */
export type TargetErrorKind =
  | 'transient'
  | 'busy'
  | 'credentials'
  | 'denied'
  | 'not-found'
  | 'unhealthy'
  | 'invalid';

/**
 * A failure of a target. The message is a whole sentence for the person on call; it never holds a secret
 * nor the platform's whole answer.
 *
 * @public
 */
export class TargetError extends CustomErrorBase {
  readonly kind: TargetErrorKind;
  /** What to do about it, whole sentences. */
  readonly remedy?: string;
  /** For whoever looks for the reason in the code; not part of the message. */
  override readonly cause?: Error;
  /** The platform asked not to be asked again before; milliseconds. */
  readonly retryAfterMs?: number;

  constructor(
    kind: TargetErrorKind,
    message: string,
    options: { remedy?: string; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message);
    this.name = 'TargetError';
    this.cause =
      options.cause === undefined ? undefined : toError(options.cause);
    this.kind = kind;
    this.remedy = options.remedy;
    this.retryAfterMs = options.retryAfterMs;
  }
}
