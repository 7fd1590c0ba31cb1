import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { demoWorld, fillWorld, WorldDescription } from './demoWorld';
import { Credential } from './http/signature';
import { startAwsSimulator } from './startAwsSimulator';

/** Starts the simulator from the command line and keeps it running. */
export async function run(
  commandLine: string[],
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const { values } = parseArgs({
    args: commandLine,
    options: {
      port: { type: 'string', default: '0' },
      'tick-ms': { type: 'string', default: '1500' },
      'bake-ticks': { type: 'string', default: '20' },
      /** Variable that holds `accessKeyId=secret@account,...`; never an argument. */
      'credentials-env': { type: 'string' },
      /** JSON file, see demoWorld.ts. */
      world: { type: 'string' },
      'until-stdin-ends': { type: 'boolean', default: false },
    },
  });
  const simulator = await startAwsSimulator({
    port: Number(values.port),
    tickMs: Number(values['tick-ms']),
    bakeTicks: Number(values['bake-ticks']),
    credentials: readCredentials(values['credentials-env'], environment),
  });
  const world: WorldDescription = values.world
    ? JSON.parse(await readFile(values.world, 'utf8'))
    : demoWorld;
  fillWorld(simulator, world);
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

function readCredentials(
  name: string | undefined,
  environment: NodeJS.ProcessEnv,
): Credential[] {
  if (name === undefined) {
    throw new Error(
      'Say with --credentials-env which variable holds the access keys.',
    );
  }
  const credentials = (environment[name] ?? '').split(',').flatMap(text => {
    const match = /^([A-Z0-9]{16,128})=([^@,]+)@(\d{12})$/.exec(text);
    return match
      ? [
          {
            accessKeyId: match[1],
            secretAccessKey: match[2],
            account: match[3],
            principal: `arn:aws:iam::${match[3]}:user/demo`,
          },
        ]
      : [];
  });
  if (credentials.length === 0) {
    throw new Error(`${name} holds no accessKeyId=secret@account.`);
  }
  return credentials;
}
