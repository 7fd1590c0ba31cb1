import { execFile } from 'node:child_process';
import {
  chmod,
  copyFile,
  mkdir,
  readdir,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The commands of the machine; each is the real one. */
const commands = [
  'awk base64 bash cat chmod chown cp cut date df env find flock grep gzip head ln mkdir mv readlink rm sed',
  'sha256sum sleep sort stat sync tail tar timeout touch tr',
]
  .join(' ')
  .split(' ');

/** Those in front of which a stand-in counts: they change something. */
const wrapped = [
  'chmod',
  'chown',
  'cp',
  'ln',
  'mkdir',
  'mv',
  'rm',
  'sync',
  'tar',
];

/** Asked for once, for it takes longer than copying. */
let realCommands: Promise<[from: string, to: string][]> | undefined;

/** How scripts are kept within the machine's own tree. */
export type JailKind = 'chroot' | 'mapped';

/**
 * `chroot` for root on Linux: scripts run exactly as they are. Else `mapped`: the values at the head of a
 * script get the machine's directory put in front of their paths; what follows is run as it is.
 */
export function chooseJail(): JailKind {
  return process.platform === 'linux' && process.getuid?.() === 0
    ? 'chroot'
    : 'mapped';
}

/** Fills the tree of a machine with the commands it has, and with its stand-ins. */
export async function furnish(root: string, kind: JailKind): Promise<void> {
  for (const folder of ['usr/bin', 'usr/local/bin', 'usr/local/lib', 'tmp']) {
    await mkdir(join(root, folder), { recursive: true });
  }
  await mkdir(join(root, 'sim/units'), { recursive: true });
  await mkdir(join(root, 'sim/freeswitch'), { recursive: true });
  if (kind === 'chroot') {
    await copyCommands(root);
    await writeAccounts(root);
  }
  const standIns = join(__dirname, 'stand-ins');
  for (const name of await readdir(standIns)) {
    const folder = name === 'before' ? 'usr/local/lib' : 'usr/local/bin';
    await copyFile(join(standIns, name), join(root, folder, name));
  }
  for (const name of wrapped) {
    await symlink('wrapped', join(root, 'usr/local/bin', name));
  }
  if (kind === 'mapped') {
    // Only root can give files away.
    await writeFile(join(root, 'usr/local/lib/chown'), '#!/bin/bash\nexit 0\n');
    await chmod(join(root, 'usr/local/lib/chown'), 0o755);
  }
}

/**
 * The script as the machine is to run it, and how.
 *
 * @param parameters - variables of its environment
 */
export function command(
  root: string,
  kind: JailKind,
  script: string,
  parameters: Readonly<Record<string, string>> = {},
): { file: string; args: string[]; env: Record<string, string> } {
  if (kind === 'chroot') {
    return {
      file: 'chroot',
      args: [root, '/bin/bash', '-c', script],
      env: {
        ...parameters,
        PATH: '/usr/sbin:/usr/bin',
        SIM: '/sim',
        HOME: '/',
      },
    };
  }
  return {
    file: '/bin/bash',
    args: ['-c', join(root, script)],
    env: {
      ...mapValues(root, parameters),
      PATH: '/usr/bin:/bin',
      SIM: join(root, 'sim'),
      HOME: root,
    },
  };
}

/** See {@link chooseJail}. The values stand between the first line and the first comment. */
export function mapPaths(root: string, script: string): string {
  const lines = script.split('\n');
  const end = lines.findIndex((line, index) => index > 0 && /^#/.test(line));
  return lines
    .map((line, index) => {
      if (index === 0 || index >= end) {
        return line;
      }
      if (line.startsWith("PATH='")) {
        return `PATH='${root}/usr/local/lib:${root}/usr/local/bin:/usr/bin:/bin'`;
      }
      return line.replace(/^([a-z_]+=')\//, `$1${root}/`);
    })
    .join('\n');
}

function mapValues(
  root: string,
  parameters: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      value.startsWith('/') ? `${root}${value}` : value,
    ]),
  );
}

async function copyCommands(root: string): Promise<void> {
  await symlink('usr/bin', join(root, 'bin'));
  realCommands ??= findCommands();
  for (const [from, to] of await realCommands) {
    await mkdir(dirname(join(root, to)), { recursive: true });
    await copyFile(from, join(root, to));
  }
}

/** The commands, and their shared libraries and loader under the paths where these are looked for. */
async function findCommands(): Promise<[from: string, to: string][]> {
  const { stdout: found } = await run('bash', [
    '-c',
    'for name; do readlink -f -- "$(type -P "$name")"; done',
    'bash',
    ...commands,
  ]);
  const files = found.trim().split('\n');
  if (files.length !== commands.length) {
    throw new Error('A command that the simulated machine needs is not here.');
  }
  // It fails for those that are scripts, and lists the others all the same.
  const { stdout } = await run('ldd', files).catch(error => error);
  const libraries = new Set(
    [...String(stdout).matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path),
  );
  return [
    ...files.map((file, index): [string, string] => [
      file,
      join('usr/bin', commands[index]),
    ]),
    ...[...libraries].map((path): [string, string] => [path, path]),
  ];
}

/** Those whose files a service may own. */
async function writeAccounts(root: string): Promise<void> {
  await mkdir(join(root, 'etc'), { recursive: true });
  await writeFile(
    join(root, 'etc/passwd'),
    'root:x:0:0:root:/:/bin/bash\nwww-data:x:33:33:www-data:/:/bin/false\n',
  );
  await writeFile(join(root, 'etc/group'), 'root:x:0:\nwww-data:x:33:\n');
}
