import { TargetError } from '@vvp/backstage-plugin-deploy-node';

/**
 * Asks a platform, and waits no longer than this: not every target listens to its signal.
 *
 * @param resource - what is asked, for people
 */
export async function inTime<T>(
  milliseconds: number,
  question: (signal: AbortSignal) => Promise<T>,
  resource = 'The platform',
): Promise<T> {
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new TargetError(
        'transient',
        `${resource} did not answer within ${milliseconds / 1000} seconds.`,
        { remedy: 'Try again, and look whether the platform is up.' },
      );
      // First: what the question says when it is told to stop is only that.
      reject(error);
      limit.abort(error);
    }, milliseconds);
  });
  try {
    return await Promise.race([question(limit.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
