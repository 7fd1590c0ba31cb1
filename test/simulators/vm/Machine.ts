import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { chooseJail, command, furnish, JailKind, mapPaths } from './jail';

/** A unit of systemd that runs the release that `<directory>/current` points at. */
export interface SimulatedUnit {
  unit: string;
  directory: string;
  /** It listens there while it is active. */
  port?: number;
  /** It answers 200 there while it is active. */
  url?: string;
  /** Header that has to come with the request, such as `X-API-Key: secret`. */
  header?: string;
}

/** What a script left: all that a run-command tells of it, and that it ended. */
export interface ScriptResult {
  stdout: string;
  stderr: string;
  exitCode: number | undefined;
}

/** Scripts that do not end are ended. */
const SCRIPT_LIMIT_MS = 120_000;
/** Of each stream; a run-command tells less. */
const KEPT_OUTPUT = 1_048_576;

/** A Linux machine in a temporary directory, see README.md. */
export class Machine {
  readonly root: string;
  readonly kind: JailKind;
  #scripts = 0;

  private constructor(root: string, kind: JailKind) {
    this.root = root;
    this.kind = kind;
  }

  static async create(kind: JailKind = chooseJail()): Promise<Machine> {
    const root = await mkdtemp(join(tmpdir(), 'simulated-vm-'));
    await chmod(root, 0o755);
    await furnish(root, kind);
    return new Machine(root, kind);
  }

  /** The real path of a path on the machine. */
  path(path: string): string {
    return join(this.root, path);
  }

  async write(
    path: string,
    text: string,
    options: { mode?: number; ageSeconds?: number } = {},
  ): Promise<void> {
    const file = this.path(path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    await chmod(file, options.mode ?? 0o644);
    const at = Date.now() / 1000 - (options.ageSeconds ?? 0);
    await utimes(file, at, at);
  }

  /** `undefined` if there is no such file. */
  async read(path: string): Promise<string | undefined> {
    return readFile(this.path(path), 'utf8').catch(() => undefined);
  }

  async list(path: string): Promise<string[]> {
    const names = await readdir(this.path(path)).catch(() => []);
    return names.sort();
  }

  async remove(path: string): Promise<void> {
    await rm(this.path(path), { recursive: true, force: true });
  }

  /** Mode in octal, user and group of a file, such as `640 33:33`. */
  async owner(path: string): Promise<string> {
    const { mode, uid, gid } = await stat(this.path(path));
    // eslint-disable-next-line no-bitwise
    return `${(mode & 0o777).toString(8)} ${uid}:${gid}`;
  }

  async addUnit(unit: SimulatedUnit): Promise<void> {
    const folder = `/sim/units/${unit.unit}`;
    await this.write(`${folder}/directory`, unit.directory);
    await this.write(`${folder}/bad`, '');
    await this.write(`${folder}/journal`, '');
    await this.write(`${folder}/port`, String(unit.port ?? ''));
    if (unit.url !== undefined) {
      await this.write(`${folder}/url`, unit.url);
    }
    if (unit.header !== undefined) {
      await this.write(`${folder}/header`, unit.header);
    }
  }

  async addRelease(
    directory: string,
    release: string,
    ageSeconds: number = 0,
  ): Promise<void> {
    await this.write(`${directory}/releases/${release}/app/main.py`, '# app\n');
    const at = Date.now() / 1000 - ageSeconds;
    await utimes(this.path(`${directory}/releases/${release}`), at, at);
  }

  /** What a pipeline does: switches the link, and starts the unit anew. */
  async deploy(unit: string, release: string): Promise<void> {
    const directory = (await this.read(`/sim/units/${unit}/directory`)) ?? '';
    const link = this.path(`${directory}/current`);
    await rm(`${link}.pipeline`, { force: true });
    await symlink(`releases/${release}`, `${link}.pipeline`);
    await rename(`${link}.pipeline`, link);
    await this.write(`/sim/units/${unit}/running`, `${release}\n`);
    await this.write(`/sim/units/${unit}/state`, 'active running 0\n');
  }

  /** The release that the process of a unit runs, whatever the link says since it was started. */
  async running(unit: string): Promise<string | undefined> {
    const release = await this.read(`/sim/units/${unit}/running`);
    return release?.trim();
  }

  /** Name that the link of a directory of releases leads to. */
  async linked(directory: string): Promise<string | undefined> {
    const link = this.path(`${directory}/current`);
    const to = await readlink(link).catch(() => undefined);
    return to?.split('/').pop();
  }

  /** From now on the unit does not come up with these releases. */
  async setBad(unit: string, releases: string[]): Promise<void> {
    await this.write(`/sim/units/${unit}/bad`, lines(releases));
  }

  /** FreeSWITCH reads this file when it is told to. */
  async useFreeswitch(file: string): Promise<void> {
    await rm(this.path('/sim/freeswitch/file'), { force: true });
    await symlink(`../..${file}`, this.path('/sim/freeswitch/file'));
    await this.setBadFiles([]);
    await this.write('/sim/freeswitch/loaded', (await this.read(file)) ?? '');
  }

  /** FreeSWITCH does not take files with these contents. */
  async setBadFiles(contents: string[]): Promise<void> {
    await this.write('/sim/freeswitch/bad', lines(contents.map(hashOf)));
  }

  /** What FreeSWITCH runs with. */
  async loaded(): Promise<string | undefined> {
    return this.read('/sim/freeswitch/loaded');
  }

  /** Restarts and reloads so far, oldest first. */
  async changes(): Promise<string[]> {
    const text = (await this.read('/sim/changes')) ?? '';
    return text.split('\n').filter(line => line !== '');
  }

  async clearChanges(): Promise<void> {
    await this.remove('/sim/changes');
  }

  /** The machine dies before the command after so many that change something. */
  async dieAfter(commands: number | undefined): Promise<void> {
    await (commands === undefined
      ? this.remove('/sim/die-after')
      : this.write('/sim/die-after', `${commands}\n`));
  }

  /** Whether it has died of that. */
  async hasDied(): Promise<boolean> {
    return (await this.read('/sim/die-after')) === '';
  }

  /** The command after so many that change something fails, once. */
  async failAfter(commands: number | undefined): Promise<void> {
    await (commands === undefined
      ? this.remove('/sim/fail-after')
      : this.write('/sim/fail-after', `${commands}\n`));
  }

  /** Whether one has failed of that. */
  async hasFailed(): Promise<boolean> {
    return (await this.read('/sim/fail-after')) === '';
  }

  /** Where `curl` finds the host of an `https` address: on a port of the loopback address, without TLS. */
  async addHost(host: string, port: number): Promise<void> {
    await this.write(`/sim/hosts/${host}`, `${port}\n`);
  }

  /** Arguments of the downloads so far. */
  async downloads(): Promise<string> {
    return (await this.read('/sim/downloads')) ?? '';
  }

  async fillDisk(full: boolean): Promise<void> {
    await (full
      ? this.write('/sim/disk-full', '')
      : this.remove('/sim/disk-full'));
  }

  /**
   * Runs a script as Azure's agent does: from a file of its own, by bash, to its end.
   *
   * @param parameters - of the run-command; a script finds them in its environment
   */
  async runScript(
    script: string,
    parameters: Readonly<Record<string, string>> = {},
  ): Promise<ScriptResult> {
    this.#scripts += 1;
    const file = `/var/lib/waagent/run-command/download/${
      this.#scripts
    }/script.sh`;
    await this.write(
      file,
      this.kind === 'mapped' ? mapPaths(this.root, script) : script,
      { mode: 0o500 },
    );
    const {
      file: program,
      args,
      env,
    } = command(this.root, this.kind, file, parameters);
    await this.remove('/sim/group');
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, {
        env,
        // A group of its own: the machine dies as a whole.
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      writeFileSync(this.path('/sim/group'), String(child.pid ?? ''));
      const limit = setTimeout(() => child.kill('SIGKILL'), SCRIPT_LIMIT_MS);
      const output = { stdout: '', stderr: '' };
      child.stdout.on('data', data => {
        output.stdout = (output.stdout + data).slice(-KEPT_OUTPUT);
      });
      child.stderr.on('data', data => {
        output.stderr = (output.stderr + data).slice(-KEPT_OUTPUT);
      });
      child.on('error', reject);
      child.on('close', code => {
        clearTimeout(limit);
        resolve({ ...output, exitCode: code ?? undefined });
      });
    });
  }

  /** Whether something is there, a broken link included. */
  async exists(path: string): Promise<boolean> {
    return lstat(this.path(path)).then(
      () => true,
      () => false,
    );
  }

  async destroy(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

function lines(texts: string[]): string {
  return texts.map(text => `${text}\n`).join('');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
