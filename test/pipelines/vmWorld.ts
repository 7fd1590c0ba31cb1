import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { BlobStore, sha256Of } from '../simulators/azure-cli';
import { JailKind, Machine, ScriptResult } from '../simulators/vm';
import {
  commits,
  furnishPbx,
  SIGNER,
  SIGNER_UNIT,
  STATUS_URL,
} from '../simulators/vm/pbx';

const run = promisify(execFile);

/** Where the scripts lie that a generated pipeline brings along. */
export const SCRIPTS = resolve(
  __dirname,
  '../../plugins/scaffolder-actions/assets/deploy',
);

export const ENVIRONMENT_FILE = '/etc/vvp/sip-redirect.env';

/** The PBX machine, and a storage account that it can reach. */
export interface VmWorld {
  machine: Machine;
  blobs: BlobStore;
  /** Runs `vm-release.sh` there; what is not said is that of the signer's release `pushed`. */
  release(parameters?: Record<string, string>): Promise<ScriptResult>;
  stop(): Promise<void>;
}

export async function startVmWorld(kind?: JailKind): Promise<VmWorld> {
  const machine = await Machine.create(kind);
  const blobs = await BlobStore.start();
  await furnishPbx(machine);
  await machine.addHost(blobs.host, blobs.port);
  await beImpatient(machine);
  const script = await readFile(join(SCRIPTS, 'vm-release.sh'), 'utf8');
  const archive = await pack({ 'app/main.py': '# pushed\n' });
  return {
    machine,
    blobs,
    release: parameters =>
      machine.runScript(script, {
        directory: SIGNER,
        unit: SIGNER_UNIT,
        release: commits.pushed,
        archive_url: lendArchive(blobs, archive),
        archive_sha256: sha256Of(archive),
        health_url: STATUS_URL,
        key_variable: 'VVP_STATUS_ADMIN_KEY',
        environment_file: ENVIRONMENT_FILE,
        udp_port: '5070',
        health_seconds: '1',
        ...parameters,
      }),
    async stop() {
      await blobs.stop();
      await machine.destroy();
    },
  };
}

/** Nobody has to wait for a second between two looks. */
export async function beImpatient(machine: Machine): Promise<void> {
  await machine.write(
    '/usr/local/bin/sleep',
    '#!/bin/bash\nexec /usr/bin/sleep 0.1\n',
    { mode: 0o755 },
  );
}

/** An address of an archive in the storage account. */
export function lendArchive(blobs: BlobStore, archive: Buffer): string {
  const name = `releases/${sha256Of(archive)}.tar.gz`;
  blobs.blobs.set(name, archive);
  return blobs.lend(name, new Date(Date.now() + 60_000));
}

/**
 * A tar.gz of files by their names.
 *
 * @param options - further arguments of tar, such as a transformation of names
 */
export async function pack(
  files: Record<string, string>,
  prepare: (folder: string) => Promise<void> = async () => {},
  options: string[] = [],
): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'packed-'));
  const root = join(folder, 'root');
  await mkdir(root);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  await prepare(root);
  const archive = join(folder, 'archive.tar.gz');
  await run('tar', ['-czf', archive, ...options, '-C', root, '.']);
  const bytes = await readFile(archive);
  await rm(folder, { recursive: true });
  return bytes;
}

/** The signer as it is before each deployment: three releases, `current` live. */
export async function resetSigner({
  machine,
}: Pick<VmWorld, 'machine'>): Promise<void> {
  await machine.dieAfter(undefined);
  await machine.failAfter(undefined);
  await machine.fillDisk(false);
  await machine.setBad(SIGNER_UNIT, []);
  await machine.remove(SIGNER);
  await machine.remove('/var/lib/backstage-deploy');
  await machine.addRelease(SIGNER, commits.older, 300_000);
  await machine.addRelease(SIGNER, commits.previous, 200_000);
  await machine.addRelease(SIGNER, commits.current, 100_000);
  await machine.deploy(SIGNER_UNIT, commits.current);
  await machine.clearChanges();
}

/** What the link says, what runs, and which releases are there, whole or not. */
export async function lookAtSigner({ machine }: VmWorld): Promise<{
  linked?: string;
  running?: string;
  releases: string[];
}> {
  const releases = await machine.list(`${SIGNER}/releases`);
  const marks = await Promise.all(
    releases.map(async name =>
      (await machine.exists(`${SIGNER}/releases/${name}/.incomplete`))
        ? ' incomplete'
        : '',
    ),
  );
  return {
    linked: await machine.linked(SIGNER),
    running: await machine.running(SIGNER_UNIT),
    releases: releases.map((name, index) => `${name}${marks[index]}`),
  };
}

/** The signer while a release runs that came in after `current`, and while none did. */
export const signer = {
  before: {
    linked: commits.current,
    running: commits.current,
    releases: [commits.older, commits.previous, commits.current],
  },
  after: {
    linked: commits.pushed,
    running: commits.pushed,
    releases: [commits.previous, commits.current, commits.pushed],
  },
};

export function lastLine({ stdout }: ScriptResult): string {
  return stdout.trimEnd().split('\n').at(-1) ?? '';
}
