import {
  ComputeManagementClient,
  VirtualMachinesRunCommandOptionalParams,
} from '@azure/arm-compute';
import { ClientSecretCredential } from '@azure/identity';
import { recordValidation } from '../../../targets/azureVmValidation';
import { Machine } from '../../vm';
import { AzureSimulator } from '../index';
import {
  ComputeProvider,
  SimulatedVirtualMachine,
  VirtualMachineStore,
} from './index';

jest.setTimeout(240_000);

const fast: VirtualMachinesRunCommandOptionalParams = {
  updateIntervalInMs: 20,
};

describe('simulated Microsoft.Compute, asked by the SDK as it is', () => {
  let azure: AzureSimulator;
  let machine: Machine;
  let virtualMachine: SimulatedVirtualMachine;
  let client: ComputeManagementClient;

  beforeAll(async () => {
    machine = await Machine.create();
    const store = new VirtualMachineStore();
    virtualMachine = store.add({
      resourceGroup: 'VVP',
      name: 'vvp-pbx',
      machine,
    });
    azure = await AzureSimulator.start({
      providers: [context => ComputeProvider.create(context, store)],
    });
    const tlsOptions = { ca: azure.ca };
    client = new ComputeManagementClient(
      new ClientSecretCredential(
        azure.client.tenantId,
        azure.client.clientId,
        azure.client.clientSecret,
        {
          authorityHost: azure.url,
          disableInstanceDiscovery: true,
          tlsOptions,
        },
      ),
      azure.subscriptionId,
      { endpoint: azure.url, tlsOptions, retryOptions: { maxRetries: 0 } },
    );
  });

  afterEach(() => {
    virtualMachine.power = 'running';
    virtualMachine.latencyMs = 0;
  });

  afterAll(async () => {
    recordValidation(azure.validation());
    await azure.stop();
    await machine.destroy();
  });

  function run(...script: string[]) {
    return client.virtualMachines.runCommand(
      'VVP',
      'vvp-pbx',
      { commandId: 'RunShellScript', script },
      fast,
    );
  }

  it('runs a script, and tells both streams but no exit code', async () => {
    const result = await run('echo out', 'echo problem >&2', 'exit 3');

    expect(result.value).toEqual([
      expect.objectContaining({
        code: 'ProvisioningState/succeeded',
        message: 'Enable succeeded: \n[stdout]\nout\n\n[stderr]\nproblem\n',
      }),
    ]);
  });

  it('tells the last 4,096 bytes of a stream', async () => {
    const result = await run(
      'for ((i = 0; i < 1000; i++)); do printf 123456789,; done; printf end',
    );

    const output = result.value?.[0].message?.split('\n')[2] ?? '';
    expect(output).toHaveLength(4_096);
    expect(output).toMatch(/,end$/);
  });

  it('runs one at a time', async () => {
    virtualMachine.latencyMs = 500;
    const first = run('echo one');

    const both = await Promise.allSettled([first, run('echo two')]);

    expect(both.map(({ status }) => status).sort()).toEqual([
      'fulfilled',
      'rejected',
    ]);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { statusCode: 409, code: 'Conflict' },
    });
  });

  it('refuses while the machine is not running, and tells its state', async () => {
    virtualMachine.power = 'deallocated';

    await expect(run('echo')).rejects.toMatchObject({
      statusCode: 409,
      code: 'OperationNotAllowed',
    });

    const view = await client.virtualMachines.instanceView('VVP', 'vvp-pbx');
    expect(view.statuses?.[1].code).toBe('PowerState/deallocated');
    const described = await client.virtualMachines.get('VVP', 'vvp-pbx');
    expect(described.name).toBe('vvp-pbx');
  });

  it.each([
    [
      'another command',
      () =>
        client.virtualMachines.runCommand('VVP', 'vvp-pbx', {
          commandId: 'RunPowerShellScript',
        }),
      404,
    ],
    [
      'a machine that is not there',
      () => client.virtualMachines.instanceView('VVP', 'none'),
      404,
    ],
    [
      'what is not simulated',
      () =>
        client.virtualMachines.retrieveBootDiagnosticsData('VVP', 'vvp-pbx'),
      404,
    ],
  ])('refuses %s', async (_, call, statusCode) => {
    await expect(call()).rejects.toMatchObject({ statusCode });
  });
});
