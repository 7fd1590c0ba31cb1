import { TargetError } from '@vvp/backstage-plugin-deploy-node';

/** Asks a platform, and waits no longer than this: not every target listens to its signal. */
export async function inTime<T>(
  milliseconds: number,
  question: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(milliseconds);
  let tell: () => void = () => {};
  const late = new Promise<never>((_, reject) => {
    tell = () =>
      reject(
        new TargetError(
          'transient',
          `The platform did not answer within ${milliseconds / 1000} seconds.`,
          { remedy: 'Try again, and look whether the platform is up.' },
        ),
      );
    signal.addEventListener('abort', tell, { once: true });
  });
  try {
    return await Promise.race([question(signal), late]);
  } finally {
    signal.removeEventListener('abort', tell);
  }
}
