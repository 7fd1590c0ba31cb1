import { parseArgs } from 'node:util';
import { AzureSimulator } from './AzureSimulator';
import { computeRoutes, createPbxCompute } from './compute';
import { createContainerApps } from './containerApps';
import {
  containerAppRoutes,
  ControlServer,
  simulatorRoutes,
} from './control/ControlServer';
import { demoApps, demoRegistry } from './demo';

/** Runs the simulator: `node --import tsx test/simulators/azure/main.ts --port 7443 --control-port 7444`. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      'control-port': { type: 'string', default: '0' },
      'until-stdin-ends': { type: 'boolean', default: false },
    },
  });
  const { store, provider } = createContainerApps({
    updateMs: 1_500,
    readyMs: 4_000,
  });
  const apps = demoApps();
  apps.forEach(app => store.create(app));
  const compute = await createPbxCompute();
  const azure = await AzureSimulator.start({
    port: Number(values.port),
    providers: [provider, compute.provider],
    registry: demoRegistry(apps),
  });
  const control = new ControlServer({
    ...simulatorRoutes(azure),
    ...containerAppRoutes(store),
    ...computeRoutes(compute.store),
  });
  const controlUrl = await control.listen(Number(values['control-port']));
  process.stdout.write(
    `${JSON.stringify({ url: azure.url, controlUrl, caFile: azure.caFile })}\n`,
  );
  const stop = async () => {
    await Promise.all([azure.stop(), control.close(), compute.stop()]);
    process.exit(0);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (values['until-stdin-ends']) {
    process.stdin.resume().once('end', stop);
  }
}

main().catch((cause: unknown) => {
  process.stderr.write(`${cause instanceof Error ? cause.stack : cause}\n`);
  process.exitCode = 1;
});
