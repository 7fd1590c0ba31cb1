import { CustomErrorBase } from '@backstage/errors';

/** A body is larger than allowed; Backstage's middleware answers 413 because of `statusCode`. */
export class PayloadTooLargeError extends CustomErrorBase {
  readonly name = 'PayloadTooLargeError' as const;
  readonly statusCode = 413;
}
