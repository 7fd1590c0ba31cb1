import { Machine } from '../../vm';

/** A virtual machine, and the machine in it. */
export interface SimulatedVirtualMachine {
  resourceGroup: string;
  name: string;
  location: string;
  power: 'running' | 'stopped' | 'deallocated';
  agentReady: boolean;
  machine: Machine;
  /** Run-commands with such scripts are refused for want of permission; Azure itself knows no such rule. */
  denied?: (script: string) => boolean;
  /** How long each run-command takes besides its script, in milliseconds. */
  latencyMs: number;
  /** Run-commands so far, oldest first; never two at a time. */
  runs: SimulatedRun[];
}

/** A run-command. */
export interface SimulatedRun {
  script: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  finishedAt?: number;
}

/** The virtual machines that there are. */
export class VirtualMachineStore {
  readonly #machines: SimulatedVirtualMachine[] = [];

  add(
    machine: Pick<
      SimulatedVirtualMachine,
      'resourceGroup' | 'name' | 'machine'
    > &
      Partial<SimulatedVirtualMachine>,
  ): SimulatedVirtualMachine {
    const added: SimulatedVirtualMachine = {
      location: 'uksouth',
      power: 'running',
      agentReady: true,
      latencyMs: 0,
      runs: [],
      ...machine,
    };
    this.#machines.push(added);
    return added;
  }

  find(
    resourceGroup: string,
    name: string,
  ): SimulatedVirtualMachine | undefined {
    return this.#machines.find(
      machine =>
        machine.resourceGroup.toLowerCase() === resourceGroup.toLowerCase() &&
        machine.name.toLowerCase() === name.toLowerCase(),
    );
  }

  list(): readonly SimulatedVirtualMachine[] {
    return this.#machines;
  }
}
