import { mkdtemp, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { HttpServer } from './http/HttpServer';
import { loadExamples, playHistory } from './history';
import { readOptions } from './options';
import { Simulator } from './Simulator';
import { waitFor } from './waitFor';

/** Starts the simulator from the command line and keeps it running. */
export async function run(commandLine: string[]): Promise<void> {
  const options = readOptions(commandLine, process.env);
  const stateFolder = options.state
    ? resolve(options.state)
    : await mkdtemp(join(tmpdir(), 'github-simulator-'));
  await mkdir(stateFolder, { recursive: true });

  const server = new HttpServer();
  const port = await server.listen(options.port);
  const url = `http://127.0.0.1:${port}`;
  const simulator = await Simulator.create({
    publicUrl: options.publicUrl ?? url,
    stateFolder,
    startTime: options.startTime,
    targets: options.webhookUrls.map(target => ({
      url: target,
      secret: options.webhookSecret,
    })),
    tokens: options.tokens,
    ...(options.reportUrl && {
      reports: { url: options.reportUrl, apiKey: options.reportApiKey },
    }),
    cloudUrl: options.cloudUrl,
  });
  const stop = () => {
    simulator.stop();
    void server.close().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  if (options.untilStdinEnds) {
    process.stdin.once('end', stop).once('error', stop).resume();
  }

  if (options.waitFor) {
    simulator.deliveries.hold();
    simulator.reports?.hold();
  }
  if (options.examples) {
    await loadExamples(simulator, {
      folder: resolve(options.examples),
      copies: join(stateFolder, 'examples'),
      versionUrl: options.versionUrl,
    });
  }
  if (options.history) await playHistory(simulator, options.anchor);
  if (options.live) await simulator.goLive();
  server.serve(simulator);
  process.stdout.write(
    `${JSON.stringify({
      ready: true,
      url,
      apiUrl: `${url}/api/v3`,
      issuer: simulator.oidc.issuer,
      deliveries: simulator.deliveries.all.length,
      pid: process.pid,
    })}\n`,
  );
  if (options.waitFor) {
    await waitFor(options.waitFor);
    simulator.deliveries.release();
    // The portal has enough to do before; and what it then knows, reports can be about.
    await simulator.deliveries.flush();
    simulator.reports?.release();
  }
}
