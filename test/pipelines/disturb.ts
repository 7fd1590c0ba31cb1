import { everyMoment } from '../faults/sampling';
import { Machine, ScriptResult } from '../simulators/vm';

/** More commands that change something than any run has. */
const MOST_COMMANDS = 60;

/** `npm run test:faults` disturbs every command, all other tests one of so many. */
export const STEP = everyMoment ? 1 : 4;

/** How the machine is disturbed before a command, and whether it came to that. */
export const disturbances = {
  death: {
    disturb: (machine: Machine, commands: number) => machine.dieAfter(commands),
    wasDisturbed: (machine: Machine) => machine.hasDied(),
  },
  failure: {
    disturb: (machine: Machine, commands: number) =>
      machine.failAfter(commands),
    wasDisturbed: (machine: Machine) => machine.hasFailed(),
  },
};

/**
 * Runs a script from the same beginning again and again, and disturbs it before its commands that change something, one
 * after the other, until it is not disturbed any more.
 *
 * @param how.first - the first command to be disturbed before, so that series that skip some do not skip the same
 * @param how.reset - makes the beginning
 * @param check - looks at what became of a run that was disturbed
 * @returns before which commands it was
 */
export async function disturbEverywhere(
  machine: Machine,
  how: {
    by: keyof typeof disturbances;
    first: number;
    reset: () => Promise<void>;
    run: () => Promise<ScriptResult>;
  },
  check: (result: ScriptResult) => Promise<void>,
): Promise<number[]> {
  const { disturb, wasDisturbed } = disturbances[how.by];
  const disturbed: number[] = [];
  for (
    let commands = how.first % STEP;
    commands < MOST_COMMANDS;
    commands += STEP
  ) {
    await how.reset();
    await disturb(machine, commands);
    const result = await how.run();
    const wasIt = await wasDisturbed(machine);
    await machine.dieAfter(undefined);
    await machine.failAfter(undefined);
    if (!wasIt) {
      return disturbed;
    }
    disturbed.push(commands);
    await check(result);
  }
  throw new Error('It never got to its end.');
}
