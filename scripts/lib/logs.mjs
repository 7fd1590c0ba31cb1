import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** Opens a log file, empty, for a child process to write into. */
export async function openLog(file) {
  await mkdir(path.dirname(file), { recursive: true });
  return await open(file, 'w');
}

const longestLine = 400;

/** The last lines of a log file, indented, without those of requests: what went wrong is not among them. */
export async function readTail(file, lineCount = 20) {
  const text = await readFile(file, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map(line => stripVTControlCharacters(line))
    .filter(line => !line.includes('type="incomingRequest"'))
    .slice(-lineCount)
    .map(line => `    ${line.slice(0, longestLine)}`)
    .join('\n');
}
