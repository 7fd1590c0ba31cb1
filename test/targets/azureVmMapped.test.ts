import {
  backups,
  commits,
  DIALPLAN,
  dialplanOf,
  SIGNER,
  SIGNER_UNIT,
} from '../simulators/vm/pbx';
import { AzureVmWorld, runPlan, startAzureVmWorld } from './azureVmWorld';

jest.setTimeout(240_000);

const { signal } = new AbortController();

/** The simulated machine as everybody but root gets it. */
describe('azure-vm on a machine without chroot', () => {
  let world: AzureVmWorld;

  beforeEach(async () => {
    world = await startAzureVmWorld('mapped');
  });

  afterEach(async () => {
    await world.stop();
  });

  it('puts a release back', async () => {
    const plan = await world.target.planRollback(
      world.signer,
      commits.previous,
      signal,
    );

    await runPlan(world, world.signer, plan);

    expect(await world.machine.running(SIGNER_UNIT)).toBe(commits.previous);
    expect(await world.machine.linked(SIGNER)).toBe(commits.previous);
  });

  it('puts a backup in place', async () => {
    const plan = await world.target.planRollback(
      world.dialplan,
      backups.previous,
      signal,
    );

    await runPlan(world, world.dialplan, plan);

    expect(await world.machine.read(DIALPLAN)).toBe(
      dialplanOf(backups.previous),
    );
    expect(await world.machine.loaded()).toBe(dialplanOf(backups.previous));
  });
});
