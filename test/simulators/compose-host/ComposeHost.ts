import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { AddressInfo, createServer, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { Docker, Ended } from './Docker';
import { connect, copying, Refused, SshServer } from './openssh';
import { UsageError } from './options';

/** A call as the process list showed it. */
export interface Invocation {
  program: string;
  argv: string[];
  /** Of what it is, without what differs from run to run, such as `docker compose up`. */
  name: string;
}

/** What a call comes to: an answer, or a command to be run as the user there. */
type Carried = Ended & { home?: string; path?: string };

/** What becomes of a call before it is carried out. */
export type Fate = 'failed' | 'lost' | undefined;

const SERVER: SshServer = {
  host: '100.101.102.103',
  hostKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHVuaXQtdGVzdHMtb25seQ',
  user: 'deployer',
  privateKey:
    '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAtests\n-----END OPENSSH PRIVATE KEY-----',
};

/** A machine with Docker that is reached by SSH alone, and a runner that has ssh and scp; see README.md. */
export class ComposeHost {
  readonly server = SERVER;
  readonly docker = new Docker();
  readonly invocations: Invocation[] = [];
  /** Asked about each call: whether it fails, or whether it works and its answer is lost. */
  fate: (invocation: Invocation, index: number) => Fate = () => undefined;
  /** Told of each call. */
  interrupt?: (
    invocation: Invocation,
    moment: 'before' | 'after',
    index: number,
  ) => Promise<void> | void;
  readonly #folder: string;
  readonly #listener: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(folder: string) {
    this.#folder = folder;
    this.#listener = createServer(socket => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      // Whoever called may have been killed.
      socket.on('error', () => {});
      this.#serve(socket);
    });
  }

  static async start(): Promise<ComposeHost> {
    const folder = await mkdtemp(join(tmpdir(), 'compose-host-'));
    const host = new ComposeHost(folder);
    await new Promise<void>(done => {
      host.#listener.listen(0, '127.0.0.1', done);
    });
    const { port } = host.#listener.address() as AddressInfo;
    for (const [where, programs] of [
      ['runner-bin', ['ssh', 'scp']],
      ['server-bin', ['docker']],
    ] as const) {
      const bin = join(folder, where);
      await mkdir(bin);
      await writeFile(join(bin, 'port'), `${port}\n`);
      for (const program of programs) {
        await symlink(resolve(__dirname, 'stand-in'), join(bin, program));
      }
      // Nobody has to wait between two looks.
      await writeFile(
        join(bin, 'sleep'),
        '#!/bin/bash\nread -r -t 0.1 <> <(:) || :\n',
        { mode: 0o755 },
      );
    }
    await mkdir(host.home);
    await mkdir(host.runner);
    return host;
  }

  /** Home of the user on the machine. */
  get home(): string {
    return join(this.#folder, 'home');
  }

  /** Where the runner has checked out the repository. */
  get runner(): string {
    return join(this.#folder, 'runner');
  }

  /** `PATH` of the runner. */
  get path(): string {
    return `${join(this.#folder, 'runner-bin')}:${process.env.PATH}`;
  }

  /** Calls so far, by name. */
  get calls(): string[] {
    return this.invocations.map(({ name }) => name);
  }

  /** Files below a directory of the machine, by name. */
  async files(directory: string): Promise<string[]> {
    const found = await readdir(join(this.home, directory), {
      recursive: true,
      withFileTypes: true,
    });
    return found
      .filter(one => !one.isDirectory())
      .map(one =>
        join(one.parentPath, one.name).slice(
          join(this.home, directory).length + 1,
        ),
      )
      .sort();
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) {
      socket.destroy();
    }
    await new Promise(done => {
      this.#listener.close(done);
    });
    await rm(this.#folder, { recursive: true });
  }

  #serve(socket: Socket): void {
    let text = '';
    let asked = false;
    socket.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      const fields = text.split('\0').slice(0, -1);
      if (
        !asked &&
        fields.length >= 5 &&
        fields.length === 5 + Number(fields[4])
      ) {
        asked = true;
        this.#answer(fields).then(answer => socket.end(answer));
      }
    });
  }

  async #answer([
    program,
    directory,
    config,
    password,
    ,
    ...argv
  ]: string[]): Promise<string> {
    const invocation = { program, argv, name: nameOf(program, argv) };
    const index = this.invocations.push(invocation) - 1;
    await this.interrupt?.(invocation, 'before', index);
    const fate = this.fate(invocation, index);
    const {
      code,
      stdout,
      stderr,
      home = '',
      path = '',
    } = fate === 'failed'
      ? broken(program)
      : await this.#carryOut(program, argv, { directory, config, password });
    await this.interrupt?.(invocation, 'after', index);
    return [fate === 'lost' ? 255 : code, stdout, stderr, home, path, ''].join(
      '\0',
    );
  }

  async #carryOut(
    program: string,
    argv: readonly string[],
    caller: { directory: string; config: string; password: string },
  ): Promise<Carried> {
    if (program === 'docker') {
      return this.docker.carryOut(argv, caller);
    }
    const ended = { code: 0, stdout: '', stderr: '' };
    try {
      if (program === 'ssh') {
        connect(argv, this.server);
        return {
          ...ended,
          home: this.home,
          path: `${join(this.#folder, 'server-bin')}:/usr/bin:/bin`,
        };
      }
      const { source, destination } = copying(argv, this.server);
      const to = isAbsolute(destination)
        ? destination
        : join(this.home, destination);
      await cp(source, to, {
        recursive: true,
        errorOnExist: true,
        force: false,
      });
      return ended;
    } catch (error) {
      if (error instanceof Refused || error instanceof UsageError) {
        return {
          ...ended,
          code: 255,
          stderr: `${program}: ${error.message}\n`,
        };
      }
      throw error;
    }
  }
}

function broken(program: string): Carried {
  return {
    code: program === 'docker' ? 1 : 255,
    stdout: '',
    stderr: `${program}: broken by the test\n`,
  };
}

function nameOf(program: string, argv: readonly string[]): string {
  if (program === 'docker') {
    return `docker ${Docker.nameOf(argv)}`;
  }
  const command = argv.at(-1) ?? '';
  const verb =
    /compose-host\.sh ([a-z]+)/.exec(command) ?? /^([a-z]+)/.exec(command);
  return program === 'scp' ? 'scp' : `ssh ${verb?.[1]}`;
}
