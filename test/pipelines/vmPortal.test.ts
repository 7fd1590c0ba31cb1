import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BlobStore, sha256Of } from '../simulators/azure-cli';
import {
  BACKUPS,
  backups,
  commits,
  DIALPLAN,
  dialplanOf,
  SIGNER,
  SIGNER_UNIT,
} from '../simulators/vm/pbx';
import {
  AzureVmWorld,
  createControl,
  runPlan,
  startAzureVmWorld,
} from '../targets/azureVmWorld';
import { beImpatient, lastLine, lendArchive, pack, SCRIPTS } from './vmWorld';

jest.setTimeout(240_000);

const { signal } = new AbortController();

describe("a pipeline's scripts and the portal on one machine", () => {
  let world: AzureVmWorld;
  let blobs: BlobStore;

  beforeAll(async () => {
    world = await startAzureVmWorld();
    await beImpatient(world.machine);
    blobs = await BlobStore.start();
    await world.machine.addHost(blobs.host, blobs.port);
  });

  afterAll(async () => {
    await blobs.stop();
    await world.stop();
  });

  it('take out what the other brought, and bring it again', async () => {
    const { machine, target, signer } = world;
    const script = await readFile(join(SCRIPTS, 'vm-release.sh'), 'utf8');
    const archive = await pack({ 'app/main.py': '#' });
    const release = () =>
      machine.runScript(script, {
        directory: SIGNER,
        unit: SIGNER_UNIT,
        release: commits.pushed,
        archive_url: lendArchive(blobs, archive),
        archive_sha256: sha256Of(archive),
      });

    await release();
    const revisions = await target.revisions(signer, signal);
    const plan = await target.planRollback(signer, commits.current, signal);
    await runPlan(world, signer, plan, createControl());
    const rolledBack = await machine.running(SIGNER_UNIT);
    const again = await release();

    expect(
      revisions.map(({ id, current, health }) => ({ id, current, health })),
    ).toEqual([
      { id: commits.pushed, current: true, health: 'healthy' },
      expect.objectContaining({ id: commits.current, current: false }),
      expect.objectContaining({ id: commits.previous, current: false }),
    ]);
    expect(rolledBack).toBe(commits.current);
    expect(lastLine(again)).toBe(`deployed ${commits.pushed}`);
    expect(await machine.running(SIGNER_UNIT)).toBe(commits.pushed);
  });

  it('know the backups of each other', async () => {
    const { machine, target, dialplan } = world;
    const script = await readFile(join(SCRIPTS, 'vm-config-file.sh'), 'utf8');
    const send = (text: string) =>
      machine.runScript(script, {
        content: Buffer.from(text).toString('base64'),
        sha256: sha256Of(text),
        path: DIALPLAN,
        backup_directory: BACKUPS,
        owner: 'www-data:www-data',
        reload: 'freeswitch-xml',
      });

    await send('<include>one</include>\n');
    await send('<include>two</include>\n');
    const [newest] = (await target.revisions(dialplan, signal)).filter(
      ({ current }) => !current,
    );
    const plan = await target.planRollback(dialplan, newest.id, signal);
    await runPlan(world, dialplan, plan, createControl());
    const third = await send(dialplanOf(backups.older));

    expect(newest.id).toMatch(/^public\.xml\.\d{8}T\d{6}Z/);
    expect(lastLine(third)).toContain(`what was there before is ${newest.id}`);
    expect(await machine.loaded()).toBe(dialplanOf(backups.older));
  });
});
