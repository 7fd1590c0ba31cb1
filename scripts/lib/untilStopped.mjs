import { Processes } from './processes.mjs';

/**
 * Gives `start` a set of processes and keeps them until the person stops the command or one of them ends;
 * either way, all are gone when this returns.
 */
export async function untilStopped(start) {
  const processes = new Processes();
  const stopRequest = new AbortController();
  const stopped = new Promise(resolve => {
    stopRequest.signal.addEventListener('abort', resolve);
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (stopRequest.signal.aborted) {
        processes.kill();
        return;
      }
      console.log('\nStopping; press Ctrl-C again to stop at once.');
      stopRequest.abort();
    });
  }
  try {
    await Promise.race([
      stopped,
      start(processes, stopRequest.signal).then(() =>
        Promise.race([stopped, processes.failed]),
      ),
    ]);
  } finally {
    // Whatever still waits for one of them would keep this process alive
    stopRequest.abort();
    await processes.stop();
  }
  console.log('Stopped.');
}
