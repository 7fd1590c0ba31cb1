import { AwsError } from './AwsError';

/** A page of a list; the token says where the next one begins. */
export function pageOf<T>(
  all: readonly T[],
  request: { maxResults?: number; nextToken?: string },
  most: number,
): { items: T[]; nextToken?: string } {
  const size = request.maxResults ?? most;
  if (!Number.isInteger(size) || size < 1 || size > 100) {
    throw new AwsError(
      'InvalidParameterException',
      'maxResults must be between 1 and 100.',
    );
  }
  const start = request.nextToken ? positionOf(request.nextToken) : 0;
  const end = start + Math.min(size, 100);
  return {
    items: all.slice(start, end),
    ...(end < all.length && {
      nextToken: Buffer.from(`at:${end}`).toString('base64'),
    }),
  };
}

function positionOf(token: string): number {
  const match = /^at:(\d+)$/.exec(Buffer.from(token, 'base64').toString());
  if (!match) {
    throw new AwsError('InvalidParameterException', 'Invalid token.');
  }
  return Number(match[1]);
}
