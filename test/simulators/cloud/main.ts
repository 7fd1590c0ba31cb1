import { parseArgs } from 'node:util';
import { CloudControl } from './CloudControl';
import { Clouds } from './Clouds';

/** Runs the clouds of the demo: `node --import tsx test/simulators/cloud/main.ts --port 7097`. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      /** Of the control server; the clouds choose their own. */
      port: { type: 'string', default: '0' },
      'until-stdin-ends': { type: 'boolean', default: false },
    },
  });
  const clouds = await Clouds.start({
    azureClientSecret: secret('CLOUD_AZURE_CLIENT_SECRET'),
    awsAccessKeyId: secret('CLOUD_AWS_ACCESS_KEY_ID'),
    awsSecretAccessKey: secret('CLOUD_AWS_SECRET_ACCESS_KEY'),
    kubernetesToken: secret('CLOUD_KUBERNETES_TOKEN'),
  });
  const control = new CloudControl(clouds);
  const controlUrl = await control.listen(Number(values.port));
  const stop = () => {
    void Promise.all([control.close(), clouds.stop()]).then(() =>
      process.exit(0),
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  if (values['until-stdin-ends']) {
    process.stdin.once('end', stop).once('error', stop).resume();
  }
  const { azure, aws, kubernetes } = clouds;
  process.stdout.write(
    `${JSON.stringify({
      ready: true,
      azure: {
        url: azure.url,
        caFile: azure.caFile,
        subscriptionId: azure.subscriptionId,
        tenantId: azure.client.tenantId,
        clientId: azure.client.clientId,
      },
      aws: { url: aws.url },
      kubernetes: Object.fromEntries(
        [...kubernetes].map(([name, { url }]) => [name, { url }]),
      ),
      control: { url: controlUrl },
      pid: process.pid,
    })}\n`,
  );
}

/** By environment only: arguments can be seen by every process of the machine. */
function secret(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`The environment has no ${name}.`);
  }
  return value;
}

main().catch((cause: unknown) => {
  process.stderr.write(`${cause instanceof Error ? cause.stack : cause}\n`);
  process.exitCode = 1;
});
