import { SIGNER, SIGNER_UNIT, VERIFIER, VERIFIER_UNIT } from '../../vm/pbx';
import {
  SimulatedVirtualMachine,
  VirtualMachineStore,
} from './VirtualMachineStore';

type Body = Record<string, unknown>;

/** Routes of the control API for the virtual machines; `name` in a body says which one. */
export function computeRoutes(
  store: VirtualMachineStore,
): Record<string, (body: Body) => unknown> {
  const find = ({ name = 'vvp-pbx' }: Body): SimulatedVirtualMachine => {
    const found = store.list().find(machine => machine.name === name);
    if (!found) {
      throw new Error(`There is no virtual machine "${name}".`);
    }
    return found;
  };
  return {
    'GET /virtual-machines': () => Promise.all(store.list().map(describe)),
    'POST /virtual-machines/state': body => {
      const machine = find(body);
      const { power, agentReady, latencyMs } = body;
      if (
        power === 'running' ||
        power === 'stopped' ||
        power === 'deallocated'
      ) {
        machine.power = power;
      }
      if (typeof agentReady === 'boolean') {
        machine.agentReady = agentReady;
      }
      if (typeof latencyMs === 'number') {
        machine.latencyMs = latencyMs;
      }
    },
    'POST /virtual-machines/bad-releases': body =>
      find(body).machine.setBad(text(body.unit), texts(body.releases)),
    'POST /virtual-machines/die-after': body =>
      find(body).machine.dieAfter(
        typeof body.commands === 'number' ? body.commands : undefined,
      ),
    'POST /virtual-machines/full-disk': body =>
      find(body).machine.fillDisk(body.full === true),
  };
}

/** What runs, past run-command. */
async function describe(each: SimulatedVirtualMachine) {
  const { machine, name, power, runs } = each;
  return {
    name,
    power,
    services: [
      {
        unit: SIGNER_UNIT,
        running: await machine.running(SIGNER_UNIT),
        linked: await machine.linked(SIGNER),
      },
      {
        unit: VERIFIER_UNIT,
        running: await machine.running(VERIFIER_UNIT),
        linked: await machine.linked(VERIFIER),
      },
    ],
    dialplan: await machine.loaded(),
    changes: await machine.changes(),
    runs: runs.map(({ startedAt, finishedAt }) => ({ startedAt, finishedAt })),
  };
}

function text(value: unknown): string {
  if (typeof value !== 'string' || !/^[\w@.-]+\.service$/.test(value)) {
    throw new Error('unit is not the name of a unit.');
  }
  return value;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
