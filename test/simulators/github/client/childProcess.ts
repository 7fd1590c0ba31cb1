import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { bundleProcess } from '../../../processes/bundleProcess';

/** What the simulator says of itself when it is ready. */
export interface ReadyLine {
  url: string;
  apiUrl: string;
  issuer: string;
  pid: number;
}

const ROOT = resolve(__dirname, '../../../..');
const MAIN = resolve(__dirname, '../main.ts');

/** Starts the simulator as its own process and waits until it is ready. */
export async function startProcess(
  commandLine: string[],
  secrets: Record<string, string>,
): Promise<{ child: ChildProcess; ready: ReadyLine }> {
  const child = spawn(
    process.execPath,
    [await bundleProcess(MAIN), '--until-stdin-ends', ...commandLine],
    {
      cwd: ROOT,
      // A test runner's own hooks and options are none of the child's business.
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...secrets },
      // However the parent ends, this pipe ends with it.
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  const ready = await new Promise<ReadyLine>((done, failed) => {
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const end = output.indexOf('\n');
      if (end >= 0) done(JSON.parse(output.slice(0, end)));
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors = `${errors}${chunk.toString()}`.slice(-4_000);
    });
    child.once('error', failed);
    child.once('exit', code =>
      failed(new Error(`The GitHub simulator ended with ${code}: ${errors}`)),
    );
  });
  return { child, ready };
}

/** Ends the process and waits until it is gone. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise(done => child.once('exit', done));
  child.kill('SIGTERM');
  await gone;
}
