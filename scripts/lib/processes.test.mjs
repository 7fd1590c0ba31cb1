import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { Processes } from './processes.mjs';

let directory;
let processes;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'deploy-processes-'));
  processes = new Processes();
});

afterEach(async () => {
  await processes.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Starts a program and gives the first line that it prints. */
function start(program) {
  return new Promise((resolve, reject) => {
    processes
      .startNode({
        name: 'program',
        args: ['-e', program],
        cwd: directory,
        env: {},
        logFile: path.join(directory, 'program.log'),
        onLine: resolve,
      })
      .catch(reject);
  });
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('stop ends a child together with what it started', async () => {
  const pids = await start(`
    const grandchild = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    console.log(process.pid + ' ' + grandchild.pid);
  `);

  await processes.stop();

  assert.deepEqual(pids.split(' ').map(Number).filter(isRunning), []);
});

test('a child that ends by itself is reported with its last lines', async () => {
  await start(`console.log('going'); process.exit(3)`);

  await assert.rejects(
    processes.failed,
    /The program ended with exit code 3.*\n.*going/s,
  );
});

test('a child that was stopped is no failure', async () => {
  await start(`console.log('up'); setInterval(() => {}, 1000)`);
  let failure;
  processes.failed.catch(error => {
    failure = error;
  });

  await processes.stop();

  assert.equal(failure, undefined);
});

test('nothing is started any more once it is stopping', async () => {
  await processes.stop();

  await assert.rejects(start(`console.log('up')`), /was not started/);
});
