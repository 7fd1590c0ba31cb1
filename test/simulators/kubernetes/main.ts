import { parseArgs } from 'node:util';
import { KubernetesSimulator } from './KubernetesSimulator';
import { seedDemo } from './seedDemo';

/**
 * Runs the simulator as a process of its own:
 * `node --import tsx test/simulators/kubernetes/main.ts --port 7098 --token-env KUBERNETES_SIMULATOR_TOKEN`.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      'token-env': { type: 'string' },
      'round-ms': { type: 'string' },
      'until-stdin-ends': { type: 'boolean' },
      demo: { type: 'boolean' },
    },
  });
  const token = values['token-env'] && process.env[values['token-env']];
  const simulator = await KubernetesSimulator.start({
    port: Number(values.port ?? 0),
    roundMs: Number(values['round-ms'] ?? 200),
    startMs: 1_000,
    ...(token && { tokens: { [token]: 'portal' } }),
  });
  if (values.demo) await seedDemo(simulator);
  const stop = () => {
    void simulator.stop().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  if (values['until-stdin-ends']) {
    process.stdin.once('end', stop).once('error', stop).resume();
  }
  process.stdout.write(
    `${JSON.stringify({
      ready: true,
      url: simulator.url,
      pid: process.pid,
    })}\n`,
  );
}

main().catch((cause: unknown) => {
  process.stderr.write(`${cause instanceof Error ? cause.stack : cause}\n`);
  process.exitCode = 1;
});
